// One class of shifts (DESIGN.md 4, "Classes") as a plan of its own: its shifts, or its blocks where those
// are kept together, are the days, and what members earned and served of it are their balances. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "rotation/planner.h"

namespace watchbill {

struct ClassRows {
    PlannerInput input;  // without classes
    // By row of `input`: the days of the whole that it stands for.
    std::vector<std::vector<std::size_t>> days;
};

// A block is one row where somebody can serve all its shifts and nobody is fixed on a part of it alone; else
// each of its shifts is a row.
ClassRows rows_of_class(const PlannerInput& whole, std::size_t index);

}  // namespace watchbill
