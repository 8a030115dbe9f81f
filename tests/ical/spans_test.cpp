// CALENDARS.md, "Spans": points 7 to 9.
#include "reader_fixture.h"

namespace spans_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {
const Window july{"2026-07-01", "2026-08-01"};
}

TEST_CASE("Point 7: the end of an all-day event is exclusive", "[calendars]") {
    const std::string two_days = calendar(event("DTSTART;VALUE=DATE:20260714\nDTEND;VALUE=DATE:20260716"));
    CHECK(spans(read(two_days, {"2026-07-15", "2026-07-16"})) == Lines{"2026-07-14/2026-07-16"});
    CHECK(spans(read(two_days, {"2026-07-16", "2026-07-17"})).empty());
    CHECK(spans(read(two_days, {"2026-07-13", "2026-07-14"})).empty());
}

TEST_CASE("Point 7: without an end a date lasts a day, a time no time", "[calendars]") {
    CHECK(spans(read(calendar(event("DTSTART;VALUE=DATE:20260714")), july)) ==
          Lines{"2026-07-14/2026-07-15"});
    CHECK(spans(read(calendar(event("DTSTART:20260714T100000Z")), july)) ==
          Lines{"2026-07-14T10:00:00Z/2026-07-14T10:00:00Z"});
}

TEST_CASE("Point 7: an end before the start is a warning and no length", "[calendars]") {
    const auto timed = read(calendar(event("DTSTART:20260714T100000Z\nDTEND:20260714T090000Z")), july);
    CHECK(spans(timed) == Lines{"2026-07-14T10:00:00Z/2026-07-14T10:00:00Z"});
    CHECK(codes(timed) == Lines{"end_before_start"});
    const auto dates = read(calendar(event("DTSTART;VALUE=DATE:20260714\nDTEND;VALUE=DATE:20260712")), july);
    CHECK(spans(dates) == Lines{"2026-07-14/2026-07-14"});
    CHECK(codes(dates) == Lines{"end_before_start"});
    CHECK(codes(read(calendar(event("DTSTART:20260714T100000Z\nDURATION:-PT1H")), july)) ==
          Lines{"end_before_start"});
}

TEST_CASE("Point 7: a date that ends on itself lasts a day", "[calendars]") {
    const auto reading =
        read(calendar(event("DTSTART;VALUE=DATE:20260714\nDTEND;VALUE=DATE:20260714")), july);
    CHECK(spans(reading) == Lines{"2026-07-14/2026-07-15"});
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 7: windows and events are half-open", "[calendars]") {
    const Window day{"2026-07-15", "2026-07-16", "UTC"};
    const auto at = [&](const char* times) { return read(calendar(event(times)), day).occurrences.size(); };
    CHECK(at("DTSTART:20260714T100000Z\nDTEND:20260715T000000Z") == 0);
    CHECK(at("DTSTART:20260714T100000Z\nDTEND:20260715T000001Z") == 1);
    CHECK(at("DTSTART:20260716T000000Z\nDTEND:20260716T010000Z") == 0);
    CHECK(at("DTSTART:20260715T235959Z\nDTEND:20260716T010000Z") == 1);
    CHECK(at("DTSTART:20260715T000000Z") == 1);
    CHECK(at("DTSTART:20260716T000000Z") == 0);
}

TEST_CASE("Point 7: a length in days is told by the clock, in hours it is exact", "[calendars]") {
    const Window march{"2026-03-28", "2026-03-31"};
    const std::string start = "DTSTART;TZID=Europe/Paris:20260328T120000\n";
    CHECK(spans(read(calendar(event(start + "DURATION:P1D")), march)) ==
          Lines{"2026-03-28T11:00:00Z/2026-03-29T10:00:00Z"});
    CHECK(spans(read(calendar(event(start + "DURATION:PT24H")), march)) ==
          Lines{"2026-03-28T11:00:00Z/2026-03-29T11:00:00Z"});
    CHECK(spans(read(calendar(event(start + "DURATION:P1DT2H30M")), march)) ==
          Lines{"2026-03-28T11:00:00Z/2026-03-29T12:30:00Z"});
    CHECK(spans(read(calendar(event("DTSTART;VALUE=DATE:20260328\nDURATION:P1W")), march)) ==
          Lines{"2026-03-28/2026-04-04"});
}

TEST_CASE("Point 7: start and end may be of different kinds or zones", "[calendars]") {
    CHECK(spans(read(calendar(event("DTSTART;TZID=Europe/Paris:20260714T100000\n"
                                    "DTEND;TZID=America/New_York:20260714T100000")),
                     july)) == Lines{"2026-07-14T08:00:00Z/2026-07-14T14:00:00Z"});
    CHECK(spans(read(calendar(event("DTSTART;TZID=Europe/London:20260714T100000\nDTEND:20260714T110000")),
                     july)) == Lines{"2026-07-14T09:00:00Z/2026-07-14T10:00:00Z"});
    CHECK(spans(read(calendar(event("DTSTART:20260714T100000Z\nDTEND;TZID=Europe/Paris:20260714T130000")),
                     july)) == Lines{"2026-07-14T10:00:00Z/2026-07-14T11:00:00Z"});
    CHECK(spans(read(calendar(event("DTSTART;VALUE=DATE:20260714\nDTEND:20260716T000000")), july)) ==
          Lines{"2026-07-14/2026-07-16"});
}

