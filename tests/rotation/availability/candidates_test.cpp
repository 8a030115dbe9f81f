#include "rotation/availability/candidates.h"

#include <catch2/catch.hpp>
#include <random>

#include "rotation/planning/shifts.h"
#include "time/format.h"

namespace candidates_test {

using namespace watchbill;
using namespace std::chrono_literals;

namespace {

MemberId id(std::string_view email) { return MemberId::parse(email).value(); }
const MemberId alice = id("alice@example.com");
const MemberId bob = id("bob@example.com");
const MemberId carol = id("carol@example.com");

Interval span(std::string_view from, std::string_view to) {
    return {parse_instant(from).value(), parse_instant(to).value()};
}

Member member(const MemberId& who, std::string site = "paris") {
    Member made;
    made.id = who;
    made.name = who.email();
    made.zone = "UTC";
    made.site = std::move(site);
    return made;
}

// One rotation from 09:00 to 18:00 UTC.
Team team() {
    Team made;
    made.zone = "UTC";
    made.members = {member(alice), member(bob), member(carol, "montreal")};
    Rotation rotation;
    rotation.name = "mro";
    rotation.zone = "UTC";
    rotation.start = 9h;
    rotation.end = 18h;
    rotation.days.fill(true);
    rotation.members = {bob, alice, carol};
    made.rotations = {rotation};
    return made;
}

Shift shift(std::string_view date = "2026-03-03") {
    return shift_on(team().rotations.front(), parse_day(date).value()).value();
}

Candidates candidates(const TeamAvailability& availability, const Shift& on = shift(),
                      const Team& of = team()) {
    return candidates_for(of, of.rotations.front(), on, availability);
}

Absence absence(Interval when, AbsenceKind kind = AbsenceKind::vacation) {
    return {when, std::nullopt, kind};
}

bool is_available(const Availability& alices, std::string_view date = "2026-03-03") {
    const auto eligible = candidates({{alice, alices}}, shift(date)).eligible;
    return std::find(eligible.begin(), eligible.end(), alice) != eligible.end();
}

bool is_available_with(std::vector<Interval> absences) {
    Availability alices;
    for (const Interval& when : absences) alices.absences.push_back(absence(when));
    return is_available(alices);
}

}  // namespace

TEST_CASE("who has nothing in their calendar is a candidate, in roster order") {
    const Candidates all = candidates({});
    CHECK(all.eligible == std::vector{bob, alice, carol});
    CHECK_FALSE(all.rest_broken);
    CHECK(all.unavailable.empty());
}

TEST_CASE("absent is who is away for the threshold of the shift or more") {
    CHECK_FALSE(is_available_with({span("2026-03-03T09:00:00Z", "2026-03-03T13:00:00Z")}));
    CHECK(is_available_with({span("2026-03-03T09:00:00Z", "2026-03-03T12:59:59Z")}));
    // Only the shift's own time counts.
    CHECK(is_available_with({span("2026-03-03T00:00:00Z", "2026-03-03T12:59:59Z")}));
    CHECK(is_available_with({span("2026-03-03T18:00:00Z", "2026-03-05T00:00:00Z")}));
    CHECK_FALSE(is_available_with({span("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z")}));
    CHECK_FALSE(is_available_with({span("2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z")}));
}

TEST_CASE("absences add up, but what overlaps counts once") {
    CHECK_FALSE(is_available_with({span("2026-03-03T09:00:00Z", "2026-03-03T11:00:00Z"),
                                   span("2026-03-03T16:00:00Z", "2026-03-03T19:00:00Z")}));
    CHECK(is_available_with({span("2026-03-03T09:00:00Z", "2026-03-03T12:00:00Z"),
                             span("2026-03-03T09:00:00Z", "2026-03-03T12:00:00Z"),
                             span("2026-03-03T10:00:00Z", "2026-03-03T12:30:00Z")}));
}

TEST_CASE("the threshold is the team's, and a shift shorter than it must be covered whole") {
    Team lenient = team();
    lenient.absence_threshold = 6h;
    const TeamAvailability five_hours = {
        {alice, {{absence(span("2026-03-03T09:00:00Z", "2026-03-03T14:00:00Z"))}, {}}}};
    CHECK(candidates(five_hours, shift(), lenient).eligible.size() == 3);
    lenient.absence_threshold = 5h;
    CHECK(candidates(five_hours, shift(), lenient).eligible.size() == 2);

    Shift two_hours = shift();
    two_hours.when.end = two_hours.when.start + 2h;
    CHECK(candidates({{alice, {{absence({two_hours.when.start, two_hours.when.end - 1s})}, {}}}}, two_hours)
              .eligible.size() == 3);
    CHECK(candidates({{alice, {{absence(two_hours.when)}, {}}}}, two_hours).eligible.size() == 2);

    lenient.absence_threshold = 0h;  // any absence, but not none
    CHECK(candidates({}, shift(), lenient).eligible.size() == 3);
    CHECK(candidates({{alice, {{absence({two_hours.when.start, two_hours.when.start + 1s})}, {}}}}, shift(),
                     lenient)
              .eligible.size() == 2);
}

TEST_CASE("a night duty takes the next shift only") {
    const Availability duty{{}, {span("2026-03-02T22:00:00Z", "2026-03-03T07:00:00Z")}};
    CHECK(is_available(duty, "2026-03-02"));  // not the day shift before it
    CHECK_FALSE(is_available(duty, "2026-03-03"));
    CHECK(is_available(duty, "2026-03-04"));
}

TEST_CASE("rest is over when the team's rest has passed") {
    const auto after_duty_until = [](std::string_view end) {
        return is_available({{}, {span("2026-03-02T10:00:00Z", end)}});
    };
    CHECK(after_duty_until("2026-03-02T22:00:00Z"));  // 11 h before 09:00
    CHECK_FALSE(after_duty_until("2026-03-02T22:00:01Z"));
    CHECK_FALSE(after_duty_until("2026-03-03T09:00:00Z"));
    CHECK_FALSE(after_duty_until("2026-03-03T09:00:01Z"));  // it overlaps

    Team tireless = team();
    tireless.rest = 0h;
    const TeamAvailability until_nine = {
        {alice, {{}, {span("2026-03-02T22:00:00Z", "2026-03-03T09:00:00Z")}}}};
    CHECK(candidates(until_nine, shift(), tireless).eligible.size() == 3);
}

TEST_CASE("a shift that overlaps a night duty is resting time") {
    CHECK_FALSE(is_available({{}, {span("2026-03-03T17:59:59Z", "2026-03-04T06:00:00Z")}}));
    CHECK(is_available({{}, {span("2026-03-03T18:00:00Z", "2026-03-04T06:00:00Z")}}));
    CHECK_FALSE(is_available({{}, {span("2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z")}}));
    CHECK(is_available({{}, {span("2026-03-03T10:00:00Z", "2026-03-03T10:00:00Z")}}));  // empty
}

TEST_CASE("why somebody cannot serve is told by interval and kind") {
    const Interval trip = span("2026-03-03T12:00:00Z", "2026-03-06T00:00:00Z");
    const Interval doctor = span("2026-03-03T09:00:00Z", "2026-03-03T11:00:00Z");
    const Interval short_duty = span("2026-03-02T20:00:00Z", "2026-03-03T01:00:00Z");
    const Interval long_duty = span("2026-03-02T21:00:00Z", "2026-03-03T05:00:00Z");
    const Candidates found = candidates({{alice, {{absence(doctor, AbsenceKind::sick), absence(trip)}, {}}},
                                         {bob, {{}, {short_duty, long_duty}}}});
    CHECK(found.eligible == std::vector{carol});
    REQUIRE(found.unavailable.size() == 2);  // in roster order
    CHECK(found.unavailable[0] == Reason{ReasonCode::resting, bob, long_duty, {}, {}});
    CHECK(found.unavailable[1] == Reason{ReasonCode::absent, alice, trip, AbsenceKind::vacation, {}});
}

TEST_CASE("absent comes before resting") {
    const Availability both{{absence(shift().when)}, {span("2026-03-02T22:00:00Z", "2026-03-03T07:00:00Z")}};
    const Candidates found = candidates({{alice, both}});
    REQUIRE(found.unavailable.size() == 1);
    CHECK(found.unavailable.front().code == ReasonCode::absent);
}

TEST_CASE("when nobody else is there those resting serve, never those absent") {
    const Interval duty = span("2026-03-02T22:00:00Z", "2026-03-03T07:00:00Z");
    const Availability resting{{}, {duty}};
    const Availability absent{{absence(shift().when)}, {}};
    const Availability both{{absence(shift().when)}, {duty}};

    const Candidates broken = candidates({{alice, resting}, {bob, both}, {carol, resting}});
    CHECK(broken.eligible == std::vector{alice, carol});
    CHECK(broken.rest_broken);
    CHECK(broken.unavailable.size() == 3);

    const Candidates nobody = candidates({{alice, absent}, {bob, absent}, {carol, both}});
    CHECK(nobody.eligible.empty());
    CHECK_FALSE(nobody.rest_broken);
    CHECK(nobody.unavailable.size() == 3);

    CHECK_FALSE(candidates({{alice, resting}, {bob, absent}}).rest_broken);
}

TEST_CASE("holidays make the members of their site absent") {
    const Absence second{span("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"), std::nullopt,
                         AbsenceKind::holiday};
    const Absence first{span("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"), std::nullopt,
                        AbsenceKind::holiday};
    TeamAvailability availability;
    availability[alice].absences = {absence(span("2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"))};
    add_holidays(availability, team(), "paris", {second, first});
    CHECK(candidates(availability).eligible == std::vector{carol});
    REQUIRE(availability[alice].absences.size() == 3);
    CHECK(availability[alice].absences.front() == first);  // sorted by start
    CHECK(availability[alice].absences.back() == second);
    CHECK_FALSE(availability.contains(carol));

    add_holidays(availability, team(), "", {second});
    CHECK(candidates(availability).eligible.empty());
}

// Minute by minute, without an interval in sight.
TEST_CASE("candidates agree with counting minutes") {
    const unsigned seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : 20261124U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&random](int limit) {
        return std::uniform_int_distribution<int>(0, limit - 1)(random);
    };
    // Three days, the shift on the second; quarters of an hour so that bounds are often met exactly.
    constexpr int minutes = 3 * 24 * 60;
    const Instant origin = parse_instant("2026-03-02T00:00:00Z").value();
    const auto some_interval = [&] {
        const int start = below(minutes / 15) * 15;
        const int end = std::min(minutes, start + below(96) * 15);
        return std::pair(start, end);
    };
    const auto as_interval = [&](std::pair<int, int> bounds) {
        return Interval{origin + std::chrono::minutes(bounds.first),
                        origin + std::chrono::minutes(bounds.second)};
    };

