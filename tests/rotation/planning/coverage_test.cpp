#include "rotation/planning/coverage.h"

#include <catch2/catch.hpp>
#include <map>

#include "rotation/planning/coverage_phrases.h"
#include "rotation/two_site_team.h"
#include "time/zone.h"

namespace coverage_test {

using namespace watchbill;
using namespace watchbill::testing;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

// Montreal changes its clocks on 8 March and 1 November 2026, Paris on 29 March and 25 October: from 9 to 27
// March and from 26 to 30 October noon in Montreal is 17:00 in Paris, not 18:00.
const DaySpan year{day("2026-01-01"), day("2027-01-01")};
constexpr Weekdays monday_to_friday = {false, true, true, true, true, true, false};
constexpr Weekdays every_day = {true, true, true, true, true, true, true};

std::vector<std::string> said(const Team& team, DaySpan window = year) {
    std::vector<std::string> sentences;
    for (const CoverageFinding& finding : coverage_of(team, window))
        sentences.push_back(say_finding(team, finding));
    return sentences;
}

using Sentences = std::vector<std::string>;

// mro hands over to remote and remote to mro.
Team circle() {
    Team team = two_site_team();
    team.rotations[1].end = hours(18);
    team.rotations[1].hands_over_to = "mro";
    return team;
}

// Rotations of alice and bob in Paris: `first` hands over to `second`.
Team pair(std::chrono::minutes first_start, std::chrono::minutes first_end, std::chrono::minutes second_start,
          std::chrono::minutes second_end) {
    Team team = two_site_team();
    Rotation& first = team.rotations[0];
    Rotation& second = team.rotations[1];
    first.name = "first";
    first.start = first_start;
    first.end = first_end;
    first.members = {alice};
    first.hands_over_to = "second";
    second.name = "second";
    second.zone = "Europe/Paris";
    second.start = second_start;
    second.end = second_end;
    second.members = {bob};
    return team;
}

}  // namespace

TEST_CASE("two zones that change their clocks on different days overlap for some weeks") {
    const Team team = two_site_team();
    const auto findings = coverage_of(team, year);
    REQUIRE(findings.size() == 2);
    const CoverageFinding& spring = findings[0];
    CHECK(spring.kind == CoverageKind::overlap);
    CHECK(spring.from == "mro");
    CHECK(spring.to == "remote");
    CHECK(spring.dates == DaySpan{day("2026-03-09"), day("2026-03-28")});
    CHECK(spring.weekdays == monday_to_friday);
    CHECK(spring.every_shift);
    CHECK_FALSE(spring.throughout);
    CHECK(spring.length == hours(1));
    CHECK(spring.ends == hours(18));
    CHECK(spring.starts == hours(12));
    CHECK(spring.starts_there == hours(17));
    CHECK(said(team) ==
          Sentences{"from Mon 9 Mar 2026 to Fri 27 Mar 2026: mro (Europe/Paris) ends 18:00, remote "
                    "(America/Montreal) starts 12:00 = 17:00 in Paris: they overlap by 1 h",
                    "from Mon 26 Oct 2026 to Fri 30 Oct 2026: mro (Europe/Paris) ends 18:00, remote "
                    "(America/Montreal) starts 12:00 = 17:00 in Paris: they overlap by 1 h"});
}

TEST_CASE("only the days of the window are told, a single one by its date") {
    const Team team = two_site_team();
    CHECK(said(team, {day("2026-04-01"), day("2026-10-26")}).empty());
    CHECK(
        said(team, {day("2026-03-01"), day("2026-03-10")}) ==
        Sentences{"on Mon 9 Mar 2026: mro (Europe/Paris) ends 18:00, remote (America/Montreal) starts 12:00 "
                  "= 17:00 in Paris: they overlap by 1 h"});
    CHECK(said(team, {day("2026-03-09"), day("2026-03-09")}).empty());
}

