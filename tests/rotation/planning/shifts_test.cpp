#include "rotation/planning/shifts.h"

#include <catch2/catch.hpp>

#include "time/format.h"

namespace shifts_test {

using namespace watchbill;
using namespace std::chrono_literals;

namespace {

Rotation rotation(std::chrono::minutes start, std::optional<std::chrono::minutes> end,
                  ZoneName zone = "Europe/Paris") {
    Rotation made;
    made.name = "mro";
    made.zone = std::move(zone);
    made.start = start;
    made.end = end;
    made.days = {true, true, true, true, true, true, true};
    return made;
}

Rotation weekdays_only(Rotation made) {
    made.days = {false, true, true, true, true, true, false};
    return made;
}

Day day(std::string_view text) { return parse_day(text).value(); }
DaySpan days(std::string_view from, std::string_view to) { return {day(from), day(to)}; }

Interval span(std::string_view from, std::string_view to) {
    return {parse_instant(from).value(), parse_instant(to).value()};
}

Interval on(const Rotation& made, std::string_view date) {
    const auto shift = shift_on(made, day(date));
    REQUIRE(shift);
    CHECK(shift->key == ShiftKey{"mro", day(date)});
    return shift->when;
}

}  // namespace

TEST_CASE("a shift has the wall-clock times of its rotation's zone") {
    CHECK(on(rotation(9h, 18h), "2026-01-15") == span("2026-01-15T08:00:00Z", "2026-01-15T17:00:00Z"));
    CHECK(on(rotation(9h, 18h), "2026-07-15") == span("2026-07-15T07:00:00Z", "2026-07-15T16:00:00Z"));
    CHECK(on(rotation(9h, 18h, "America/Montreal"), "2026-07-15") ==
          span("2026-07-15T13:00:00Z", "2026-07-15T22:00:00Z"));
    CHECK(on(rotation(9h + 30min, 24h, "Asia/Kolkata"), "2026-07-15") ==
          span("2026-07-15T04:00:00Z", "2026-07-15T18:30:00Z"));
}

TEST_CASE("an end not later than the start is on the next day") {
    CHECK(on(rotation(18h, 9h), "2026-01-15") == span("2026-01-15T17:00:00Z", "2026-01-16T08:00:00Z"));
    CHECK(on(rotation(9h, 9h), "2026-01-15") == span("2026-01-15T08:00:00Z", "2026-01-16T08:00:00Z"));
    CHECK(on(rotation(0h, 24h), "2026-01-15") == span("2026-01-14T23:00:00Z", "2026-01-15T23:00:00Z"));
    CHECK(on(rotation(22h, 0h), "2026-01-15") == span("2026-01-15T21:00:00Z", "2026-01-15T23:00:00Z"));
}

TEST_CASE("a shift without end lasts until the rotation's next start") {
    const Rotation daily = rotation(9h, std::nullopt);
    CHECK(on(daily, "2026-01-15") == span("2026-01-15T08:00:00Z", "2026-01-16T08:00:00Z"));
    const Rotation weekdays = weekdays_only(daily);
    // Friday 16 January to Monday the 19th.
    CHECK(on(weekdays, "2026-01-16") == span("2026-01-16T08:00:00Z", "2026-01-19T08:00:00Z"));
    Rotation mondays = daily;
    mondays.days = {false, true, false, false, false, false, false};
    CHECK(on(mondays, "2026-01-19") == span("2026-01-19T08:00:00Z", "2026-01-26T08:00:00Z"));
}

TEST_CASE("days off have no shift") {
    const Rotation weekdays = weekdays_only(rotation(9h, 18h));
    CHECK_FALSE(shift_on(weekdays, day("2026-01-17")));  // Saturday
    CHECK_FALSE(shift_on(weekdays, day("2026-01-18")));
    CHECK(shift_on(weekdays, day("2026-01-19")));

    std::vector<Day> dates;
    for (const Shift& shift : shifts_of(weekdays, days("2026-01-15", "2026-01-21")))
        dates.push_back(shift.key.date);
    CHECK(dates == std::vector{day("2026-01-15"), day("2026-01-16"), day("2026-01-19"), day("2026-01-20")});
    CHECK(shifts_of(weekdays, days("2026-01-20", "2026-01-20")).empty());

    Rotation never = weekdays;
    never.days = {};
    CHECK(shifts_of(never, days("2026-01-15", "2026-02-15")).empty());
}

TEST_CASE("shifts keep their wall clock across daylight saving changes") {
    // Paris changes on 29 March and 25 October 2026.
    const Rotation nightly = rotation(22h, 6h);
    CHECK(on(nightly, "2026-03-28") == span("2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"));  // 7 h
    CHECK(on(nightly, "2026-10-24") == span("2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"));  // 9 h
    const Rotation daily = rotation(9h, std::nullopt);
    CHECK(on(daily, "2026-03-28").length() == 23h);
    CHECK(on(daily, "2026-10-24").length() == 25h);
}

TEST_CASE("a start in the spring gap has the offset before it, one in the overlap is the first") {
    CHECK(on(rotation(2h + 30min, 10h), "2026-03-29").start == parse_instant("2026-03-29T01:30:00Z"));
    CHECK(on(rotation(2h + 30min, 10h), "2026-10-25").start == parse_instant("2026-10-25T00:30:00Z"));
}

TEST_CASE("a shift that the spring gap swallows does not exist") {
    const Rotation short_shift = rotation(2h + 30min, 3h);  // 02:30 is 01:30Z, 03:00 is 01:00Z
    CHECK_FALSE(shift_on(short_shift, day("2026-03-29")));
    CHECK(shift_on(short_shift, day("2026-03-28")));
    CHECK(shifts_of(short_shift, days("2026-03-28", "2026-03-31")).size() == 2);
}

TEST_CASE("shifts without end leave no gap and no overlap in any zone, all year") {
    for (const char* zone :
         {"Europe/Paris", "America/Montreal", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"}) {
        for (const auto start :
             {std::chrono::minutes(0), std::chrono::minutes(150), std::chrono::minutes(540)}) {
            const auto shifts = shifts_of(weekdays_only(rotation(start, std::nullopt, zone)),
                                          days("2026-01-01", "2027-01-01"));
            for (size_t i = 1; i < shifts.size(); ++i) {
                CAPTURE(zone, start.count(), format_day(shifts[i].key.date));
                REQUIRE(shifts[i - 1].when.end == shifts[i].when.start);
            }
        }
    }
}

}  // namespace shifts_test
