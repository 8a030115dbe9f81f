// Can somebody help now? Pure.
//
// Working hours are 08:00 to 20:00 of the member's own wall clock, on every day of the week: late enough not
// to wake anybody, and the complement of the hours that count as night (rotation/availability/night.h).
// Whoever holds a running shift or is on night duty is awake, whatever the clock says.
#pragma once

#include <optional>
#include <string>

#include "rotation/duty/duty_chain.h"
#include "watchbill/incident.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// What is known of a team's people when an incident needs some. Refers to others' values.
struct Staff {
    const Team* team = nullptr;
    const Plan* plan = nullptr;
    const TeamAvailability* availability = nullptr;
    const CallHistory* last_called = nullptr;
};

enum class Presence {
    there,
    asleep,   // outside working hours
    resting,  // less than the team's rest after night duty
    absent,
};

struct PresenceAt {
    Presence presence = Presence::there;
    std::optional<AbsenceKind> kind;  // with `absent`
    std::optional<Instant> until;     // with `absent` and `resting`
};

PresenceAt presence_at(const Staff& staff, const Member& member, Instant at);
// "is awake (14:05 in Europe/Paris)", "is absent (vacation) until Thu 3 Dec 09:00"; the kind, never a title.
std::string say_presence(const Staff& staff, const Member& member, const PresenceAt& found, Instant at);

}  // namespace watchbill
