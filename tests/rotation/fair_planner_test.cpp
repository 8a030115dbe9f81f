// What the fair planner promises for a fresh plan, on random teams and on some worked out by hand.
#include "rotation/fair_planner.h"

#include <catch2/catch.hpp>
#include <string>

#include "rotation/plan_checker.h"
#include "rotation/planner_instances.h"
#include "support/case_count.h"

namespace fair_planner_test {

using namespace watchbill;
using test::Dice;
using test::everybody_there;

namespace {

// "ABC.A": who serves which day.
std::string plan_of(const PlannerInput& input) {
    std::string plan;
    for (const auto& holder : FairPlanner().choose(input)) {
        plan += holder ? static_cast<char>('A' + static_cast<char>(*holder)) : '.';
    }
    return plan;
}

int repeats(const PlannerInput& input, const Choice& choice) {
    int count = 0;
    for (std::size_t d = 0; d < choice.size(); ++d) {
        count += choice[d] && choice[d] == (d == 0 ? input.last : choice[d - 1]) ? 1 : 0;
    }
    return count;
}

// Whether exchanging the holders of two days keeps candidates and everybody within one shift.
bool exchange_is_possible(const PlannerInput& input, const test::Earned& earned, Choice& choice,
                          std::size_t a, std::size_t b) {
    if (!choice[a] || !choice[b] || choice[a] == choice[b] ||
        !test::is_candidate(input.days[a], *choice[b]) || !test::is_candidate(input.days[b], *choice[a])) {
        return false;
    }
    std::swap(choice[a], choice[b]);
    const std::size_t from = std::min(a, b);
    const std::size_t to = std::max(a, b);
    const bool possible = test::stays_within_one(input, earned, choice, *choice[a], from, to) &&
                          test::stays_within_one(input, earned, choice, *choice[b], from, to);
    std::swap(choice[a], choice[b]);
    return possible;
}

bool some_exchange_lowers_repeats(const PlannerInput& input, Choice choice) {
    const test::Earned earned = test::earned_by_day(input);
    const int before = repeats(input, choice);
    for (std::size_t d = 1; d < choice.size(); ++d) {
        if (!choice[d] || choice[d] != choice[d - 1]) {
            continue;
        }
        for (const std::size_t moved : {d - 1, d}) {
            for (std::size_t other = 0; other < choice.size(); ++other) {
                std::swap(choice[moved], choice[other]);
                const int after = repeats(input, choice);
                std::swap(choice[moved], choice[other]);
                if (after < before && exchange_is_possible(input, earned, choice, moved, other)) {
                    return true;
                }
            }
        }
    }
    return false;
}

}  // namespace

namespace {

void check_fresh_plans(std::uint64_t first_seed, std::uint64_t count, std::size_t fewest, std::size_t most) {
    for (std::uint64_t seed = first_seed; seed < first_seed + test::case_count(count); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const PlannerInput input =
            test::random_instance(dice, {dice.between(fewest, most), dice.between(30, 365)});
        const Choice choice = FairPlanner().choose(input);
        REQUIRE(test::covers_all(input, choice));
        REQUIRE(test::everybody_within_one(input, choice));
        if (seed % 20 == 0) {
            REQUIRE(FairPlanner().choose(input) == choice);  // same input, same output
        }
    }
}

}  // namespace

TEST_CASE("Small teams: every day is covered by a candidate and nobody is ever a whole shift off") {
    check_fresh_plans(1, 1200, 2, 6);
}

TEST_CASE("Large teams: every day is covered by a candidate and nobody is ever a whole shift off") {
    check_fresh_plans(10'001, 800, 7, 12);
}

TEST_CASE("Random teams: nobody serves two consecutive shifts where exchanging two days would avoid it") {
    for (std::uint64_t seed = 1; seed <= test::case_count(1000U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        PlannerInput input = test::random_instance(dice, {dice.between(2, 12), dice.between(30, 90)});
        if (dice.one_in(2)) {
            input.last = dice.between(0, input.members.size() - 1);
        }
        REQUIRE_FALSE(some_exchange_lowers_repeats(input, FairPlanner().choose(input)));
    }
}

TEST_CASE("With everybody available it is plain round robin in roster order") {
    for (std::size_t members = 1; members <= 12; ++members) {
        for (const std::size_t days : {std::size_t{1}, std::size_t{5}, std::size_t{31}, std::size_t{100}}) {
            INFO(members << " members, " << days << " days");
            PlannerInput input = everybody_there(members, days);
            for (PlannerMember& member : input.members) {
                member.weight = 800;  // the same for all: it does not matter which
            }
            const Choice choice = FairPlanner().choose(input);
            for (std::size_t day = 0; day < days; ++day) {
                REQUIRE(choice[day] == day % members);
            }
        }
    }
}

TEST_CASE("A round robin goes on where history left it") {
    constexpr std::size_t members = 5;
    test::History history(members);
    for (std::size_t day = 0; day < 40; ++day) {
        PlannerInput input = everybody_there(members, 23);
        history.carry_into(input);
        const Choice choice = FairPlanner().choose(input);
        for (std::size_t ahead = 0; ahead < choice.size(); ++ahead) {
            INFO("day " << day << " + " << ahead);
            REQUIRE(choice[ahead] == (day + ahead) % members);
        }
        history.add(input.members, input.days[0], choice[0]);
    }
}

TEST_CASE("Nothing to plan is no trouble") {
    CHECK(FairPlanner().choose({}).empty());
    CHECK(FairPlanner().choose({std::vector<PlannerMember>(3), {}, std::nullopt, {}}).empty());
    CHECK(FairPlanner().choose({{}, std::vector<PlannerDay>(2), std::nullopt, {}}) == Choice(2));
    CHECK(FairPlanner().choose({std::vector<PlannerMember>(3), std::vector<PlannerDay>(2), 1, {}}) ==
          Choice(2));
}

TEST_CASE("Days without candidates stay uncovered, earn nobody anything and do not disturb the order") {
    PlannerInput input = everybody_there(3, 9);
    input.days[1].candidates.clear();
    input.days[5].candidates.clear();
    CHECK(plan_of(input) == "A.BCA.BCA");
}

TEST_CASE("Who works half of the time serves half as often, and nobody twice in a row") {
    PlannerInput input = everybody_there(4, 28);
    input.members[1].weight = 500;
    const std::string plan = plan_of(input);
    CHECK(std::count(plan.begin(), plan.end(), 'B') == 4);
    CHECK(std::count(plan.begin(), plan.end(), 'A') == 8);
    CHECK(repeats(input, FairPlanner().choose(input)) == 0);
}

TEST_CASE("A vacation is not repaid") {
    PlannerInput input = everybody_there(3, 30);
    for (std::size_t day = 3; day < 15; ++day) {
        input.days[day].candidates = {0, 1};
    }
    const std::string plan = plan_of(input);
    CHECK(plan.substr(0, 3) == "ABC");
    CHECK(plan.substr(3, 12) == "ABABABABABAB");
    CHECK(plan.substr(15) == "ABCABCABCABCABC");
}

TEST_CASE("Who is owed shifts serves next, who is ahead waits until it is earned back") {
    PlannerInput owed = everybody_there(3, 9);
    owed.members[2].earned = {{3, 2}};  // 1.5 ahead of what they served
    owed.members[0].served = 1;
    owed.members[1].earned = {{1, 2}};
    owed.members[1].served = 1;
    // C: overdue and one more at once. A: -1 + 1/3 a day opens on day 3; B: -1/2 opens on day 1.
    const std::string plan = plan_of(owed);
    CHECK(plan[0] == 'C');
    CHECK(plan.substr(0, 3).find('A') == std::string::npos);
}

TEST_CASE("An override is served by whom it names, candidate or not, and counts as served") {
    PlannerInput input = everybody_there(4, 16);
    for (std::size_t day = 0; day < 3; ++day) {
        input.days[day].fixed = 1;
    }
    input.days[2].candidates = {0, 2, 3};  // B is absent and serves anyway
    const std::string plan = plan_of(input);
    CHECK(plan.substr(0, 3) == "BBB");
    CHECK(plan.substr(3, 6).find('B') == std::string::npos);
    CHECK(std::count(plan.begin(), plan.end(), 'B') == 4);  // 15/4 + ... of 16 days earn B not quite four
}

TEST_CASE("An override on a day nobody can serve stands, and other such days stay uncovered") {
    PlannerInput input = everybody_there(2, 4);
    input.days[1].candidates.clear();
    input.days[2].candidates.clear();
    input.days[1].fixed = 0;
    const Choice choice = FairPlanner().choose(input);
    CHECK(choice[1] == std::size_t{0});
    CHECK_FALSE(choice[2].has_value());
}

TEST_CASE("Nobody follows themselves where a neighbouring day is settled and another choice costs nothing") {
    PlannerInput input = everybody_there(3, 1);
    CHECK(plan_of(input) == "A");
    input.last = 0;  // one day: there is nothing to exchange it with
    CHECK(plan_of(input) == "B");

    PlannerInput override_after = everybody_there(3, 2);
    override_after.days[1].fixed = 0;
    CHECK(plan_of(override_after) == "BA");
}

TEST_CASE("A lone candidate serves every day, however far ahead that takes them") {
    PlannerInput input = everybody_there(3, 40);
    input.members[1].served = 30;
    for (PlannerDay& day : input.days) {
        day.candidates = {1};
    }
    CHECK(plan_of(input) == std::string(40, 'B'));

    for (PlannerDay& day : input.days) {
        day.candidates = {0, 1, 2};
        day.fixed = 2;
    }
    CHECK(plan_of(input) == std::string(40, 'C'));
}

TEST_CASE("Extreme weights and balances are planned without overflow") {
    PlannerInput input = everybody_there(3, 100);
    input.members[0].weight = 1;
    input.members[1].weight = 100'000;
    input.members[2].weight = 99'991;
    CHECK(test::everybody_within_one(input, FairPlanner().choose(input)));

    input.members[0].earned = {{1'000'000'000, 7}};
    input.members[1].served = 1'000'000'000;
    const Choice choice = FairPlanner().choose(input);
    CHECK(test::covers_all(input, choice));
    CHECK(std::count(choice.begin(), choice.end(), Choice::value_type{0}) == 100);
}

}  // namespace fair_planner_test