    int broken_rests = 0;
    int uncovered = 0;
    for (int round = 0; round < 4000; ++round) {
        const int start = 24 * 60 + below(48) * 15;
        const int end = start + (1 + below(48)) * 15;
        const Shift on{{"mro", parse_day("2026-03-03").value()}, as_interval({start, end})};
        Team of = team();
        of.absence_threshold = std::chrono::minutes(15 * below(24) + 15);
        of.rest = std::chrono::minutes(15 * below(60));

        TeamAvailability availability;
        std::vector<MemberId> free;
        std::vector<MemberId> tired;
        for (const MemberId& who : of.rotations.front().members) {
            std::vector<bool> is_away(minutes, false);
            std::vector<bool> is_working(minutes, false);
            for (int i = below(3); i > 0; --i) {
                const auto bounds = some_interval();
                availability[who].absences.push_back(absence(as_interval(bounds)));
                std::fill(is_away.begin() + bounds.first, is_away.begin() + bounds.second, true);
            }
            for (int i = below(3); i > 0; --i) {
                const auto bounds = some_interval();
                availability[who].night_duties.push_back(as_interval(bounds));
                std::fill(is_working.begin() + bounds.first, is_working.begin() + bounds.second, true);
            }
            const auto away = std::count(is_away.begin() + start, is_away.begin() + end, true);
            const auto needed = std::min<long>(
                std::chrono::duration_cast<std::chrono::minutes>(of.absence_threshold).count(), end - start);
            const int rest =
                static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(of.rest).count());
            // The last minute worked before the shift may not be one of the `rest` minutes before it.
            const bool tired_now = std::count(is_working.begin() + std::max(0, start - rest),
                                              is_working.begin() + end, true) > 0;
            if (away >= needed) continue;
            (tired_now ? tired : free).push_back(who);
        }

        const Candidates found = candidates(availability, on, of);
        CAPTURE(round, format_instant(on.when.start), format_instant(on.when.end));
        REQUIRE(found.eligible == (free.empty() ? tired : free));
        REQUIRE(found.rest_broken == (free.empty() && !tired.empty()));
        REQUIRE(found.unavailable.size() == 3 - free.size());
        broken_rests += found.rest_broken ? 1 : 0;
        uncovered += found.eligible.empty() ? 1 : 0;
    }
    CHECK(broken_rests > 10);
    CHECK(uncovered > 10);
}

}  // namespace candidates_test