TEST_CASE("the other way round the hand-over gapes in the same weeks") {
    Team team = two_site_team();
    Rotation& paris = team.rotations[0];
    Rotation& montreal = team.rotations[1];
    montreal.start = hours(6);
    montreal.end = hours(12);
    montreal.hands_over_to = "mro";
    paris.start = hours(18);
    paris.end = hours(23);
    paris.hands_over_to = "";
    const auto findings = coverage_of(team, year);
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].kind == CoverageKind::gap);
    CHECK(findings[0].length == hours(1));
    CHECK(findings[0].unscheduled == hours(1));
    CHECK(said(team)[1] ==
          "from Mon 26 Oct 2026 to Fri 30 Oct 2026: remote (America/Montreal) ends 12:00, mro (Europe/Paris) "
          "starts 18:00 = 13:00 in Montreal: nobody is scheduled for 1 h");
    // A third rotation that runs meanwhile does not mend the hand-over, but somebody is there.
    Rotation phone = paris;
    phone.name = "phone";
    phone.start = hours(9);
    phone.end = hours(17) + minutes(30);
    team.rotations.push_back(phone);
    CHECK(coverage_of(team, year)[0].unscheduled == minutes(30));
    CHECK(said(team)[0] ==
          "from Mon 9 Mar 2026 to Fri 27 Mar 2026: remote (America/Montreal) ends 12:00, mro (Europe/Paris) "
          "starts 18:00 = 13:00 in Montreal: 1 h pass, and for 30 min of them nobody is scheduled");
    team.rotations[2].end = hours(20);
    CHECK(coverage_of(team, year)[0].unscheduled == Duration(0));
    CHECK(said(team)[0] ==
          "from Mon 9 Mar 2026 to Fri 27 Mar 2026: remote (America/Montreal) ends 12:00, mro (Europe/Paris) "
          "starts 18:00 = 13:00 in Montreal: 1 h pass in which only other rotations run");
}

TEST_CASE("what the configuration always does is told once, by weekdays") {
    CHECK(said(pair(hours(9), hours(17), hours(18), hours(22))) ==
          Sentences{"from Monday to Friday: first (Europe/Paris) ends 17:00, second (Europe/Paris) starts "
                    "18:00: nobody is scheduled for 1 h"});
    CHECK(said(pair(hours(9), hours(17), hours(16) + minutes(15), hours(22))) ==
          Sentences{"from Monday to Friday: first (Europe/Paris) ends 17:00, second (Europe/Paris) starts "
                    "16:15: they overlap by 45 min"});
    CHECK(said(pair(hours(9), hours(17), hours(17), hours(22))).empty());
}

TEST_CASE("a shift that ends the next day is told on the day of its end") {
    // Friday's ends on Saturday, and the second begins on Monday, be the clocks changed in between or not.
    CHECK(
        said(pair(hours(20), hours(8), hours(9), hours(20))) ==
        Sentences{"from Tuesday to Friday: first (Europe/Paris) ends 08:00, second (Europe/Paris) starts "
                  "09:00: nobody is scheduled for 1 h",
                  "on Saturdays: first (Europe/Paris) ends 08:00, second (Europe/Paris) starts 09:00 2 days "
                  "later: nobody is scheduled for 49 h"});
}

TEST_CASE("the nights and weekends of office hours are no gap") {
    Team team = two_site_team();
    team.rotations.pop_back();
    team.rotations[0].hands_over_to = "";
    CHECK(coverage_of(team, year).empty());
}

