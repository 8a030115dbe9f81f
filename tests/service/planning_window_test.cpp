#include "service/planning_window.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"

namespace planning_window_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

Rotation rotation_in(const std::string& zone) {
    Rotation rotation = example_team().rotations[0];
    rotation.zone = zone;
    return rotation;
}

}  // namespace

TEST_CASE("Planning reaches from today over the horizon") {
    const Team team = example_team();
    const PlanningWindow window = planning_window(team, at("2026-11-24T12:00:00Z"));
    CHECK(window.days == DaySpan{day("2026-11-24"), day("2026-12-24")});
    // Paris midnights, 30 days back.
    CHECK(window.shown == Interval{at("2026-10-24T22:00:00Z"), at("2026-12-23T23:00:00Z")});
    CHECK(window.read.start < window.shown.start);
    CHECK(window.read.end > window.shown.end);
    CHECK(window == planning_window(team, at("2026-11-24T22:59:59Z")));
    CHECK_FALSE(window == planning_window(team, at("2026-11-24T23:00:00Z")));
}

TEST_CASE("Each rotation's own today is planned") {
    Team team = example_team();
    team.rotations.push_back(rotation_in("Pacific/Auckland"));
    team.rotations.push_back(rotation_in("America/Montreal"));
    // In Auckland it is the 26th already, in Montreal still the 24th.
    const PlanningWindow window = planning_window(team, at("2026-11-25T11:30:00Z"));
    CHECK(window.days == DaySpan{day("2026-11-25"), day("2026-12-26")});
    const PlanningWindow night = planning_window(team, at("2026-11-25T02:00:00Z"));
    CHECK(night.days.first == day("2026-11-24"));
}

TEST_CASE("A shift that began on an earlier day and still runs is planned with") {
    Team team = example_team();
    Rotation& rotation = team.rotations[0];
    rotation.end.reset();
    rotation.days = {false, true, true, true, true, true, false};
    // Friday's shift lasts until Monday, 09:00 in Paris.
    CHECK(planning_window(team, at("2026-11-29T12:00:00Z")).days.first == day("2026-11-27"));
    CHECK(planning_window(team, at("2026-11-30T07:59:59Z")).days.first == day("2026-11-27"));
    CHECK(planning_window(team, at("2026-11-30T08:00:00Z")).days.first == day("2026-11-30"));
}

TEST_CASE("The next day turn is the first in any of the team's zones") {
    Team team = example_team();
    CHECK(next_day_turn(team, at("2026-11-24T12:00:00Z")) == at("2026-11-24T23:00:00Z"));
    CHECK(next_day_turn(team, at("2026-11-24T23:00:00Z")) == at("2026-11-25T23:00:00Z"));
    team.rotations.push_back(rotation_in("America/Montreal"));
    CHECK(next_day_turn(team, at("2026-11-24T23:00:00Z")) == at("2026-11-25T05:00:00Z"));
    // The day on which clocks go back has 25 hours.
    CHECK(next_day_turn(example_team(), at("2026-10-24T22:00:00Z")) == at("2026-10-25T23:00:00Z"));
}

}  // namespace planning_window_test
