#include "rotation/assignment_solver.h"

#include <catch2/catch.hpp>

#include "rotation/planner_instances.h"
#include "support/case_count.h"

namespace assignment_solver_test {

using namespace watchbill;
using test::Dice;

namespace {

LevelCost random_cost(Dice& dice, std::size_t largest) {
    // Small numbers, so that every level ties often and the next has to decide.
    const auto level = [&] { return static_cast<std::int64_t>(dice.between(0, largest)); };
    return {dice.one_in(4) ? 1 : 0, level(), level(), level(), level()};
}

struct ProblemSize {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t one_in = 1;  // of the pairs may be chosen
};

AssignmentProblem random_problem(Dice& dice, ProblemSize size) {
    const auto [rows, columns, one_in] = size;
    AssignmentProblem problem;
    problem.rows = rows;
    for (std::size_t column = 0; column < columns; ++column) {
        problem.left_out.push_back(dice.one_in(2) ? random_cost(dice, 5) : LevelCost{});
        if (dice.one_in(8)) {
            problem.left_out.back().order = -3;
        }
    }
    for (std::size_t column = 0; column < columns; ++column) {
        for (std::size_t row = 0; row < rows; ++row) {
            if (dice.one_in(one_in)) {
                problem.edges.push_back({row, column, random_cost(dice, 3)});
            }
        }
    }
    return problem;
}

struct Search {
    const AssignmentProblem& problem;
    std::vector<bool> taken;
    std::optional<LevelCost> best;

