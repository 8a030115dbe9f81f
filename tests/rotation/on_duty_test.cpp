#include "rotation/on_duty.h"

#include <catch2/catch.hpp>

#include "rotation/two_site_team.h"
#include "time/zone.h"

namespace on_duty_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

// One shift for each weekday of `days`, members in turn, as the rotation's wall clock says.
void add_shifts(Plan& plan, const Rotation& rotation, DaySpan days) {
    const Zone zone = Zone::get(rotation.zone);
    size_t turn = 0;
    for (Day date = days.first; date < days.end; date += std::chrono::days(1)) {
        if (!rotation.days.at(std::chrono::weekday(date).c_encoding())) continue;
        Assignment& added = plan.assignments.emplace_back();
        added.shift = {{rotation.name, date},
                       {zone.to_instant(LocalTime(date) + rotation.start),
                        zone.to_instant(LocalTime(date) + rotation.end.value_or(rotation.start))}};
        added.member = rotation.members[turn++ % rotation.members.size()];
    }
}

Plan plan_of(const Team& team, DaySpan days) {
    Plan plan;
    for (const Rotation& rotation : team.rotations) add_shifts(plan, rotation, days);
    std::stable_sort(
        plan.assignments.begin(), plan.assignments.end(),
        [](const Assignment& a, const Assignment& b) { return a.shift.when.start < b.shift.when.start; });
    return plan;
}

