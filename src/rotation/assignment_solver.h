// A minimum-cost assignment on a sparse bipartite graph: every row gets one column, a column gets at most one
// row. Successive shortest augmenting paths on reduced costs (Jonker & Volgenant, "A shortest augmenting path
// algorithm for dense and sparse linear assignment problems", Computing 38, 1987), with one addition: leaving
// a column without a row has a cost too. Pure, deterministic, thread-safe.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace watchbill {

// Compared level by level: whatever a lower level costs, the higher one decides. Every number that the solver
// makes is a sum of costs along one path, 2 rows + 1 of them at most; who makes the costs sees to it that
// such a sum stays below 2^62 on every level.
struct LevelCost {
    std::int64_t unserved = 0;
    std::int64_t outside = 0;
    std::int64_t deviating = 0;
    std::int64_t changed = 0;
    std::int64_t order = 0;

    auto operator<=>(const LevelCost&) const = default;

    LevelCost& operator+=(const LevelCost& other) {
        unserved += other.unserved;
        outside += other.outside;
        deviating += other.deviating;
        changed += other.changed;
        order += other.order;
        return *this;
    }
    LevelCost& operator-=(const LevelCost& other) {
        unserved -= other.unserved;
        outside -= other.outside;
        deviating -= other.deviating;
        changed -= other.changed;
        order -= other.order;
        return *this;
    }
    friend LevelCost operator+(LevelCost a, const LevelCost& b) { return a += b; }
    friend LevelCost operator-(LevelCost a, const LevelCost& b) { return a -= b; }
};

struct AssignmentEdge {
    std::size_t row = 0;
    std::size_t column = 0;
    LevelCost cost;
};

struct AssignmentProblem {
    std::size_t rows = 0;
    std::vector<LevelCost> left_out;    // one a column: what leaving it without a row costs
    std::vector<AssignmentEdge> edges;  // by column; at most one for each row and column
};

// Prices prove the optimum: cost >= row price + column price on every edge, with equality on chosen ones; a
// column's price is at most what leaving it out costs, with equality on columns that are left out.
struct AssignmentSolution {
    std::vector<std::size_t> column_of_row;
    std::vector<LevelCost> row_price;
    std::vector<LevelCost> column_price;
};

// Nothing when some row cannot get a column. `start` is the solution of the same rows with fewer columns at
// the end, with fewer edges or with other costs of edges: then only what is new has to be searched for.
std::optional<AssignmentSolution> solve_assignment(const AssignmentProblem& problem,
                                                   const AssignmentSolution& start = {});

}  // namespace watchbill
