#include "rotation/team_plan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "rotation/fair_planner.h"
#include "rotation/recording_planner.h"
#include "rotation/shifts.h"
#include "rotation/two_site_team.h"
#include "support/case_count.h"
#include "time/zone.h"

namespace team_plan_test {

using namespace watchbill;
using namespace watchbill::testing;
using namespace std::chrono_literals;

namespace {

// Monday to Friday, 2 to 6 March 2026, and the Monday after it. Paris is UTC+1.
const DaySpan week = {day("2026-03-02"), day("2026-03-10")};
const Instant before_all = at("2026-03-01T12:00:00Z");

// The mro rotation alone: alice, bob, carol, dan.
Team one_rotation() {
    Team team = two_site_team();
    team.rotations.resize(1);
    team.rotations.front().hands_over_to.clear();
    return team;
}

struct Planning {
    Team team = one_rotation();
    DaySpan days = week;
    Instant now = before_all;
    TeamAvailability availability;
    std::vector<Assignment> published;
    std::vector<Override> overrides;

    Plan plan() const {
        PlanRequest request;
        request.team = &team;
        request.days = days;
        request.now = now;
        request.availability = availability;
        request.published = published;
        request.overrides = overrides;
        return make_plan(request, FairPlanner());
    }

    void publish() { published = plan().assignments; }

