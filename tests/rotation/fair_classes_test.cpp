// What the fair planner promises for classes of shifts (DESIGN.md 4, "Classes"), on random teams and on some
// worked out by hand.
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <utility>

#include "rotation/class_instances.h"
#include "rotation/fair_planner.h"
#include "support/case_count.h"

namespace fair_classes_test {

using namespace watchbill;
using test::Classes;
using test::Dice;
using test::one_shift;

namespace {

// How far from fair the whole may be: usually, which is in 99 of 100 plans, and ever.
struct WholeBelow {
    test::Fixed usually;
    test::Fixed ever;
};

// Each class below one shift, and the whole as far as said.
void check_fresh_plans(Classes classes, std::uint64_t first_seed, std::uint64_t count, WholeBelow whole) {
    std::uint64_t plans = 0;
    std::uint64_t unusual = 0;
    for (std::uint64_t seed = first_seed; seed < first_seed + test::case_count(count); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const PlannerInput input =
            test::random_instance(dice, {dice.between(2, 12), dice.between(30, 365)}, classes);
        const Choice choice = FairPlanner().choose(input);
        REQUIRE(test::covers_all(input, choice));
        for (std::size_t i = 0; i < input.classes.size(); ++i) {
            INFO("class " << i);
            const test::ClassPlan plan = test::plan_of_class(input, choice, i);
            REQUIRE(plan.is_whole);
            REQUIRE(test::everybody_within_one(plan.input, plan.choice));
        }
        const test::Fixed furthest = test::furthest_off(input, choice);
        REQUIRE(furthest < whole.ever);
        ++plans;
        unusual += furthest >= whole.usually ? 1U : 0U;
        if (seed % 20 == 0) REQUIRE(FairPlanner().choose(input) == choice);
    }
    // A tenth of the cases is too few to tell.
    if (!test::sanitized) CHECK(unusual * 100 <= plans);
}

// How often each serves, of some days.
template <typename Condition>
std::vector<int> counts(std::size_t members, const Choice& choice, Condition&& counted) {
    std::vector<int> served(members, 0);
    for (std::size_t d = 0; d < choice.size(); ++d) {
        if (choice[d] && counted(d)) ++served[*choice[d]];
    }
    return served;
}

int spread(const std::vector<int>& served) {
    const auto [least, most] = std::minmax_element(served.begin(), served.end());
    return *most - *least;
}

PlannerInput quiet_team(std::size_t members, std::size_t days, Classes classes) {
    Dice dice(1);
    PlannerInput input = test::everybody_there(members, days);
    test::add_classes(dice, input, classes, 0);
    return input;
}

}  // namespace

TEST_CASE("Random teams: weekends stay below one shift, and so does the whole in 99 of 100 teams") {
    check_fresh_plans(Classes::weekends, 1, 400, {one_shift, one_shift * 3 / 2});
}

TEST_CASE(
    "Random teams: weekends and holidays stay below one shift each, and so does the whole in 99 of 100") {
    check_fresh_plans(Classes::weekends_and_holidays, 1001, 300, {one_shift, one_shift * 3 / 2});
}

TEST_CASE("Random teams: weekends kept together go to one person and stay below one weekend") {
    check_fresh_plans(Classes::whole_weekends, 2001, 150, {one_shift * 2, one_shift * 7});
}

TEST_CASE("Random teams: each day of the week stays below one shift by itself") {
    check_fresh_plans(Classes::weekdays, 3001, 60, {one_shift * 4, one_shift * 4});
}

TEST_CASE("A quiet team's weekends differ by one at most, and so do its shifts") {
    for (std::size_t members = 1; members <= 14; ++members) {
        INFO(members << " members");
        const PlannerInput input = quiet_team(members, 365, Classes::weekends);
        const Choice choice = FairPlanner().choose(input);
        CHECK(spread(counts(members, choice, [&](auto d) { return input.days[d].fair_class.has_value(); })) <=
              1);
        CHECK(spread(counts(members, choice, [](auto) { return true; })) <= 1);
    }
}

TEST_CASE("Five people on business days: each has each weekday as often where weekdays are balanced") {
    PlannerInput input = test::everybody_there(5, 260);
    input.classes.resize(5);
    for (std::size_t d = 0; d < input.days.size(); ++d)
        input.days[d].fair_class = DayClass{d % 5, static_cast<std::int64_t>(d / 5)};
    const Choice choice = FairPlanner().choose(input);
    for (std::size_t weekday = 0; weekday < 5; ++weekday) {
        INFO("weekday " << weekday);
        CHECK(spread(counts(5, choice, [&](auto d) { return d % 5 == weekday; })) <= 1);
    }
    // Without it the same person has the same day all year.
    input.classes.clear();
    for (PlannerDay& day : input.days) day.fair_class.reset();
    CHECK(spread(counts(5, FairPlanner().choose(input), [](auto d) { return d % 5 == 4; })) == 52);
}

TEST_CASE("Nobody has two weekends in a row where there are enough people") {
    for (const Classes classes : {Classes::weekends, Classes::whole_weekends}) {
        for (std::size_t members = 5; members <= 9; ++members) {
            INFO(members << " members");
            const PlannerInput input = quiet_team(members, 182, classes);
            const Choice choice = FairPlanner().choose(input);
            for (std::size_t d = 0; d + 8 < choice.size(); ++d) {
                if (d % 7 != test::saturday) continue;
                for (const std::size_t one : {d, d + 1}) {
                    CHECK(choice[one] != choice[d + 7]);
                    CHECK(choice[one] != choice[d + 8]);
                }
            }
        }
    }
}

namespace {

// How often somebody serves two shifts in a row, and then how often two weekends: days whose holder has
// served in the weekend before, too.
std::pair<int, int> repeats(const PlannerInput& input, const Choice& choice) {
    std::pair<int, int> count{0, 0};
    std::map<std::int64_t, std::set<std::size_t>> weekends;
    for (std::size_t d = 0; d < choice.size(); ++d) {
        if (!choice[d]) continue;
        if (d > 0 && choice[d] == choice[d - 1]) ++count.first;
        if (input.days[d].fair_class) weekends[input.days[d].fair_class->block].insert(*choice[d]);
    }
    for (std::size_t d = 0; d < choice.size(); ++d) {
        if (!choice[d] || !input.days[d].fair_class) continue;
        const auto before = weekends.find(input.days[d].fair_class->block - 1);
        if (before != weekends.end() && before->second.contains(*choice[d])) ++count.second;
    }
    return count;
}

bool is_fair(const PlannerInput& input, const Choice& choice) {
    const test::ClassPlan weekends = test::plan_of_class(input, choice, 0);
    return test::everybody_within_one(weekends.input, weekends.choice) &&
           test::everybody_within_one(input, choice);
}

// Of two weekend shifts.
bool some_exchange_lowers_repeats(const PlannerInput& input, Choice choice) {
    const auto before = repeats(input, choice);
    for (std::size_t a = 0; a < choice.size(); ++a) {
        for (std::size_t b = a + 1; b < choice.size(); ++b) {
            const bool both = input.days[a].fair_class && input.days[b].fair_class && choice[a] && choice[b];
            if (!both || !test::is_candidate(input.days[a], *choice[b]) ||
                !test::is_candidate(input.days[b], *choice[a]))
                continue;
            std::swap(choice[a], choice[b]);
            if (repeats(input, choice) < before && is_fair(input, choice)) return true;
            std::swap(choice[a], choice[b]);
        }
    }
    return false;
}

}  // namespace

TEST_CASE(
    "Random teams: nobody has two weekends in a row where exchanging two of their shifts would avoid it") {
    int tried = 0;
    for (std::uint64_t seed = 5001; seed < 5001 + test::case_count(400U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const PlannerInput input =
            test::random_instance(dice, {dice.between(2, 9), dice.between(30, 90)}, Classes::weekends);
        const Choice choice = FairPlanner().choose(input);
        if (!is_fair(input, choice)) continue;
        ++tried;
        REQUIRE_FALSE(some_exchange_lowers_repeats(input, choice));
    }
    CHECK(tried > static_cast<int>(test::case_count(380U)));
}

TEST_CASE("Nobody serves two shifts in a row where classes leave room, but for a weekend kept together") {
    for (std::size_t members = 4; members <= 9; ++members) {
        INFO(members << " members");
        const PlannerInput input = quiet_team(members, 182, Classes::weekends);
        const Choice choice = FairPlanner().choose(input);
        for (std::size_t d = 0; d + 1 < choice.size(); ++d) CHECK(choice[d] != choice[d + 1]);
    }
}

TEST_CASE("What was earned and served of a class before counts in it, and not for the others") {
    // Three people; A has served two weekend shifts more than earned, and the whole is even.
    PlannerInput input = quiet_team(3, 28, Classes::weekends);
    input.classes[0].carried.resize(3);
    input.classes[0].carried[0].served = 2;
    input.classes[0].carried[1].earned = {{1, 1}};
    input.classes[0].carried[2].earned = {{1, 1}};
    const Choice choice = FairPlanner().choose(input);
    const auto weekends = counts(3, choice, [&](auto d) { return input.days[d].fair_class.has_value(); });
    CHECK(weekends[0] <= 1);  // 8 shifts: 8/3 each, less two
    CHECK(spread(counts(3, choice, [](auto) { return true; })) <= 1);
}

TEST_CASE("An override counts in its class") {
    PlannerInput input = quiet_team(4, 56, Classes::weekends);
    for (const std::size_t d : {test::saturday, test::sunday}) input.days[d].fixed = 2;
    const Choice choice = FairPlanner().choose(input);
    const auto weekends = counts(4, choice, [&](auto d) { return input.days[d].fair_class.has_value(); });
    CHECK(weekends[2] == 4);
    CHECK(spread(weekends) == 0);
}

// A block of which only parts can be served by one person is served by whoever can.
TEST_CASE("A weekend that nobody can serve whole is shared") {
    PlannerInput input = quiet_team(2, 14, Classes::whole_weekends);
    input.days[test::saturday].candidates = {0};
    input.days[test::sunday].candidates = {1};
    const Choice choice = FairPlanner().choose(input);
    CHECK(test::covers_all(input, choice));
    CHECK(choice[test::saturday + 7] == choice[test::sunday + 7]);
}

TEST_CASE("Classes without days, days without people, and nothing at all are no trouble") {
    PlannerInput input = quiet_team(3, 14, Classes::weekends);
    input.classes.resize(3);
    for (PlannerDay& day : input.days) {
        if (day.fair_class) day.candidates.clear();
    }
    CHECK(test::covers_all(input, FairPlanner().choose(input)));
    input.days.clear();
    CHECK(FairPlanner().choose(input).empty());
    input.members.clear();
    CHECK(FairPlanner().choose(input).empty());
}

namespace {

// All plans of a small team, and whether one of them is below one shift in each class and in the whole.
bool some_plan_is_fair(const PlannerInput& input, Choice& choice, std::size_t d) {
    if (d == input.days.size()) {
        for (std::size_t i = 0; i < input.classes.size(); ++i) {
            const test::ClassPlan plan = test::plan_of_class(input, choice, i);
            if (!test::everybody_within_one(plan.input, plan.choice)) return false;
        }
        return test::everybody_within_one(input, choice);
    }
    if (input.days[d].candidates.empty()) return some_plan_is_fair(input, choice, d + 1);
    for (const std::size_t member : input.days[d].candidates) {
        choice[d] = member;
        if (some_plan_is_fair(input, choice, d + 1)) return true;
    }
    choice[d].reset();
    return false;
}

}  // namespace

TEST_CASE("Small teams: where a plan exists that is fair in each class and in the whole, one is found") {
    int fair = 0;
    int found = 0;
    for (std::uint64_t seed = 1; seed <= test::case_count(400U); ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        const std::size_t members = dice.between(2, 4);
        constexpr std::array<std::size_t, 5> most_days{0, 0, 12, 9, 7};
        const std::size_t days = dice.between(3, most_days[members]);
        test::Away away(members, std::vector<bool>(days, false));
        for (auto& one : away) test::leave_out(one, {dice.between(0, days - 1), dice.between(0, 3)});
        PlannerInput input = test::input_of(test::random_members(dice, members), away);
        // Classes at random: harder than weekends.
        input.classes.resize(dice.between(1, 2));
        for (std::size_t d = 0; d < days; ++d) {
            if (dice.one_in(2))
                input.days[d].fair_class =
                    DayClass{dice.between(0, input.classes.size() - 1), static_cast<std::int64_t>(d)};
        }
        Choice tried(days);
        if (!some_plan_is_fair(input, tried, 0)) continue;
        ++fair;
        const Choice choice = FairPlanner().choose(input);
        for (std::size_t i = 0; i < input.classes.size(); ++i) {
            const test::ClassPlan plan = test::plan_of_class(input, choice, i);
            REQUIRE(test::everybody_within_one(plan.input, plan.choice));
        }
        found += test::everybody_within_one(input, choice) ? 1 : 0;
    }
    CHECK(fair > static_cast<int>(test::case_count(200U)));
    CHECK(found == fair);
}

}  // namespace fair_classes_test
