// Who is on duty at an instant, until when, and who is next. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

struct OnDuty {
    std::string rotation;
    std::optional<Assignment> current;  // the shift that covers the instant, if any; its member may be nobody
    std::optional<Assignment> next;     // the first shift of the rotation that starts after it
};

// One entry per rotation of the team, in its order.
std::vector<OnDuty> on_duty_at(const Team& team, const Plan& plan, Instant at);

// One sentence: as explain_in_one_sentence (rotation/reasons.h), and that the holder has left the team, if
// so.
std::string say_why_on_duty(const Team& team, const Assignment& current);

// Where one shift's work passes on: at its end to the shift that runs then or starts next in the rotation it
// hands over to (or in its own rotation where that names none). A shift of somebody who has left the team
// takes nothing over while it is not over at `now`: the handover names nobody then. Afterwards it is history.
struct Handover {
    Instant at;  // the end of `from`
    Assignment from;
    Assignment to;
};
std::vector<Handover> handovers_of(const Team& team, const Plan& plan, Instant now = Instant::max());

}  // namespace watchbill