TEST_CASE("of a circle the nights and weekends are told in one line") {
    Team team = circle();
    const auto findings = coverage_of(team, year);
    REQUIRE(findings.size() == 3);
    CHECK(findings[0].kind == CoverageKind::overlap);
    CHECK(findings[1].kind == CoverageKind::overlap);
    CHECK(findings[2].kind == CoverageKind::unscheduled);
    const FreeTime night{
        "remote", "mro", {false, true, true, true, true, false, false}, hours(18), hours(33)};
    const FreeTime weekend{
        "remote", "mro", {false, false, false, false, false, true, false}, hours(18), hours(81)};
    CHECK(findings[2].free_times == std::vector{night, weekend});
    CHECK(
        said(team)[2] ==
        "nobody is scheduled from 18:00 in Montreal to 09:00 in Paris the next day, from Monday to Thursday, "
        "nor from Friday 18:00 in Montreal to Monday 09:00 in Paris; then whoever is on night duty answers, "
        "else nobody: the team has no backup");
    team.backup = {alice, zoe};
    CHECK_THAT(said(team)[2], Catch::EndsWith("else the backup, Alice Martin and Zoé Tremblay"));
    // Wherever the window begins.
    CHECK(said(team, {day("2026-06-05"), day("2026-07-01")}) == Sentences{said(team)[2]});
}

TEST_CASE("a circle without a night says nothing, and its small gaps are gaps") {
    Team team = pair(hours(8), hours(20), hours(20), hours(8));
    team.rotations[1].hands_over_to = "first";
    for (Rotation& rotation : team.rotations) rotation.days = every_day;
    CHECK(coverage_of(team, year).empty());
    team.rotations[0].end = hours(19);
    CHECK(said(team) == Sentences{"every day: first (Europe/Paris) ends 19:00, second (Europe/Paris) starts "
                                  "20:00: nobody is scheduled for 1 h"});
    // With a third rotation that watches the nights, nothing is free.
    Team watched = circle();
    Rotation night = watched.rotations[0];
    night.name = "night";
    night.days = every_day;
    night.start = hours(0);
    night.end.reset();
    night.hands_over_to = "";
    watched.rotations.push_back(night);
    for (const CoverageFinding& finding : coverage_of(watched, year))
        CHECK(finding.kind != CoverageKind::unscheduled);
}

TEST_CASE("a hand-over to a rotation that is off that day is a gap on that weekday only") {
    Team team = two_site_team();
    team.rotations[0].days[6] = true;  // Saturday, which Montreal has off
    std::vector<CoverageFinding> saturdays;
    for (const CoverageFinding& finding : coverage_of(team, year)) {
        if (finding.kind == CoverageKind::gap) saturdays.push_back(finding);
    }
    REQUIRE_FALSE(saturdays.empty());
    CHECK(saturdays[0].dates.first == day("2026-01-03"));
    CHECK(saturdays[0].dates.end == day("2026-03-01"));
    CHECK_FALSE(saturdays[0].every_shift);
    CHECK(
        say_finding(team, saturdays[0]) ==
        "from Sat 3 Jan 2026 to Sat 28 Feb 2026, on Saturdays: mro (Europe/Paris) ends 18:00, remote "
        "(America/Montreal) starts 12:00 2 days later = 18:00 2 days later in Paris: 48 h pass, and for 39 h "
        "of them nobody is scheduled");
}

TEST_CASE("members of two rotations whose shifts overlap may hold both at once") {
    Team team = two_site_team();
    team.rotations[1].members = {zoe, bob, alice};
    std::vector<std::string> shared;
    for (const CoverageFinding& finding : coverage_of(team, year)) {
        if (finding.kind != CoverageKind::shared_members) continue;
        CHECK(finding.members == std::vector{alice, bob});
        shared.push_back(say_finding(team, finding));
    }
    const std::string who =
        "Alice Martin and Bob Durand are on the rosters of mro and remote, whose shifts "
        "overlap, and may hold both at once";
    CHECK(shared == Sentences{"from Mon 9 Mar 2026 to Fri 27 Mar 2026: " + who,
                              "from Mon 26 Oct 2026 to Fri 30 Oct 2026: " + who});
    // Without a hand-over between them too, and all year.
    Team twice = pair(hours(9), hours(17), hours(12), hours(20));
    twice.rotations[0].hands_over_to = "";
    CHECK(said(twice).empty());
    twice.rotations[1].members = {alice};
    CHECK(said(twice) ==
          Sentences{"from Monday to Friday: Alice Martin is on the rosters of first and second, "
                    "whose shifts overlap, and may hold both at once"});
}