    void take_away(const MemberId& member, std::string_view from, std::string_view to) {
        availability[member].absences.push_back({{at(from), at(to)}, std::nullopt, AbsenceKind::vacation});
    }
};

// "abcd": the holders by the first letters of their names, '-' where there is none.
std::string holders(const std::vector<Assignment>& assignments, const std::string& rotation = "mro") {
    std::string letters;
    for (const Assignment& assignment : assignments) {
        if (assignment.shift.key.rotation == rotation)
            letters += assignment.member ? assignment.member->email().front() : '-';
    }
    return letters;
}

std::string holders(const Plan& plan, const std::string& rotation = "mro") {
    return holders(plan.assignments, rotation);
}

Assignment on(const Plan& plan, std::string_view date, const std::string& rotation = "mro") {
    const ShiftKey key{rotation, day(date)};
    const auto found = std::find_if(plan.assignments.begin(), plan.assignments.end(),
                                    [&key](const Assignment& a) { return a.shift.key == key; });
    REQUIRE(found != plan.assignments.end());
    return *found;
}

std::vector<std::pair<ReasonCode, MemberId>> codes(const Assignment& assignment) {
    std::vector<std::pair<ReasonCode, MemberId>> codes;
    for (const Reason& reason : assignment.reasons) codes.emplace_back(reason.code, reason.member);
    return codes;
}

using Codes = std::vector<std::pair<ReasonCode, MemberId>>;
using Why = ReasonCode;

Override fix(std::string_view date, const MemberId& member, Instant when = before_all) {
    return {{"mro", day(date)}, member, "", "tests", when};
}

}  // namespace

TEST_CASE("with everybody there the roster goes round, and each day says why") {
    const Plan plan = Planning().plan();
    CHECK(holders(plan) == "abcdab");
    const Assignment tuesday = on(plan, "2026-03-03");
    CHECK(tuesday.shift.when == Interval{at("2026-03-03T08:00:00Z"), at("2026-03-03T17:00:00Z")});
    CHECK(codes(tuesday) == Codes{{Why::next_turn, bob},
                                  {Why::not_their_turn, alice},
                                  {Why::not_their_turn, carol},
                                  {Why::not_their_turn, dan}});
    CHECK_FALSE(tuesday.rest_broken);
    CHECK_FALSE(tuesday.overridden);
}

TEST_CASE("who is absent or resting is passed over, with interval and kind") {
    Planning planning;
    planning.take_away(alice, "2026-03-01T23:00:00Z", "2026-03-02T23:00:00Z");
    const Interval duty{at("2026-03-01T21:00:00Z"), at("2026-03-02T06:00:00Z")};
    planning.availability[bob].night_duties = {duty};
    const Plan plan = planning.plan();
    CHECK(holders(plan) == "cdabcd");
    const Assignment monday = on(plan, "2026-03-02");
    CHECK(codes(monday) == Codes{{Why::next_turn, carol},
                                 {Why::absent, alice},
                                 {Why::resting, bob},
                                 {Why::not_their_turn, dan}});
    CHECK(monday.reasons[1].absence_kind == AbsenceKind::vacation);
    CHECK(monday.reasons[1].when == Interval{at("2026-03-01T23:00:00Z"), at("2026-03-02T23:00:00Z")});
    CHECK(monday.reasons[2].when == duty);
}

TEST_CASE("a day with one candidate says so") {
    Planning planning;
    for (const MemberId& member : {alice, bob, dan})
        planning.take_away(member, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    CHECK(codes(on(planning.plan(), "2026-03-02")) ==
          Codes{{Why::only_candidate, carol}, {Why::absent, alice}, {Why::absent, bob}, {Why::absent, dan}});
}

TEST_CASE("rest is broken only when nobody else is there") {
    Planning planning;
    for (const MemberId& member : {alice, dan})
        planning.take_away(member, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    const Interval duty{at("2026-03-01T21:00:00Z"), at("2026-03-02T06:00:00Z")};
    for (const MemberId& member : {bob, carol}) planning.availability[member].night_duties = {duty};
    const Assignment monday = on(planning.plan(), "2026-03-02");
    CHECK(monday.rest_broken);
    CHECK(codes(monday) ==
          Codes{{Why::rest_broken, bob}, {Why::absent, alice}, {Why::resting, carol}, {Why::absent, dan}});
    CHECK(monday.reasons.front().when == duty);
}

TEST_CASE("a day on which everybody is absent is uncovered, and the turns go on after it") {
    Planning planning;
    for (const MemberId& member : {alice, bob, carol, dan})
        planning.take_away(member, "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z");
    const Plan plan = planning.plan();
    CHECK(holders(plan) == "a-bcda");
    const Assignment tuesday = on(plan, "2026-03-03");
    CHECK(codes(tuesday) == Codes{{Why::uncovered, MemberId()},
                                  {Why::absent, alice},
                                  {Why::absent, bob},
                                  {Why::absent, carol},
                                  {Why::absent, dan}});
    CHECK_FALSE(tuesday.rest_broken);
}

TEST_CASE("planning again changes nothing") {
    Planning planning;
    planning.team = two_site_team();
    planning.take_away(alice, "2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z");
    for (const MemberId& member : {bob, carol, dan})
        planning.take_away(member, "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z");
    planning.overrides = {fix("2026-03-06", bob)};
    const Plan first = planning.plan();
    planning.publish();
    CHECK(planning.plan() == first);
    planning.now = at("2026-03-04T12:00:00Z");  // while a shift runs
    CHECK(planning.plan() == first);
    CHECK(changes_between(planning.published, planning.plan(), planning.now).changed.empty());
}

TEST_CASE("an absence moves only the days that it takes") {
    Planning planning;
    planning.publish();
    planning.take_away(bob, "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z");
    const Plan plan = planning.plan();
    CHECK(holders(plan) == "adcdab");  // not carol, who would serve on two days in a row
    CHECK(codes(on(plan, "2026-03-03")) == Codes{{Why::next_turn, dan},
                                                 {Why::not_their_turn, alice},
                                                 {Why::absent, bob},
                                                 {Why::not_their_turn, carol},
                                                 {Why::replaced, bob}});

    planning.publish();
    CHECK(planning.plan() == plan);

    // Bob is back: the published day does not dance, and still says whom dan replaced.
    planning.availability.clear();
    const Plan back = planning.plan();
    CHECK(holders(back) == "adcdab");
    CHECK(codes(on(back, "2026-03-03")).back() == std::pair(Why::replaced, bob));
}

TEST_CASE("a day kept for another reason than its turn says that it was published") {
    Planning planning;
    for (const MemberId& member : {alice, bob, dan})
        planning.take_away(member, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    planning.publish();
    planning.availability.clear();
    const Plan plan = planning.plan();
    CHECK(codes(on(plan, "2026-03-02")).front() == std::pair(Why::kept_published, carol));
    planning.publish();
    CHECK(planning.plan() == plan);
}

TEST_CASE("shifts that have started are history and stay as they were published") {
    Planning planning;
    planning.publish();
    const Plan published = planning.plan();
    planning.now = at("2026-03-03T08:00:00Z");  // Tuesday's shift starts now
    for (const MemberId& member : {alice, bob})
        planning.take_away(member, "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z");
    planning.overrides = {fix("2026-03-02", dan), fix("2026-03-03", dan)};
    planning.team.rotations.front().start = 10h;
    const Plan plan = planning.plan();
    CHECK(on(plan, "2026-03-02") == on(published, "2026-03-02"));
    CHECK(on(plan, "2026-03-03") == on(published, "2026-03-03"));
    CHECK(on(plan, "2026-03-04").shift.when.start == at("2026-03-04T09:00:00Z"));
    CHECK(holders(plan) == "abcdcd");
}

TEST_CASE("an uncovered shift that has started stays uncovered") {
    Planning planning;
    for (const MemberId& member : {alice, bob, carol, dan})
        planning.take_away(member, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    planning.publish();
    planning.availability.clear();
    planning.now = at("2026-03-02T09:00:00Z");
    CHECK(holders(planning.plan()) == "-abcda");
    planning.now = before_all;
    CHECK(holders(planning.plan()).front() == 'd');  // whose first turn, on Friday, would be late
}

TEST_CASE("history without reasons says that it is history") {
    Planning planning;
    planning.publish();
    planning.published.front().reasons.clear();
    planning.now = at("2026-03-02T09:00:00Z");
    CHECK(codes(on(planning.plan(), "2026-03-02")) == Codes{{Why::in_the_past, alice}});
}

TEST_CASE("the day on which a shift was served stays when the configuration drops it") {
    Planning planning;
    planning.publish();
    planning.now = at("2026-03-02T09:00:00Z");
    planning.team.rotations.front().days = {false, false, true, true, false, false, false};  // Tue, Wed
    const Plan plan = planning.plan();
    REQUIRE(plan.assignments.size() == 3);
    CHECK(holders(plan) == "abc");
    const PlanChanges changes = changes_between(planning.published, plan, planning.now);
    CHECK(changes.changed.empty());
    CHECK(changes.withdrawn == std::vector<ShiftKey>{{"mro", day("2026-03-05")},
                                                     {"mro", day("2026-03-06")},
                                                     {"mro", day("2026-03-09")}});
}

TEST_CASE("the planner is told members, days and what stands, by index") {
    Planning planning;
    planning.team.members[1].weight = 500;
    planning.team.notice_days = 2;
    planning.publish();
    planning.published[0].shift.when = {at("2026-03-02T06:00:00Z"), at("2026-03-02T14:00:00Z")};
    planning.published[1].member.reset();
    planning.published[2].member = carol;
    planning.published[4].member = alice;
    planning.now = at("2026-03-03T22:59:59Z");  // Tuesday, a second before midnight in Paris
    planning.take_away(carol, "2026-03-02T06:00:00Z", "2026-03-02T10:00:00Z");  // 2 h of the configured times
    planning.take_away(bob, "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z");
    planning.overrides = {fix("2026-03-02", zoe), fix("2026-03-05", yann)};

    const test::RecordingPlanner recorder;
    PlanRequest request;
    request.team = &planning.team;
    request.days = planning.days;
    request.now = planning.now;
    request.availability = planning.availability;
    request.published = planning.published;
    request.overrides = planning.overrides;
    make_plan(request, recorder);
    const PlannerInput& asked = *recorder.asked;

    REQUIRE(asked.members.size() == 5);  // the roster and yann, who covers; zoe never served
    CHECK(asked.members[1].weight == 500);
    CHECK(asked.members[4].weight == 1000);
    // History: alice served on Monday, when all four could, and nobody on Tuesday.
    CHECK(asked.last == 0U);
    CHECK(asked.members[0].served == 1);
    CHECK(asked.members[1].served == 0);
    REQUIRE(asked.members[1].earned.size() == 1);
    CHECK(asked.members[1].earned[0].numerator == 500);
    CHECK(asked.members[1].earned[0].denominator == 3500);
    CHECK(asked.members[4].earned.empty());
    REQUIRE(asked.days.size() == 4);
    using Members = std::vector<std::size_t>;
    CHECK_FALSE(asked.days[0].fixed);
    CHECK(asked.days[0].published == 2U);
    CHECK(asked.days[0].candidates == Members{0, 2, 3});
    CHECK(asked.days[1].fixed == 4U);
    CHECK(asked.days[1].candidates == Members{4});  // a guest's day earns nobody else a share
    CHECK(asked.days[2].published == 0U);
    // Two days from Tuesday: Tuesday and Wednesday.
    CHECK(asked.days[0].in_notice);
    CHECK_FALSE(asked.days[1].in_notice);

    request.now += 1s;  // Wednesday
    make_plan(request, recorder);
    CHECK(asked.days[1].in_notice);
    CHECK_FALSE(asked.days[2].in_notice);
}

TEST_CASE("turns go on from the history before the planned days") {
    Planning planning;
    planning.publish();
    planning.days = {day("2026-03-04"), day("2026-03-07")};
    planning.published.resize(2);  // alice on Monday, bob on Tuesday
    planning.now = at("2026-03-04T00:00:00Z");
    CHECK(holders(planning.plan()) == "cda");

    planning.published.back().member = std::nullopt;  // uncovered
    CHECK(holders(planning.plan()) == "bcd");
    planning.published.back().member = zoe;  // of another rotation: it moved no turn
    CHECK(holders(planning.plan()) == "bcd");
}

TEST_CASE("an override is served by whom people chose") {
    Planning planning;
    planning.publish();
    planning.take_away(dan, "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z");
    planning.overrides = {fix("2026-03-03", carol), fix("2026-03-03", dan)};  // the last one counts
    const Plan plan = planning.plan();
    CHECK(holders(plan) == "adcdab");
    const Assignment tuesday = on(plan, "2026-03-03");
    CHECK(tuesday.overridden);
    // He is away, and people chose him all the same.
    CHECK(codes(tuesday) == Codes{{Why::override_set, dan},
                                  {Why::absent, dan},
                                  {Why::not_their_turn, alice},
                                  {Why::not_their_turn, bob},
                                  {Why::not_their_turn, carol},
                                  {Why::replaced, bob}});
    planning.publish();
    CHECK(planning.plan() == plan);
}

TEST_CASE("a withdrawn override goes back to who held the shift") {
    Planning planning;
    planning.publish();
    const Plan before = planning.plan();
    planning.overrides = {fix("2026-03-03", dan), fix("2026-03-05", bob)};
    planning.publish();
    CHECK(holders(planning.published) == "adcbab");
    planning.overrides = {fix("2026-03-03", carol), fix("2026-03-05", bob)};  // changed
    planning.publish();
    CHECK(holders(planning.published) == "accbab");
    planning.overrides.clear();
    CHECK(planning.plan() == before);

    // Unless they have become unavailable meanwhile.
    planning.take_away(bob, "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z");
    const Plan without_bob = planning.plan();
    CHECK(holders(without_bob) == "adcdab");
    CHECK_FALSE(on(without_bob, "2026-03-03").overridden);
    CHECK(codes(on(without_bob, "2026-03-03")).back() == std::pair(Why::replaced, bob));
}

TEST_CASE("an override may name somebody outside the rotation, and somebody who should rest") {
    Planning planning;
    planning.overrides = {fix("2026-03-03", zoe), fix("2026-03-04", bob)};
    planning.availability[bob].night_duties = {{at("2026-03-03T21:00:00Z"), at("2026-03-04T06:00:00Z")}};
    const Plan plan = planning.plan();
    CHECK(holders(plan) == "azbcda");
    CHECK(codes(on(plan, "2026-03-03")).size() == 5);  // zoe and why not each of the roster
    CHECK(on(plan, "2026-03-04").rest_broken);
    CHECK(codes(on(plan, "2026-03-04")).front() == std::pair(Why::override_set, bob));
}

TEST_CASE("a running shift can be given to somebody else, and is theirs in history and in balances") {
    Planning planning;
    planning.publish();
    planning.now = at("2026-03-02T12:00:00Z");  // Monday's shift, alice's, runs
    planning.overrides = {fix("2026-03-02", dan, at("2026-03-02T11:00:00Z"))};
    const Plan plan = planning.plan();
    const Assignment monday = on(plan, "2026-03-02");
    CHECK(monday.member == dan);
    CHECK(monday.overridden);
    CHECK(codes(monday).front() == std::pair(Why::override_set, dan));
    CHECK(codes(monday).back() == std::pair(Why::replaced, alice));
    const PlanChanges changes = changes_between(planning.published, plan, planning.now);
    REQUIRE_FALSE(changes.changed.empty());
    CHECK(changes.changed.front() == monday);

    // It stays so after the shift, also for whoever reads the old row only then.
    planning.now = at("2026-03-02T20:00:00Z");
    CHECK(on(planning.plan(), "2026-03-02") == monday);
    planning.days.first = day("2026-03-03");
    CHECK(on(planning.plan(), "2026-03-02") == monday);
    planning.published.front() = monday;
    CHECK(planning.plan().assignments.front().shift.key.date == day("2026-03-03"));
    const std::vector<Reason> reasons = planning.plan().assignments.front().reasons;
    const auto about = [&reasons](const MemberId& member) {
        return std::find_if(reasons.begin(), reasons.end(),
                            [&member](const Reason& r) { return r.member == member; })
            ->balance.value();
    };
    CHECK(about(dan) == -0.75);
    CHECK(about(alice) == 0.25);
}

TEST_CASE("an override made before or after a shift is none that it ran under") {
    Planning planning;
    planning.publish();
    planning.now = at("2026-03-02T20:00:00Z");
    for (const char* when : {"2026-03-02T07:59:59Z", "2026-03-02T17:00:00Z"}) {
        planning.overrides = {fix("2026-03-02", dan, at(when))};
        CHECK(on(planning.plan(), "2026-03-02").member == alice);
    }
}

TEST_CASE("a guest's service leaves the roster's balances alone") {
    Planning planning;
    planning.overrides = {fix("2026-03-03", zoe)};
    planning.publish();
    CHECK(on(planning.plan(), "2026-03-03").candidates == std::vector<Candidate>{{zoe, 1000}});
    planning.now = at("2026-03-04T00:00:00Z");
    planning.days.first = day("2026-03-04");
    double sum = 0;
    for (const Reason& reason : on(planning.plan(), "2026-03-04").reasons) sum += reason.balance.value_or(0);
    CHECK(sum == 0.0);
}

TEST_CASE("balances before a shift tell what each candidate has earned and served until then") {
    Planning planning;
    planning.team.members[0].weight = 500;  // alice, half-time: 1/7, the others 2/7
    planning.publish();
    const Plan plan = planning.plan();
    for (const Reason& reason : plan.assignments[0].reasons) CHECK(reason.balance == 0.0);
    std::map<MemberId, double> expected;
    for (std::size_t i = 0; i < 3; ++i) {
        for (const Reason& reason : plan.assignments[i].reasons)
            CHECK(reason.balance.value() == Approx(expected[reason.member]).margin(1e-12));
        for (const MemberId& member : {alice, bob, carol, dan})
            expected[member] += member == alice ? 1.0 / 7 : 2.0 / 7;
        expected[plan.assignments[i].member.value()] -= 1;
    }
}

TEST_CASE("a shift on its holder's holiday says so") {
    Planning planning;
    planning.availability[alice].absences = {
        {{at("2026-03-02T08:00:00Z"), at("2026-03-02T10:00:00Z")}, std::nullopt, AbsenceKind::holiday}};
    planning.availability[bob].absences = {
        {{at("2026-03-03T08:00:00Z"), at("2026-03-03T10:00:00Z")}, std::nullopt, AbsenceKind::vacation}};
    const Plan plan = planning.plan();
    CHECK(holders(plan) == "abcdab");  // two hours keep nobody away
    CHECK(on(plan, "2026-03-02").on_holiday);
    CHECK_FALSE(on(plan, "2026-03-03").on_holiday);
    CHECK_FALSE(on(plan, "2026-03-04").on_holiday);
}

TEST_CASE("overrides by another address of a member are the member's") {
    Planning planning;
    planning.team.members[3].aliases = {id("d.moreau@example.org")};
    planning.overrides = {fix("2026-03-02", id("d.moreau@example.org"))};
    CHECK(on(planning.plan(), "2026-03-02").member == dan);
}

TEST_CASE("overrides of shifts that do not exist are nothing") {
    Planning planning;
    planning.overrides = {fix("2026-03-07", dan),
                          {{"nightly", day("2026-03-02")}, dan, "", "tests", before_all}};
    CHECK(planning.plan() == Planning().plan());
}

TEST_CASE("each rotation is planned for itself, in order of start") {
    Planning planning;
    planning.team = two_site_team();
    const Plan plan = planning.plan();
    CHECK(holders(plan, "mro") == "abcdab");
    CHECK(holders(plan, "remote") == "zyzyzy");
    CHECK(plan.assignments.size() == 12);
    CHECK(std::is_sorted(
        plan.assignments.begin(), plan.assignments.end(),
        [](const Assignment& a, const Assignment& b) { return a.shift.when.start < b.shift.when.start; }));
    planning.publish();
    planning.take_away(bob, "2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z");
    CHECK(holders(planning.plan(), "remote") == holders(plan, "remote"));
}

TEST_CASE("shifts that start together stay in the order of the team's rotations") {
    Planning planning;
    Rotation twin = planning.team.rotations.front();
    twin.name = "a_twin";
    planning.team.rotations.push_back(twin);
    const Plan plan = planning.plan();
    REQUIRE(plan.assignments.size() == 12);
    CHECK(plan.assignments[0].shift.key.rotation == "mro");
    CHECK(plan.assignments[1].shift.key.rotation == "a_twin");
}

TEST_CASE("a published holder who left the roster is replaced by the next in turn") {
    Planning planning;
    planning.publish();
    planning.team.rotations.front().members = {alice, carol, dan};
    const Plan plan = planning.plan();
    CHECK(holders(plan) == "adcdac");
    CHECK(codes(on(plan, "2026-03-03")).back() == std::pair(Why::replaced, bob));
    planning.team.members.erase(planning.team.members.begin() + 1);  // the team knows them no more
    CHECK(codes(on(planning.plan(), "2026-03-03")).back() == std::pair(Why::not_their_turn, carol));
}

TEST_CASE("changes are what a subscriber would see") {
    Planning planning;
    const Plan plan = planning.plan();
    CHECK(changes_between({}, plan, before_all).changed == plan.assignments);
    CHECK(changes_between({}, plan, before_all).withdrawn.empty());

    const auto changed_dates = [&plan](auto change) {
        Plan other = plan;
        change(other.assignments[1]);
        std::vector<Day> dates;
        for (const Assignment& a : changes_between(plan.assignments, other, before_all).changed)
            dates.push_back(a.shift.key.date);
        return dates;
    };
    const std::vector<Day> tuesday = {day("2026-03-03")};
    CHECK(changed_dates([](Assignment&) {}).empty());
    CHECK(changed_dates([](Assignment& a) { a.member = dan; }) == tuesday);
    CHECK(changed_dates([](Assignment& a) { a.member.reset(); }) == tuesday);
    CHECK(changed_dates([](Assignment& a) { a.shift.when.end += 1h; }) == tuesday);
    CHECK(changed_dates([](Assignment& a) { a.rest_broken = true; }) == tuesday);
    CHECK(changed_dates([](Assignment& a) { a.overridden = true; }) == tuesday);
    CHECK(changed_dates([](Assignment& a) { a.reasons.pop_back(); }) == tuesday);
    CHECK(changed_dates([](Assignment& a) { a.reasons.back().balance = 0.5; }).empty());
}

TEST_CASE("history is neither changed nor withdrawn") {
    const Plan plan = Planning().plan();
    Plan other = plan;
    other.assignments[0].member = dan;
    other.assignments[1].member = dan;
    const Instant tuesday_start = at("2026-03-03T08:00:00Z");
    CHECK(changes_between(plan.assignments, other, tuesday_start).changed.empty());
    CHECK(changes_between(plan.assignments, other, tuesday_start - 1s).changed.size() == 1);
    CHECK(changes_between(plan.assignments, Plan(), tuesday_start).withdrawn.size() == 4);
}

TEST_CASE("the shift that runs during the first plan is put on record, earlier ones are not") {
    const Plan plan = Planning().plan();
    const PlanChanges changes = changes_between({}, plan, at("2026-03-03T12:00:00Z"));
    REQUIRE(changes.changed.size() == 5);
    CHECK(changes.changed.front().shift.key.date == day("2026-03-03"));
}

namespace {

// A random team of two rotations that share some members, and its calendars.
class RandomTeam {
public:
    explicit RandomTeam(std::mt19937& random) : random_(random) {
        const int size = 2 + below(6);
        planning.team = two_site_team();
        planning.team.members.clear();
        for (int i = 0; i < size; ++i) {
            const std::string name = std::string(1, static_cast<char>('a' + i)) + "@example.com";
            planning.team.members.push_back(member(name, name, "Europe/Paris", "paris"));
        }
        for (Rotation& rotation : planning.team.rotations) {
            rotation.members.clear();
            for (const Member& someone : planning.team.members) {
                if (rotation.members.empty() || below(3) > 0) rotation.members.push_back(someone.id);
            }
            if (below(2) == 0) rotation.days.fill(true);
            if (below(3) == 0) rotation.end.reset();
        }
        // Across the spring change of either side.
        planning.days = {day("2026-02-20"), day("2026-02-20") + std::chrono::days(30 + below(30))};
        planning.now = at("2026-02-19T00:00:00Z");
        for (const Member& someone : planning.team.members) fill(planning.availability[someone.id]);
    }

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

    Instant some_instant() { return at("2026-02-19T00:00:00Z") + std::chrono::minutes(30 * below(60 * 48)); }

    Planning planning;

private:
    void fill(Availability& availability) {
        for (int i = below(5); i > 0; --i) {
            const Instant start = some_instant();
            const auto hours = std::chrono::hours(below(2) == 0 ? below(12) : 24 * below(20));
            availability.absences.push_back({{start, start + hours}, std::nullopt, AbsenceKind::other});
        }
        for (int i = below(12); i > 0; --i) {
            const Instant start = some_instant();
            availability.night_duties.push_back({start, start + std::chrono::hours(4 + below(9))});
        }
    }

    std::mt19937& random_;
};

// One member's time in half hours, which everything here is made of: independent of candidates_for.
class HalfHours {
public:
    explicit HalfHours(const Availability& availability) : away_(count), working_(count) {
        for (const Absence& absence : availability.absences) mark(away_, absence.when);
        for (const Interval& duty : availability.night_duties) mark(working_, duty);
    }

    bool is_there(const Interval& shift) const {
        return marks(away_, shift) < std::min<long>(shift.length() / 30min, 8);
    }
    bool is_rested(const Interval& shift) const {
        return marks(working_, {shift.start - 11h, shift.end}) == 0;
    }

private:
    using Marks = std::vector<bool>;
    static constexpr size_t count = size_t{100} * 48;

    static Marks::difference_type index(Instant instant) {
        return (instant - at("2026-02-10T00:00:00Z")) / 30min;
    }
    static void mark(Marks& marked, const Interval& when) {
        std::fill(marked.begin() + index(when.start), marked.begin() + index(when.end), true);
    }
    static long marks(const Marks& marked, const Interval& when) {
        return std::count(marked.begin() + index(when.start), marked.begin() + index(when.end), true);
    }

    Marks away_;
    Marks working_;
};

}  // namespace

TEST_CASE("nobody absent or resting is assigned while anybody else can be") {
    const unsigned seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : 20261125U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    int broken_rests = 0;
    int uncovered_days = 0;
    for (int round = 0; round < test::case_count(400); ++round) {
        RandomTeam random_team(random);
        const Planning& planning = random_team.planning;
        const Plan plan = planning.plan();
        REQUIRE(planning.plan() == plan);
        size_t expected_shifts = 0;
        for (const Rotation& rotation : planning.team.rotations)
            expected_shifts += shifts_of(rotation, planning.days).size();
        REQUIRE(plan.assignments.size() == expected_shifts);

        std::map<MemberId, HalfHours> time;
        for (const auto& [someone, availability] : planning.availability)
            time.emplace(someone, HalfHours(availability));
        for (const Assignment& assignment : plan.assignments) {
            const Shift& shift = assignment.shift;
            CAPTURE(round, shift.key.rotation, format_day(shift.key.date));
            std::set<MemberId> rested;
            std::set<MemberId> tired;
            const Rotation& rotation = *planning.team.find_rotation(shift.key.rotation);
            for (const MemberId& someone : rotation.members) {
                const HalfHours& theirs = time.at(someone);
                if (!theirs.is_there(shift.when)) continue;
                (theirs.is_rested(shift.when) ? rested : tired).insert(someone);
            }
            const std::set<MemberId>& allowed = rested.empty() ? tired : rested;
            REQUIRE(assignment.member.has_value() == !allowed.empty());
            if (assignment.member) REQUIRE(allowed.contains(*assignment.member));
            REQUIRE(assignment.rest_broken == (rested.empty() && !tired.empty()));
            // One reason a person: the holder's first, or that there is none.
            REQUIRE(assignment.reasons.size() == rotation.members.size() + (assignment.member ? 0 : 1));
            for (const Reason& reason : assignment.reasons) {
                REQUIRE((reason.code == Why::absent) ==
                        (!reason.member.empty() && !allowed.contains(reason.member) &&
                         !tired.contains(reason.member)));
            }
            broken_rests += assignment.rest_broken ? 1 : 0;
            uncovered_days += assignment.member ? 0 : 1;
        }
    }
    CHECK(broken_rests > test::case_count(20));
    CHECK(uncovered_days > test::case_count(20));
}

namespace {

std::vector<Assignment> without_balances(std::vector<Assignment> assignments) {
    for (Assignment& assignment : assignments)
        for (Reason& reason : assignment.reasons) reason.balance.reset();
    return assignments;
}

}  // namespace

TEST_CASE("a year of news changes only what it must, and planning again nothing") {
    const unsigned seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : 20261126U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < test::case_count(100); ++round) {
        RandomTeam random_team(random);
        Planning& planning = random_team.planning;
        planning.publish();
        std::map<ShiftKey, Assignment> history;
        for (int step = 0; step < 8; ++step) {
            planning.now += std::chrono::hours(random_team.below(120));
            const auto someone = planning.team.members.begin() +
                                 random_team.below(static_cast<int>(planning.team.members.size()));
            const Instant start = random_team.some_instant();
            auto& absences = planning.availability[someone->id].absences;
            const bool comes_back = !absences.empty() && random_team.below(3) == 0;
            if (comes_back) {
                absences.pop_back();
            } else {
                absences.push_back({{start, start + 24h}, std::nullopt, AbsenceKind::sick});
            }
            const std::vector<Assignment> before = planning.published;
            const Plan plan = planning.plan();
            CAPTURE(round, step, comes_back, someone->id.email());
            REQUIRE(plan.assignments.size() == before.size());
            const auto notice_end = [&planning](const ShiftKey& key) {
                const Rotation& rotation = *planning.team.find_rotation(key.rotation);
                return Zone::get(rotation.zone).day_of(planning.now) +
                       std::chrono::days(planning.team.notice_days);
            };
            for (size_t i = 0; i < before.size(); ++i) {
                const Assignment& after = plan.assignments[i];
                REQUIRE(after.shift == before[i].shift);
                if (before[i].shift.when.start <= planning.now) {
                    history.emplace(after.shift.key, before[i]);
                    REQUIRE(after == history.at(after.shift.key));
                } else if (after.member != before[i].member &&
                           after.shift.key.date < notice_end(after.shift.key)) {
                    // Inside the notice only the one in the news lost a shift; or somebody now can take what
                    // was uncovered, or what its holder served without rest.
                    const bool lost = !comes_back && before[i].member == someone->id;
                    const bool relieved = !before[i].member || before[i].rest_broken;
                    REQUIRE((lost || relieved));
                }
            }
            const PlanChanges changes = changes_between(before, plan, planning.now);
            REQUIRE(changes.withdrawn.empty());
            for (const Assignment& changed : changes.changed) {
                const auto row = std::find_if(
                    planning.published.begin(), planning.published.end(),
                    [&changed](const Assignment& a) { return a.shift.key == changed.shift.key; });
                REQUIRE(row != planning.published.end());
                *row = changed;
            }
            REQUIRE(without_balances(planning.published) == without_balances(plan.assignments));
            REQUIRE(planning.plan() == plan);
        }
    }
}

TEST_CASE("published shifts of a member whose address changed stay theirs where the old one is an alias") {
    Planning planning;
    planning.publish();
    std::vector<std::optional<MemberId>> before;
    for (const Assignment& assignment : planning.published) before.push_back(assignment.member);
    const MemberId renamed = id("alice.martin@example.org");
    Member& member = planning.team.members.front();
    REQUIRE(member.id == alice);
    member.aliases.push_back(alice);
    member.id = renamed;
    planning.team.rotations.front().members.front() = renamed;
    const Plan plan = planning.plan();
    REQUIRE(plan.assignments.size() == before.size());
    for (size_t i = 0; i < before.size(); ++i)
        CHECK(plan.assignments[i].member == (before[i] == alice ? renamed : before[i]));
}

}  // namespace team_plan_test
