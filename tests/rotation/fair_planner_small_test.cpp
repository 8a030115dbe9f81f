// The fair planner against exhaustive search on small instances, with everything that can be in an input, and
// against the whole graph of days and turns on larger ones.
#include <catch2/catch.hpp>

#include "rotation/assignment_solver.h"
#include "rotation/fair_planner.h"
#include "rotation/plan_checker.h"
#include "rotation/plan_costs.h"
#include "rotation/planner_instances.h"
#include "rotation/planner_oracle.h"
#include "support/case_count.h"

namespace fair_planner_small_test {

using namespace watchbill;
using test::Dice;
using test::Oracle;

namespace {

// Balances, overrides, notice and a published plan, each in some of the instances only.
PlannerInput anything(Dice& dice, test::TeamSize size) {
    const auto [members, days] = size;
    test::Away away(members, std::vector<bool>(days, false));
    for (auto& one : away) {
        for (std::size_t times = dice.between(0, 2); times > 0; --times) {
            test::leave_out(one, {dice.between(0, days - 1), dice.between(1, days / 2 + 1)});
        }
    }
    PlannerInput input = test::input_of(std::vector<PlannerMember>(members), away);
    if (dice.one_in(2)) {
        for (PlannerMember& member : input.members) {
            member.weight = static_cast<int>(500 * dice.between(1, 3));
        }
    }
    if (dice.one_in(2)) {
        for (PlannerMember& member : input.members) {
            const auto denominator = static_cast<std::int64_t>(dice.between(1, 4));
            member.earned.push_back({static_cast<std::int64_t>(dice.between(0, 9)), denominator});
            member.earned.push_back({static_cast<std::int64_t>(dice.between(0, 3)), 3});
            member.served = static_cast<std::int64_t>(dice.between(0, 3));
        }
    }
    if (dice.one_in(2)) {
        input.last = dice.between(0, members - 1);
    }
    const bool published = dice.one_in(2);
    const std::size_t notice = dice.one_in(2) ? dice.between(0, days) : 0;
    const bool overrides = dice.one_in(2);
    for (std::size_t d = 0; d < days; ++d) {
        PlannerDay& day = input.days[d];
        if (published && !dice.one_in(5)) {
            day.published = dice.between(0, members - 1);
        }
        day.in_notice = d < notice;
        if (overrides && dice.one_in(5)) {
            day.fixed = dice.between(0, members - 1);
        }
    }
    return input;
}

void check_against(const PlannerInput& input, const test::PlanCost& cheapest) {
    const Choice choice = FairPlanner().choose(input);
    REQUIRE(test::covers_all(input, choice));
    REQUIRE(Oracle(input).cost(choice) == cheapest);
}

}  // namespace

TEST_CASE("Serving turns in their order is as good as in any other") {
    for (std::uint64_t seed = 1; seed <= test::case_count(100U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const PlannerInput input = anything(dice, {dice.between(1, 3), dice.between(1, 5)});
        const Oracle oracle(input);
        REQUIRE(oracle.cheapest() == oracle.cheapest_with_any_turn());
    }
}

TEST_CASE("Small instances cost as little in unserved turns, (a) and (b) as the best of all plans") {
    for (std::uint64_t seed = 1; seed <= test::case_count(2000U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const std::size_t members = dice.between(1, 4);
        constexpr std::array<std::size_t, 5> most_days{0, 12, 11, 8, 6};  // what stays quick to try out
        const PlannerInput input = anything(dice, {members, dice.between(1, most_days[members])});
        check_against(input, Oracle(input).cheapest());
    }
}

TEST_CASE("Instances of 12 days and 3 members cost as little as the best of all plans") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const PlannerInput input = anything(dice, {3, 12});
        check_against(input, Oracle(input).cheapest());
    }
}

TEST_CASE("Instances of 12 days and 4 members, balances 0 and nothing fixed, have no cheaper plan") {
    int searched = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        PlannerInput input = anything(dice, {4, 12});
        for (PlannerMember& member : input.members) {
            member.earned.clear();
            member.served = 0;
        }
        for (PlannerDay& day : input.days) {
            day.fixed = std::nullopt;
        }
        const Oracle oracle(input);
        const test::PlanCost cost = oracle.cost(FairPlanner().choose(input));
        if (cost[0] == 0) {  // else nothing can be ruled out early, and 4^12 plans take too long
            REQUIRE(oracle.cheapest(cost) == cost);
            ++searched;
        }
    }
    CHECK(searched > 20);
}

namespace {

using Levels = std::array<std::int64_t, 3>;  // unserved, outside, changed: those that the planner promises

Levels levels(const LevelCost& cost) { return {cost.unserved, cost.outside, cost.changed}; }

// Every day that a member may serve with as many turns as they have days, in one go.
Levels cheapest_on_whole_graph(const PlanCosts& costs) {
    AssignmentProblem problem;
    std::vector<std::size_t> row_of(costs.days());
    for (std::size_t day = 0; day < costs.days(); ++day) {
        row_of[day] = problem.rows;
        problem.rows += costs.covered(day) ? 1U : 0U;
    }
    for (std::size_t member = 0; member < costs.members(); ++member) {
        for (std::size_t k = 0; k < costs.days_of(member).size(); ++k) {
            const Turn turn = costs.turns()[member].turn(k);
            for (const std::size_t day : costs.days_of(member)) {
                problem.edges.push_back(
                    {row_of[day], problem.left_out.size(), costs.served(member, turn, day)});
            }
            problem.left_out.push_back(costs.left_out(member, turn));
        }
    }
    const auto solution = solve_assignment(problem);
    REQUIRE(solution);
    LevelCost total;  // by duality the sum of all prices
    for (const LevelCost& price : solution->row_price) {
        total += price;
    }
    for (const LevelCost& price : solution->column_price) {
        total += price;
    }
    return levels(total);
}

Levels cost_of(const PlanCosts& costs, const Choice& choice) {
    LevelCost total;
    std::vector<std::size_t> served(costs.members(), 0);
    for (std::size_t day = 0; day < choice.size(); ++day) {
        if (choice[day]) {
            const std::size_t member = *choice[day];
            total += costs.served(member, costs.turns()[member].turn(served[member]++), day);
        }
    }
    for (std::size_t member = 0; member < costs.members(); ++member) {
        for (std::size_t k = served[member]; k < costs.days_of(member).size(); ++k) {
            total += costs.left_out(member, costs.turns()[member].turn(k));
        }
    }
    return levels(total);
}

}  // namespace

TEST_CASE("Starting from a few days around each window ends as cheap as the whole graph") {
    for (std::uint64_t seed = 1; seed <= 80; ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const std::size_t members = dice.between(2, 5);
        PlannerInput input = anything(dice, {members, dice.between(25, 60)});
        // Far ahead, so that days without anybody else take turns that open long after them.
        input.members[0].served += static_cast<std::int64_t>(dice.between(0, 40));
        const PlanCosts costs(input);
        REQUIRE(cost_of(costs, FairPlanner().choose(input)) == cheapest_on_whole_graph(costs));
    }
}

}  // namespace fair_planner_small_test