const Handover& handover_on(const std::vector<Handover>& handovers, const ShiftKey& from) {
    for (const Handover& handover : handovers) {
        if (handover.from.shift.key == from) return handover;
    }
    FAIL("no handover from " << from.rotation << " on " << format_day(from.date));
    throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("on duty is whose shift covers the instant: its start counts, its end does not") {
    const Team team = two_site_team();
    const Plan plan = plan_of(team, {day("2026-12-03"), day("2026-12-05")});  // Thursday and Friday

    const auto before = on_duty_at(team, plan, at("2026-12-03T07:59:59Z"));
    REQUIRE(before.size() == 2);
    CHECK(before[0].rotation == "mro");
    CHECK(before[1].rotation == "remote");
    CHECK_FALSE(before[0].current);
    CHECK(before[0].next->member == alice);

    const auto start = on_duty_at(team, plan, at("2026-12-03T08:00:00Z"));
    REQUIRE(start[0].current);
    CHECK(start[0].current->member == alice);
    REQUIRE(start[0].next);
    CHECK(start[0].next->shift.key.date == day("2026-12-04"));
    CHECK_FALSE(start[1].current);
    CHECK(start[1].next->member == zoe);

    const auto end = on_duty_at(team, plan, at("2026-12-03T17:00:00Z"));
    CHECK_FALSE(end[0].current);
    CHECK(end[0].next->member == bob);
    CHECK(end[1].current->member == zoe);

    const auto last = on_duty_at(team, plan, at("2026-12-04T16:00:00Z"));
    CHECK(last[0].current->member == bob);
    CHECK_FALSE(last[0].next);
}

TEST_CASE("an uncovered shift is on duty with nobody, and an empty plan has no shift at all") {
    const Team team = two_site_team();
    Plan plan = plan_of(team, {day("2026-12-03"), day("2026-12-04")});
    plan.assignments.front().member.reset();
    const auto on_duty = on_duty_at(team, plan, at("2026-12-03T12:00:00Z"));
    REQUIRE(on_duty[0].current);
    CHECK_FALSE(on_duty[0].current->member);

    const auto nothing = on_duty_at(team, Plan{}, at("2026-12-03T12:00:00Z"));
    REQUIRE(nothing.size() == 2);
    CHECK_FALSE(nothing[0].current);
    CHECK_FALSE(nothing[0].next);
}

TEST_CASE(
    "walking the weeks in which Paris and Montreal change clocks, minute tables agree with wall clocks") {
    const Team team = two_site_team();
    // Montreal springs forward on 8 March 2026, Paris on 29 March; back on 1 November and 25 October.
    const auto [first, end] =
        GENERATE(std::pair("2026-03-05", "2026-04-02"), std::pair("2026-10-22", "2026-11-05"));
    const Plan plan = plan_of(team, {day(first), day(end)});
    const Zone paris = Zone::get("Europe/Paris");
    const Zone montreal = Zone::get("America/Montreal");
    const auto is_weekday = [](Day date) {
        const unsigned weekday = std::chrono::weekday(date).c_encoding();
        return weekday >= 1 && weekday <= 5;
    };
    const auto hours_since_midnight = [](LocalTime local) {
        return local - std::chrono::floor<std::chrono::days>(local);
    };
    const Instant last = paris.start_of(day(end));
    for (Instant now = paris.start_of(day(first)); now < last; now += std::chrono::minutes(30)) {
        INFO(format_instant(now));
        const auto on_duty = on_duty_at(team, plan, now);
        const auto in_paris = hours_since_midnight(paris.to_local(now));
        const bool paris_works = is_weekday(paris.day_of(now)) && in_paris >= std::chrono::hours(9) &&
                                 in_paris < std::chrono::hours(18);
        REQUIRE(on_duty[0].current.has_value() == paris_works);
        const Day there = montreal.day_of(now);
        const auto in_montreal = hours_since_midnight(montreal.to_local(now));
        const bool montreal_works = there >= day(first) && is_weekday(there) &&
                                    in_montreal >= std::chrono::hours(12) &&
                                    in_montreal < std::chrono::hours(20);
        REQUIRE(on_duty[1].current.has_value() == montreal_works);
    }
}

TEST_CASE("a shift hands over to the shift of the other rotation that runs when it ends") {
    const Team team = two_site_team();
    const auto handovers = handovers_of(team, plan_of(team, {day("2026-12-03"), day("2026-12-05")}));
    // Paris ends at 18:00, when Montreal starts at 12:00.
    const Handover& thursday = handover_on(handovers, {"mro", day("2026-12-03")});
    CHECK(thursday.at == at("2026-12-03T17:00:00Z"));
    CHECK(thursday.from.member == alice);
    CHECK(thursday.to.shift.key == ShiftKey{"remote", day("2026-12-03")});
    CHECK(thursday.to.member == zoe);
    CHECK(thursday.to.shift.when.start == thursday.at);
}

TEST_CASE("while only one side has changed clocks the receiver has been there for an hour") {
    const Team team = two_site_team();
    // 8 to 28 March and 25 to 31 October 2026 Montreal is 5 hours behind, not 6: 18:00 in Paris is 13:00
    // there.
    for (const char* date : {"2026-03-09", "2026-03-27", "2026-10-26", "2026-10-30"}) {
        INFO(date);
        const Day on = day(date);
        const auto handovers = handovers_of(team, plan_of(team, {on, on + std::chrono::days(1)}));
        const Handover& handover = handover_on(handovers, {"mro", on});
        CHECK(handover.to.shift.key == ShiftKey{"remote", on});
        CHECK(handover.at - handover.to.shift.when.start == std::chrono::hours(1));
    }
    for (const char* date : {"2026-03-06", "2026-03-30", "2026-10-23", "2026-11-02"}) {
        INFO(date);
        const Day on = day(date);
        const auto handovers = handovers_of(team, plan_of(team, {on, on + std::chrono::days(1)}));
        CHECK(handover_on(handovers, {"mro", on}).to.shift.when.start ==
              handover_on(handovers, {"mro", on}).at);
    }
}

TEST_CASE("a rotation that hands over to none hands over to its own next shift, over a weekend too") {
    const Team team = two_site_team();
    const auto handovers = handovers_of(team, plan_of(team, {day("2026-12-03"), day("2026-12-08")}));
    CHECK(handover_on(handovers, {"remote", day("2026-12-03")}).to.shift.key ==
          ShiftKey{"remote", day("2026-12-04")});
    // 20:00 on Friday in Montreal is 01:00Z on Saturday.
    const Handover& friday = handover_on(handovers, {"remote", day("2026-12-04")});
    CHECK(friday.at == at("2026-12-05T01:00:00Z"));
    CHECK(friday.to.shift.key == ShiftKey{"remote", day("2026-12-07")});
}

TEST_CASE("the last shifts of a plan have nobody to hand over to, nor does one before a long gap") {
    const Team team = two_site_team();
    Plan plan = plan_of(team, {day("2026-12-03"), day("2026-12-04")});
    auto handovers = handovers_of(team, plan);
    REQUIRE(handovers.size() == 1);
    CHECK(handovers[0].from.shift.key.rotation == "mro");

    // 7 days and an hour after Thursday 20:00 in Montreal is too far, 7 days is not.
    plan.assignments.push_back(
        assignment("remote", "2026-12-10", "2026-12-11T02:00:00Z", "2026-12-11T03:00:00Z", yann));
    CHECK(handovers_of(team, plan).size() == 1);
    plan.assignments.back().shift.when.start = at("2026-12-11T01:00:00Z");
    CHECK(handovers_of(team, plan).size() == 2);
}

TEST_CASE("a shift that ends when another does hands over to the one after it") {
    const Team team = two_site_team();
    Plan plan;
    plan.assignments = {
        assignment("remote", "2026-12-02", "2026-12-03T09:00:00Z", "2026-12-03T17:00:00Z", zoe),
        assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", alice),
        assignment("remote", "2026-12-03", "2026-12-03T18:00:00Z", "2026-12-03T19:00:00Z", yann)};
    CHECK(handover_on(handovers_of(team, plan), {"mro", day("2026-12-03")}).to.member == yann);
}

TEST_CASE("a round-the-clock rotation hands over to itself at each boundary, also when clocks change") {
    Team team = two_site_team();
    team.rotations.resize(1);
    team.rotations[0].hands_over_to = "";
    Plan plan;
    // 09:00 to 09:00 in Paris over the night of 24 to 25 October 2026: 25 hours.
    plan.assignments = {
        assignment("mro", "2026-10-24", "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z", alice),
        assignment("mro", "2026-10-25", "2026-10-25T08:00:00Z", "2026-10-26T08:00:00Z", bob)};
    const auto handovers = handovers_of(team, plan);
    REQUIRE(handovers.size() == 1);
    CHECK(handovers[0].at == at("2026-10-25T08:00:00Z"));
    CHECK(handovers[0].to.member == bob);
    CHECK(on_duty_at(team, plan, at("2026-10-25T07:59:59Z"))[0].current->member == alice);
    CHECK(on_duty_at(team, plan, at("2026-10-25T08:00:00Z"))[0].current->member == bob);
}

TEST_CASE("who left the team takes over nothing while their shift is not over, and history stays") {
    Team team = two_site_team();
    const Plan plan = plan_of(team, {day("2026-12-03"), day("2026-12-05")});
    const ShiftKey first{"mro", day("2026-12-03")};
    const auto before = handover_on(handovers_of(team, plan), first);
    REQUIRE(before.to.member);
    const MemberId leaver = *before.to.member;
    std::erase_if(team.members, [&leaver](const Member& member) { return member.id == leaver; });
    const Interval theirs = before.to.shift.when;
    for (const Instant now : {theirs.start, before.at, theirs.end - Duration(1)}) {
        const auto handover = handover_on(handovers_of(team, plan, now), first);
        CHECK_FALSE(handover.to.member);
        CHECK(handover.to.shift == before.to.shift);
        CHECK(handover.from.member == before.from.member);
    }
    CHECK(handover_on(handovers_of(team, plan, theirs.end), first).to.member == leaver);
}

TEST_CASE("handovers come in the order of time") {
    const Team team = two_site_team();
    const auto handovers = handovers_of(team, plan_of(team, {day("2026-12-01"), day("2026-12-12")}));
    CHECK(handovers.size() > 10);
    CHECK(std::is_sorted(handovers.begin(), handovers.end(),
                         [](const Handover& a, const Handover& b) { return a.at < b.at; }));
}

}  // namespace on_duty_test
