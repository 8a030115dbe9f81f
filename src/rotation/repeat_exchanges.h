// The last polish of a plan: nobody on two consecutive shifts where exchanging two days avoids it. Which
// shifts are consecutive depends on two days at once, which no assignment of single days can weigh. Pure.
#pragma once

#include "rotation/plan_costs.h"
#include "rotation/planner.h"

namespace watchbill {

// Exchanges the holders of two days as long as that lowers the number of times somebody serves two
// consecutive shifts (`last` served the one before the first day), leaves pinned days alone and worsens
// neither (a) nor (b). Nearest exchanges first. Each one lowers a count, so it ends.
void exchange_repeats(const PlanCosts& costs, std::optional<std::size_t> last, Choice& choice);

}  // namespace watchbill
