// The last polish of a plan: nobody on two consecutive shifts, and then nobody on two consecutive blocks of a
// class (two weekends in a row), where exchanging two days avoids it. Which shifts are consecutive depends on
// two days at once, which no assignment of single days can weigh. Pure.
#pragma once

#include <vector>

#include "rotation/class_rows.h"
#include "rotation/plan_costs.h"
#include "rotation/planner.h"

namespace watchbill {

// What a class asks of its shifts by itself.
struct ClassCosts {
    const ClassRows* rows = nullptr;
    const PlanCosts* costs = nullptr;  // of `rows`
};

// Exchanges the holders of two days as long as that lowers the number of times somebody serves two
// consecutive shifts, or else two consecutive blocks of a class, leaves pinned days and blocks kept together
// alone and worsens neither (a), in the whole and in the class, nor (b). Nearest exchanges first, between
// days of one class or of none. Each one lowers a count, so it ends. `classes` are those of `input`, whose
// `last` served the shift before the first day.
void exchange_repeats(const PlannerInput& input, const PlanCosts& costs,
                      const std::vector<ClassCosts>& classes, Choice& choice);

}  // namespace watchbill
