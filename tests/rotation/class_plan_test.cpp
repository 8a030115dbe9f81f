// A team's plan where weekends and holidays are shared by themselves: what the planner is told, and what
// people are.
#include <algorithm>
#include <catch2/catch.hpp>

#include "rotation/balances.h"
#include "rotation/reasons.h"
#include "rotation/recording_planner.h"
#include "rotation/team_plan.h"
#include "rotation/two_site_team.h"

namespace class_plan_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

// alice, bob, carol and dan, every day; four weeks from Monday, 2 March 2026.
struct Planning {
    Planning() {
        team.rotations.resize(1);
        team.rotations.front().hands_over_to.clear();
        team.rotations.front().days.fill(true);
    }
    Team team = two_site_team();
    DaySpan days{day("2026-03-02"), day("2026-03-30")};
    Instant now = at("2026-03-01T12:00:00Z");
    TeamAvailability availability;
    std::vector<Assignment> published;
    test::RecordingPlanner recorder;

    Plan plan() const {
        PlanRequest request;
        request.team = &team;
        request.days = days;
        request.now = now;
        request.availability = availability;
        request.published = published;
        return make_plan(request, recorder);
    }
    void add_holiday(const MemberId& member, std::string_view from, std::string_view to) {
        availability[member].absences.push_back({{at(from), at(to)}, std::nullopt, AbsenceKind::holiday});
    }
    std::vector<MemberBalance> balances_at(std::string_view instant) const {
        return balances({&team, published, days, at(instant)});
    }
};

const Assignment& on(const Plan& plan, std::string_view date) {
    const auto found = std::find_if(plan.assignments.begin(), plan.assignments.end(),
                                    [&](const Assignment& it) { return it.shift.key.date == day(date); });
    REQUIRE(found != plan.assignments.end());
    return *found;
}

}  // namespace

TEST_CASE("The planner is told classes in the order in which they come, and what each carries") {
    Planning planning;
    planning.add_holiday(dan, "2026-03-12T00:00:00Z", "2026-03-13T00:00:00Z");
    planning.published = planning.plan().assignments;
    const PlannerInput fresh = *planning.recorder.asked;
    REQUIRE(fresh.classes.size() == 2);
    CHECK(fresh.classes[0].carried.empty());
    CHECK_FALSE(fresh.classes[0].last);
    REQUIRE(fresh.days.size() == 28);
    CHECK_FALSE(fresh.days[4].fair_class);
    CHECK(fresh.days[5].fair_class->index == 0);
    CHECK(fresh.days[5].fair_class->block == fresh.days[6].fair_class->block);
    CHECK(fresh.days[5].fair_class->block != fresh.days[12].fair_class->block);
    CHECK(fresh.days[10].fair_class->index == 1);

    // A week later: two weekend shifts were served, and no holiday.
    planning.now = at("2026-03-09T12:00:00Z");
    const Plan plan = planning.plan();
    const PlannerInput& asked = *planning.recorder.asked;
    REQUIRE(asked.classes.size() == 2);
    std::int64_t served = 0;
    for (const PlannerTotals& totals : asked.classes[1].carried) served += totals.served;
    CHECK(served == 2);  // weekends: the holiday comes first now
    CHECK(asked.classes[0].carried.empty());
    const auto sunday = on(plan, "2026-03-08").member;
    const auto& roster = planning.team.rotations.front().members;
    CHECK(roster.at(*asked.classes[1].last) == sunday);
}

TEST_CASE("What people are told of a weekend names it, with the balance in it") {
    const Planning planning;
    const Plan plan = planning.plan();
    const Assignment& saturday = on(plan, "2026-03-14");
    REQUIRE_FALSE(saturday.reasons.empty());
    CHECK(saturday.reasons.front().fair_class == "weekend");
    REQUIRE(saturday.reasons.front().class_balance);
    CHECK(*saturday.reasons.front().class_balance == Approx(0.5));  // a quarter each of two, and none served
    CHECK(on(plan, "2026-03-13").reasons.front().fair_class.empty());
    std::string text = explain_at_length(planning.team, plan, saturday);
    std::replace(text.begin(), text.end(), '\n', ' ');
    INFO(text);
    CHECK(text.find("next in turn for weekends; served last") != std::string::npos);
    CHECK(text.find(", in weekends +0.50)") != std::string::npos);
    CHECK(text.find("available, later in turn for weekends") != std::string::npos);
}

TEST_CASE("Balances have a line for each class that the rotation balances and has had shifts of") {
    Planning planning;
    planning.add_holiday(dan, "2026-03-12T00:00:00Z", "2026-03-13T00:00:00Z");
    planning.published = planning.plan().assignments;
    CHECK(planning.balances_at("2026-03-07T00:00:00Z").front().classes.empty());
    const auto lines = planning.balances_at("2026-04-01T00:00:00Z");
    REQUIRE(lines.size() == 4);
    double weekends = 0;
    double all = 0;
    for (const MemberBalance& line : lines) {
        REQUIRE(line.classes.size() == 2);
        CHECK(line.classes[0].fair_class == "weekend");
        CHECK(line.classes[0].shares == Approx(2));
        CHECK(line.classes[0].served == 2);
        CHECK(line.classes[0].balance == Approx(0).margin(1e-9));
        CHECK(line.classes[1].fair_class == "holiday");
        weekends += line.classes[1].balance;
        all += line.balance;
    }
    CHECK(weekends == Approx(0).margin(1e-9));
    CHECK(all == Approx(0).margin(1e-9));
    CHECK(lines[3].classes[1].shares == 0);  // dan was away: it was his holiday

    planning.team.rotations.front().balance.clear();
    CHECK(planning.balances_at("2026-04-01T00:00:00Z").front().classes.empty());
}

TEST_CASE("An address that somebody had before counts in classes, too") {
    Planning planning;
    planning.published = planning.plan().assignments;
    planning.now = at("2026-03-16T00:00:00Z");
    const MemberId before = id("alice.before@example.com");
    planning.team.members.front().aliases = {before};
    for (Assignment& assignment : planning.published) {
        if (assignment.member == alice) assignment.member = before;
        for (Candidate& candidate : assignment.candidates) {
            if (candidate.member == alice) candidate.member = before;
        }
    }
    planning.plan();
    const PlannerInput& asked = *planning.recorder.asked;
    REQUIRE(asked.classes.size() == 1);
    REQUIRE(asked.classes[0].carried.size() == 4);
    CHECK_FALSE(asked.classes[0].carried[0].earned.empty());
    std::int64_t served = 0;
    for (const PlannerTotals& totals : asked.classes[0].carried) served += totals.served;
    CHECK(served == 4);
}

}  // namespace class_plan_test