TEST_CASE("Point 8: midnight to midnight, floating, is all-day", "[calendars]") {
    CHECK(spans(read(calendar(event("DTSTART:20260714T000000\nDTEND:20260716T000000")), july)) ==
          Lines{"2026-07-14/2026-07-16"});
    CHECK(spans(read(calendar(event("DTSTART:20260714T000000\nDURATION:P1D")), july)) ==
          Lines{"2026-07-14/2026-07-15"});
    // With a zone, or not to midnight, it is a time like another.
    CHECK(spans(read(calendar(event("DTSTART;TZID=Europe/Paris:20260714T000000\n"
                                    "DTEND;TZID=Europe/Paris:20260715T000000")),
                     july)) == Lines{"2026-07-13T22:00:00Z/2026-07-14T22:00:00Z"});
    CHECK(spans(read(calendar(event("DTSTART:20260714T000000\nDTEND:20260714T120000")), july)) ==
          Lines{"2026-07-13T22:00:00Z/2026-07-14T10:00:00Z"});
    CHECK(spans(read(calendar(event("DTSTART:20260714T000000")), july)) ==
          Lines{"2026-07-13T22:00:00Z/2026-07-13T22:00:00Z"});
}

TEST_CASE("Point 8: Outlook's mark makes an event all-day, on its local date", "[calendars]") {
    const auto marked = [&](const std::string& times, const char* zone = "Europe/Paris") {
        return spans(read(calendar(event(times + "\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE")),
                          {"2026-07-01", "2026-08-01", zone}));
    };
    const Lines one_day{"2026-07-14/2026-07-15"};
    CHECK(marked("DTSTART;TZID=Romance Standard Time:20260714T000000\n"
                 "DTEND;TZID=Romance Standard Time:20260715T000000") == one_day);
    // In another zone it is still that date.
    CHECK(marked("DTSTART;TZID=Tokyo Standard Time:20260714T000000\n"
                 "DTEND;TZID=Tokyo Standard Time:20260715T000000") == one_day);
    // In UTC it is the member's midnight, or UTC's.
    CHECK(marked("DTSTART:20260713T220000Z\nDTEND:20260714T220000Z") == one_day);
    CHECK(marked("DTSTART:20260714T000000Z\nDTEND:20260715T000000Z", "America/Montreal") == one_day);
    CHECK(marked("DTSTART;TZID=Europe/Paris:20260714T080000\nDTEND;TZID=Europe/Paris:20260714T170000") ==
          one_day);
    CHECK(marked("DTSTART;TZID=Europe/Paris:20260714T000000") == one_day);
    CHECK(spans(read(calendar(event("DTSTART:20260714T080000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE")), july)) ==
          Lines{"2026-07-14T08:00:00Z/2026-07-14T08:00:00Z"});
}

TEST_CASE("Point 8: all-day means the member's day", "[calendars]") {
    const std::string day = calendar(event("DTSTART;VALUE=DATE:20260714"));
    const auto montreal = read(day, {"2026-07-14", "2026-07-15", "America/Montreal"});
    REQUIRE(montreal.occurrences.size() == 1);
    CHECK(format_instant(montreal.occurrences[0].when.start) == "2026-07-14T04:00:00Z");
    CHECK(format_instant(montreal.occurrences[0].when.end) == "2026-07-15T04:00:00Z");
    // A day with a spring gap has 23 hours.
    const auto spring = read(calendar(event("DTSTART;VALUE=DATE:20260329")), {"2026-03-29", "2026-03-30"});
    REQUIRE(spring.occurrences.size() == 1);
    CHECK(spring.occurrences[0].when.length() == std::chrono::hours(23));
}

TEST_CASE("Point 9: an event that started long before the window and reaches into it counts", "[calendars]") {
    CHECK(spans(read(calendar(event("DTSTART:19950101T000000Z\nDTEND:20300101T000000Z")), july)) ==
          Lines{"1995-01-01T00:00:00Z/2030-01-01T00:00:00Z"});
    // Also one instance of a series that began years ago and whose instances last weeks.
    CHECK(spans(read(
              calendar(event("DTSTART;VALUE=DATE:20100601\nDTEND;VALUE=DATE:20100715\nRRULE:FREQ=YEARLY")),
              {"2026-07-14", "2026-07-15"})) == Lines{"2026-06-01/2026-07-15"});
}

}  // namespace spans_test
