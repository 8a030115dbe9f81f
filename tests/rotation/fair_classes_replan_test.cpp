// What the fair planner promises for classes of shifts from one day to the next.
#include <array>
#include <catch2/catch.hpp>
#include <numeric>

#include "rotation/class_instances.h"
#include "rotation/daily_replans.h"
#include "rotation/fair_planner.h"
#include "support/case_count.h"

namespace fair_classes_replan_test {

using namespace watchbill;
using test::Classes;
using test::Dice;
using test::make_absent;
using test::notice;
using test::publish;

namespace {

constexpr std::array all_classes{Classes::weekends, Classes::weekends_and_holidays, Classes::whole_weekends,
                                 Classes::weekdays};

// In the notice whoever can still serve keeps their day.
void check_notice(const PlannerInput& input, const Choice& plan, const Choice& replanned) {
    REQUIRE(test::covers_all(input, replanned));
    for (std::size_t d = 0; d < notice; ++d) {
        if (plan[d] && test::is_candidate(input.days[d], *plan[d])) REQUIRE(replanned[d] == plan[d]);
    }
}

}  // namespace

namespace {

// A random team of each kind of classes, as subscribers see its plan.
template <typename Check>
void for_each_published_team(Check&& check) {
    for (std::uint64_t seed = 1; seed <= test::case_count(160U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        PlannerInput input = test::random_instance(dice, {dice.between(2, 9), dice.between(30, 120)},
                                                   all_classes.at(seed % 4));
        const Choice plan = FairPlanner().choose(input);
        publish(input, plan);
        check(dice, input, plan);
    }
}

}  // namespace

TEST_CASE("With classes, planning again without news changes nothing") {
    for_each_published_team([](Dice&, PlannerInput& input, const Choice& plan) {
        REQUIRE(FairPlanner().choose(input) == plan);
        for (PlannerDay& day : input.days) day.in_notice = false;
        REQUIRE(FairPlanner().choose(input) == plan);
    });
}

TEST_CASE("With classes, an absence inside the notice changes inside it only days whose holder is away") {
    for_each_published_team([](Dice& dice, PlannerInput& input, const Choice& plan) {
        const std::size_t member = dice.between(0, input.members.size() - 1);
        make_absent(input, member, {dice.between(0, notice - 1), dice.between(1, 30)});
        check_notice(input, plan, FairPlanner().choose(input));
    });
}

TEST_CASE("A running team that begins to balance classes keeps its days in the notice") {
    for (std::uint64_t seed = 1; seed <= test::case_count(80U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        PlannerInput input = test::random_instance(dice, {dice.between(2, 9), dice.between(60, 120)});
        const Choice plan = FairPlanner().choose(input);
        publish(input, plan);
        test::add_classes(dice, input, all_classes.at(seed % 4), dice.between(0, 6));
        const Choice replanned = FairPlanner().choose(input);
        check_notice(input, plan, replanned);
    }
}

TEST_CASE("Who had every weekend before classes were balanced has none until the others have caught up") {
    // Seven people: A had all Saturdays and B all Sundays of ten weeks.
    PlannerInput input = test::everybody_there(7, 182);
    Dice dice(1);
    test::add_classes(dice, input, Classes::weekends, 0);
    input.classes[0].carried.resize(7);
    for (PlannerTotals& totals : input.classes[0].carried) totals.earned = {{20, 7}};
    input.classes[0].carried[0].served = input.classes[0].carried[1].served = 10;
    const Choice choice = FairPlanner().choose(input);
    std::array<int, 7> served{};
    for (std::size_t d = 0; d < choice.size(); ++d) {
        if (!input.days[d].fair_class) continue;
        // The first 50 weekend shifts make 70 with those before: 10 each.
        ++served.at(*choice[d]);
        const int all = std::accumulate(served.begin(), served.end(), 0);
        if (all == 48) CHECK(served[0] + served[1] <= 2);
    }
    CHECK(served[0] + 10 - *std::min_element(served.begin() + 2, served.end()) <= 3);
}

TEST_CASE("A year of daily replans without surprises keeps each class within one shift, and published days") {
    constexpr std::size_t year = 200;
    std::uint64_t beyond_one = 0;
    for (std::uint64_t seed = 1; seed <= test::case_count(12U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const std::size_t members = dice.between(2, 8);
        const std::size_t horizon = dice.between(40, 70);
        const PlannerInput whole =
            test::random_instance(dice, {members, year + horizon},
                                  seed % 2 == 0 ? Classes::weekends : Classes::weekends_and_holidays);
        const auto [past, served, changed] = test::replan_daily(whole, year, horizon);
        REQUIRE(test::covers_all(past, served));
        for (std::size_t i = 0; i < whole.classes.size(); ++i) {
            const test::ClassPlan of_class = test::plan_of_class(past, served, i);
            CHECK(test::everybody_within_one(of_class.input, of_class.choice));
        }
        beyond_one += test::everybody_within_one(past, served) ? 0U : 1U;
        CHECK(changed <= 40);
    }
    CHECK(beyond_one <= 1);
}

}  // namespace fair_classes_replan_test
