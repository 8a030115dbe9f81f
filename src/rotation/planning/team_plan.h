// From availability to a whole team's plan: candidates, the planner's choice for each rotation, reasons.
// Pure; same request, same plan.
//
// Rotations are planned each for itself (DESIGN.md 4: "for each rotation"), so that news in one never moves
// another. Somebody on the rosters of two rotations whose shifts overlap may hold both at once.
//
// What subscribers read must not change because a plan was made again: a published shift that keeps its
// holder keeps the holder's reason too, and says whom they replaced for as long as they hold it. The same
// `replaced` reason remembers from whom people took a shift: when the override is gone, it goes back to them.
// A started shift is the published row, unchanged, unless people gave it to somebody else while it ran.
#pragma once

#include <vector>

#include "rotation/fairness/planner.h"
#include "rotation/planning/override_check.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

struct PlanRequest {
    const Team* team = nullptr;
    DaySpan days;                       // shifts dated in it are planned
    Instant now;                        // shifts that started before or at it keep their published holder
    TeamAvailability availability;      // members without an entry are always there
    std::vector<Assignment> published;  // what subscribers see, and all history: balances are carried from it
    std::vector<Override> overrides;    // of the last one for a shift, `at` tells whether it ran already
    std::vector<EndedOverride> ended = {};  // not among the overrides any more: told on their shifts
};

Plan make_plan(const PlanRequest& request, const Planner& planner);

// Differences a subscriber would see, for Publication. A shift that has started is never among them, except
// the one that runs while the first plan is made, and one that people gave to somebody else while it ran.
// `plan` must span all published future days: those it does not have are withdrawn.
struct PlanChanges {
    std::vector<Assignment> changed;  // new, or another holder, time or flag; reasons count too
    std::vector<ShiftKey> withdrawn;  // published in the future, no longer planned
};
PlanChanges changes_between(const std::vector<Assignment>& published, const Plan& plan, Instant now);

}  // namespace watchbill