    void from(std::size_t row, const LevelCost& so_far) {
        if (row == problem.rows) {
            LevelCost total = so_far;
            for (std::size_t column = 0; column < taken.size(); ++column) {
                if (!taken[column]) {
                    total += problem.left_out[column];
                }
            }
            best = best ? std::min(*best, total) : total;
            return;
        }
        for (const AssignmentEdge& edge : problem.edges) {
            if (edge.row == row && !taken[edge.column]) {
                taken[edge.column] = true;
                from(row + 1, so_far + edge.cost);
                taken[edge.column] = false;
            }
        }
    }
};

std::optional<LevelCost> cheapest_by_trying_all(const AssignmentProblem& problem) {
    Search search{problem, std::vector<bool>(problem.left_out.size(), false), std::nullopt};
    search.from(0, LevelCost{});
    return search.best;
}

const AssignmentEdge* chosen_edge(const AssignmentProblem& problem, const AssignmentSolution& solution,
                                  std::size_t row) {
    for (const AssignmentEdge& edge : problem.edges) {
        if (edge.row == row && edge.column == solution.column_of_row[row]) {
            return &edge;
        }
    }
    return nullptr;
}

LevelCost cost_of(const AssignmentProblem& problem, const AssignmentSolution& solution) {
    LevelCost total;
    std::vector<bool> taken(problem.left_out.size(), false);
    for (std::size_t row = 0; row < problem.rows; ++row) {
        const AssignmentEdge* edge = chosen_edge(problem, solution, row);
        REQUIRE(edge != nullptr);
        REQUIRE_FALSE(taken[edge->column]);
        taken[edge->column] = true;
        total += edge->cost;
    }
    for (std::size_t column = 0; column < taken.size(); ++column) {
        if (!taken[column]) {
            total += problem.left_out[column];
        }
    }
    return total;
}

// What the header says of prices: by linear programming duality they prove that nothing is cheaper.
void check_proof(const AssignmentProblem& problem, const AssignmentSolution& solution) {
    std::vector<bool> taken(problem.left_out.size(), false);
    for (const AssignmentEdge& edge : problem.edges) {
        const LevelCost price = solution.row_price[edge.row] + solution.column_price[edge.column];
        REQUIRE_FALSE(edge.cost < price);
        if (solution.column_of_row[edge.row] == edge.column) {
            REQUIRE(edge.cost == price);
            taken[edge.column] = true;
        }
    }
    for (std::size_t column = 0; column < taken.size(); ++column) {
        REQUIRE_FALSE(problem.left_out[column] < solution.column_price[column]);
        if (!taken[column]) {
            REQUIRE(problem.left_out[column] == solution.column_price[column]);
        }
    }
}

}  // namespace

TEST_CASE("Costs compare level by level") {
    CHECK(LevelCost{0, 9, 9, 9, 9} < LevelCost{1, 0, 0, 0, 0});
    CHECK(LevelCost{0, 0, 9, 9, 9} < LevelCost{0, 1, 0, 0, 0});
    CHECK(LevelCost{0, 0, 0, 9, 9} < LevelCost{0, 0, 1, 0, 0});
    CHECK(LevelCost{0, 0, 0, 0, 9} < LevelCost{0, 0, 0, 1, 0});
    CHECK(LevelCost{1, 2, 3, 4, 5} + LevelCost{5, 4, 3, 2, 1} - LevelCost{6, 6, 6, 6, 0} ==
          LevelCost{0, 0, 0, 0, 6});
}

TEST_CASE("A row gives way when that is cheaper for all") {
    // Row 0 prefers column 0, but row 1 can only have that one.
    const AssignmentProblem problem{
        2, {{}, {}}, {{0, 0, {0, 1, 0, 0}}, {1, 0, {0, 2, 0, 0}}, {0, 1, {0, 5, 0, 0}}}};
    const auto solution = solve_assignment(problem);
    REQUIRE(solution);
    CHECK(solution->column_of_row == std::vector<std::size_t>{1, 0});
}

TEST_CASE("A column that is dear to leave out gets a row, and displaces the one cheapest to leave out") {
    const LevelCost dear{1, 0, 0, 0};
    const AssignmentProblem problem{2,
                                    {LevelCost{}, LevelCost{0, 1, 0, 0, 0}, dear},
                                    {{0, 0, {}}, {0, 1, {}}, {1, 1, {}}, {1, 2, {0, 50, 0, 0}}}};
    const auto solution = solve_assignment(problem);
    REQUIRE(solution);
    CHECK(solution->column_of_row == std::vector<std::size_t>{1, 2});
}

TEST_CASE("Rows that cannot all have a column have no assignment") {
    CHECK_FALSE(solve_assignment({2, {{}, {}}, {{0, 0, {}}, {1, 0, {}}}}));
    CHECK_FALSE(solve_assignment({1, {}, {}}));
    CHECK(solve_assignment({0, {}, {}}));
    CHECK(solve_assignment({0, {LevelCost{1, 0, 0, 0, 0}}, {}}));
}

TEST_CASE("Small assignments cost as little as the best of all assignments") {
    int solvable = 0;
    for (std::uint64_t seed = 1; seed <= test::case_count(3000U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const std::size_t rows = dice.between(0, 6);
        const AssignmentProblem problem =
            random_problem(dice, {rows, dice.between(rows, 8), dice.between(1, 3)});
        const auto expected = cheapest_by_trying_all(problem);
        const auto solution = solve_assignment(problem);
        REQUIRE(solution.has_value() == expected.has_value());
        if (solution) {
            ++solvable;
            REQUIRE(cost_of(problem, *solution) == *expected);
            check_proof(problem, *solution);
        }
    }
    CHECK(solvable > test::case_count(1000));
}

TEST_CASE("Large assignments come with a proof that nothing is cheaper") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const AssignmentProblem problem =
            random_problem(dice, {120, dice.between(130, 160), dice.between(2, 8)});
        const auto solution = solve_assignment(problem);
        REQUIRE(solution);
        cost_of(problem, *solution);
        check_proof(problem, *solution);
    }
}

TEST_CASE("Going on from the solution of a smaller problem ends as cheap as starting anew") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const std::size_t rows = dice.between(1, 30);
        const AssignmentProblem whole =
            random_problem(dice, {rows, dice.between(rows, rows + 8), dice.between(1, 4)});
        AssignmentProblem part = whole;
        part.left_out.resize(whole.left_out.size() - dice.between(0, whole.left_out.size() - 1) / 4);
        part.edges.clear();
        for (const AssignmentEdge& edge : whole.edges) {
            if (edge.column < part.left_out.size() && !dice.one_in(3)) {
                part.edges.push_back(edge);
            }
        }
        const auto start = solve_assignment(part);
        const auto anew = solve_assignment(whole);
        if (start) {
            const auto further = solve_assignment(whole, *start);
            REQUIRE(further);
            REQUIRE(anew);
            REQUIRE(cost_of(whole, *further) == cost_of(whole, *anew));
            check_proof(whole, *further);
        }
    }
}

}  // namespace assignment_solver_test
