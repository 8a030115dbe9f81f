// From availability to a whole team's plan: candidates, the planner's choice for each rotation, reasons.
// Pure.
#pragma once

#include <vector>

#include "rotation/planner.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// A shift fixed by people: an accepted swap, a cover or an API call.
struct Override {
    ShiftKey shift;
    MemberId member;
};

struct PlanRequest {
    const Team* team = nullptr;
    DaySpan days;                       // shifts dated in it are planned
    Instant now;                        // shifts that started before or at it keep their published holder
    TeamAvailability availability;      // members without an entry are always there
    std::vector<Assignment> published;  // what subscribers see, and the history before `days`
    std::vector<Override> overrides;
};

Plan make_plan(const PlanRequest& request, const Planner& planner);

// Differences a subscriber would see, for Publication.
struct PlanChanges {
    std::vector<Assignment> changed;  // new, or another holder, time or flag; reasons count too
    std::vector<ShiftKey> withdrawn;  // published in the future, no longer planned
};
PlanChanges changes_between(const std::vector<Assignment>& published, const Plan& plan, Instant now);

}  // namespace watchbill
