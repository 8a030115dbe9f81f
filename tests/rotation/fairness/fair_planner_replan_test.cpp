// What the fair planner promises from one day to the next: published days, the notice, balances, overrides.
#include <catch2/catch.hpp>

#include "rotation/fairness/daily_replans.h"
#include "rotation/fairness/fair_planner.h"
#include "rotation/fairness/plan_checker.h"
#include "rotation/fairness/planner_instances.h"
#include "rotation/fairness/planner_oracle.h"
#include "support/case_count.h"

namespace fair_planner_replan_test {

using namespace watchbill;
using test::Dice;
using test::make_absent;
using test::notice;
using test::Oracle;
using test::publish;

namespace {

// Members stay over the year; weights small enough for the oracle's 64-bit arithmetic.
PlannerInput team(Dice& dice, test::TeamSize size) {
    PlannerInput input = test::input_of(std::vector<PlannerMember>(size.members),
                                        test::random_absences(dice, size.members, size.days));
    if (dice.one_in(2)) {
        input.members[0].weight = 500;
    }
    return input;
}

std::vector<std::size_t> differences(const Choice& before, const Choice& after) {
    std::vector<std::size_t> days;
    for (std::size_t d = 0; d < before.size(); ++d) {
        if (before[d] != after[d]) {
            days.push_back(d);
        }
    }
    return days;
}

}  // namespace

TEST_CASE("Planning again without news changes nothing") {
    for (std::uint64_t seed = 1; seed <= test::case_count(200U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        PlannerInput input = test::random_instance(dice, {dice.between(2, 9), dice.between(30, 120)});
        const Choice plan = FairPlanner().choose(input);
        publish(input, plan);
        REQUIRE(FairPlanner().choose(input) == plan);
        for (PlannerDay& day : input.days) {
            day.in_notice = false;
        }
        REQUIRE(FairPlanner().choose(input) == plan);
    }
}

TEST_CASE("An absence inside the notice changes inside it only days whose holder is away") {
    for (std::uint64_t seed = 1; seed <= test::case_count(400U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        PlannerInput input = test::random_instance(dice, {dice.between(2, 9), dice.between(30, 120)});
        const Choice plan = FairPlanner().choose(input);
        publish(input, plan);
        const std::size_t member = dice.between(0, input.members.size() - 1);
        make_absent(input, member, {dice.between(0, notice - 1), dice.between(1, 30)});
        const Choice replanned = FairPlanner().choose(input);
        REQUIRE(test::covers_all(input, replanned));
        for (std::size_t d = 0; d < notice; ++d) {
            const bool still_valid = plan[d] && test::is_candidate(input.days[d], *plan[d]);
            if (still_valid) {
                REQUIRE(replanned[d] == plan[d]);
            }
        }
    }
}

// Who takes the day over owes one shift less, and who was away one more: where that leaves a turn outside its
// window, (a) comes first and moves days beyond the notice. Where it does not, nothing else may move.
TEST_CASE("A day's absence inside the notice changes that day only, unless (a) gains from more beyond it") {
    int that_day_only = 0;
    int more = 0;
    for (std::uint64_t seed = 1; seed <= test::case_count(300U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        // Common denominators of teams up to 8 stay below 64 bits.
        PlannerInput input = team(dice, {dice.between(3, 8), dice.between(30, 60)});
        const Choice plan = FairPlanner().choose(input);
        const std::size_t day = dice.between(0, notice - 1);
        if (!plan[day] || input.days[day].candidates.size() == 1) {
            continue;
        }
        publish(input, plan);
        make_absent(input, *plan[day], {day, 1});
        const Choice replanned = FairPlanner().choose(input);

        const Oracle oracle(input);
        const test::PlanCost cost = oracle.cost(replanned);
        bool needs_more = true;
        for (const std::size_t other : input.days[day].candidates) {
            Choice repaired = plan;
            repaired[day] = other;
            const test::PlanCost repaired_cost = oracle.cost(repaired);
            REQUIRE(cost <= repaired_cost);
            needs_more =
                needs_more && std::pair(cost[0], cost[1]) < std::pair(repaired_cost[0], repaired_cost[1]);
        }
        const auto changed = differences(plan, replanned);
        REQUIRE(changed.front() == day);
        REQUIRE((changed.size() > 1) == needs_more);
        if (changed.size() > 1) {
            REQUIRE(changed[1] >= notice);
        }
        ++(needs_more ? more : that_day_only);
    }
    CHECK(that_day_only > test::case_count(10));
    CHECK(more > test::case_count(20));
}

TEST_CASE("An absence that is withdrawn does not move published days in the notice") {
    for (std::uint64_t seed = 1; seed <= test::case_count(300U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const PlannerInput without = test::random_instance(dice, {dice.between(2, 9), dice.between(30, 120)});
        PlannerInput with = without;
        const std::size_t member = dice.between(0, with.members.size() - 1);
        make_absent(with, member, {dice.between(0, 30), dice.between(1, 30)});
        const Choice plan = FairPlanner().choose(with);
        PlannerInput again = without;
        publish(again, plan);
        const Choice replanned = FairPlanner().choose(again);
        for (std::size_t d = 0; d < notice; ++d) {
            if (plan[d]) {  // else the day was uncovered and now it need not be
                REQUIRE(replanned[d] == plan[d]);
            }
        }
    }
}

TEST_CASE("Beyond the notice a published day moves only if (a) gains") {
    // A and B alternate, published the other way round: both orders are inside all windows.
    PlannerInput input = test::everybody_there(2, 8);
    publish(input, {1, 0, 0, 1, 1, 0, 1, 0});
    for (PlannerDay& day : input.days) {
        day.in_notice = false;
    }
    CHECK(FairPlanner().choose(input) == Choice{1, 0, 0, 1, 1, 0, 1, 0});
    // B twice in one window: one of the two moves, the later one.
    publish(input, {1, 1, 0, 1, 1, 0, 1, 0});
    for (PlannerDay& day : input.days) {
        day.in_notice = false;
    }
    CHECK(FairPlanner().choose(input) == Choice{1, 0, 0, 1, 1, 0, 1, 0});
    // Inside the notice it stays, and (a) is as good as it then can be.
    publish(input, {1, 1, 0, 1, 1, 0, 1, 0});
    const Choice kept = FairPlanner().choose(input);
    CHECK(kept == Choice{1, 1, 0, 1, 1, 0, 1, 0});
}

TEST_CASE("A published holder who became unavailable is replaced by the one whose turn it is most") {
    PlannerInput input = test::everybody_there(4, 30);
    const Choice plan = FairPlanner().choose(input);  // ABCD...
    publish(input, plan);
    make_absent(input, 1, {5, 1});
    const Choice replanned = FairPlanner().choose(input);
    // B's second turn (days 4 to 7) has no other day there; all else in the notice stays.
    CHECK(replanned[5] != plan[5]);
    for (std::size_t d = 0; d < notice; ++d) {
        if (d != 5) {
            CHECK(replanned[d] == plan[d]);
        }
    }
    // After the notice everybody is even again at the end.
    CHECK(std::count(replanned.begin(), replanned.end(), Choice::value_type{1}) >= 7);
}

TEST_CASE("A year of daily replans without surprises keeps everybody within one shift, and published days") {
    constexpr std::size_t year = 200;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const std::size_t members = dice.between(2, 8);
        const std::size_t horizon = dice.between(30, 60);
        const PlannerInput whole = test::random_instance(dice, {members, year + horizon});
        const test::DailyReplans replans = test::replan_daily(whole, year, horizon);
        REQUIRE(test::covers_all(replans.past, replans.served));
        REQUIRE(test::everybody_within_one(replans.past, replans.served));
        // Only what a new day at the end of the horizon brings can move a day, and hardly ever does.
        CHECK(replans.changed <= 4);
    }
}

TEST_CASE("Overrides can take somebody out of the bound, and the plan brings them back") {
    PlannerInput input = test::everybody_there(4, 60);
    for (std::size_t day = 0; day < 5; ++day) {
        input.days[day].fixed = 0;
    }
    const Choice choice = FairPlanner().choose(input);
    REQUIRE(test::covers_all(input, choice));
    const test::Earned earned = test::earned_by_day(input);
    for (std::size_t i = 0; i < 4; ++i) {
        INFO("member " << i);
        CHECK_FALSE(test::stays_within_one(input, earned, choice, i, 4, 5));
        // A served 5 and has earned as many after 20 days; the others' lateness is worked off by then.
        CHECK(test::stays_within_one(input, earned, choice, i, 20, 60));
    }
}

}  // namespace fair_planner_replan_test