TEST_CASE("a circle of a rotation with itself through others is found, a tail into it is none") {
    // third -> first -> second -> first: third is not in the circle, so its hand-over may gape for long.
    Team team = pair(hours(8), hours(16), hours(16), hours(23));
    team.rotations[1].hands_over_to = "first";
    Rotation third = team.rotations[0];
    third.name = "third";
    third.end = hours(1);
    third.start = hours(0);
    third.hands_over_to = "first";
    team.rotations.push_back(third);
    const auto sentences = said(team);
    REQUIRE(sentences.size() == 2);
    CHECK(sentences[0] ==
          "from Monday to Friday: third (Europe/Paris) ends 01:00, first (Europe/Paris) starts 08:00: nobody "
          "is "
          "scheduled for 7 h");
    CHECK_THAT(sentences[1],
               Catch::StartsWith("nobody is scheduled from 01:00 in Paris to 08:00 in Paris, from "
                                 "Monday to Friday, nor from Friday 23:00 in Paris to Monday "
                                 "00:00 in Paris; "));
}

TEST_CASE("each hand-over of seven years is told as the two clocks show it") {
    Team team = two_site_team();
    const Zone paris = Zone::get("Europe/Paris");
    const Zone montreal = Zone::get("America/Montreal");
    const DaySpan years{day("2024-01-01"), day("2031-01-01")};
    const int end = GENERATE(17, 18, 19);
    team.rotations[0].end = hours(end);
    std::map<Day, Duration> told;  // how much later Montreal starts
    for (const CoverageFinding& finding : coverage_of(team, years)) {
        const Duration late = finding.kind == CoverageKind::gap ? finding.length : -finding.length;
        for (Day date = finding.dates.first; date < finding.dates.end; date += days(1)) {
            if (!finding.weekdays.at(std::chrono::weekday(date).c_encoding())) continue;
            CHECK(told.emplace(date, late).second);
        }
    }
    std::map<Day, Duration> expected;
    for (Day date = years.first; date < years.end; date += days(1)) {
        const unsigned weekday = std::chrono::weekday(date).c_encoding();
        if (weekday == 0 || weekday == 6) continue;
        const LocalTime there = montreal.to_local(paris.to_instant(LocalTime(date) + hours(end)));
        const Duration late = LocalTime(date) + hours(12) - there;
        if (late != Duration(0)) expected[date] = late;
    }
    INFO("Paris ends at " << end);
    CHECK(expected.size() > 100);
    CHECK(told == expected);
}

TEST_CASE("weekdays in words") {
    const auto words = [](std::string_view chosen) {  // "mtwtfss"
        Weekdays weekdays{};
        for (size_t i = 0; i < 7; ++i) weekdays.at((i + 1) % 7) = chosen[i] == 'x';
        return say_weekdays(weekdays);
    };
    CHECK(words("xxxxxxx") == "every day");
    CHECK(words("xxxxx..") == "from Monday to Friday");
    CHECK(words("....xxx") == "from Friday to Sunday");
    CHECK(words("x......") == "on Mondays");
    CHECK(words("xx.....") == "on Mondays and Tuesdays");
    CHECK(words("x.x...x") == "on Mondays, Wednesdays and Sundays");
}

TEST_CASE("the kinds of findings have the names that scripts see") {
    CHECK(coverage_kind_name(CoverageKind::gap) == "gap");
    CHECK(coverage_kind_name(CoverageKind::overlap) == "overlap");
    CHECK(coverage_kind_name(CoverageKind::shared_members) == "shared_members");
    CHECK(coverage_kind_name(CoverageKind::unscheduled) == "unscheduled");
}

}  // namespace coverage_test
