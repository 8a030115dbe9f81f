// CALENDARS.md, point 24: files that want to cost us time or memory.
#include <chrono>
#include <ctime>

#include "ical/limits.h"
#include "reader_fixture.h"

namespace bombs_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Window june{"2026-06-01", "2026-07-01", "UTC"};

// The promise is 2 s of an optimised build on an idle machine. Tests also run without optimisation, under
// sanitizers and side by side; what they must catch is the quadratic, which is minutes. Counted is the time
// that the processor spent on the test, not that of others beside it.
constexpr double patience_in_seconds = 30;

Result<CalendarReading> read_in_time(const std::string& bytes, const Window& window = june) {
    const std::clock_t began = std::clock();
    auto reading = try_read(bytes, window);
    CHECK(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC < patience_in_seconds);
    return reading;
}

std::string repeated(const std::string& text, size_t times) {
    std::string result;
    result.reserve(text.size() * times);
    for (size_t i = 0; i < times; ++i) result += text;
    return result;
}

std::string small_event(size_t number, const std::string& properties) {
    return "BEGIN:VEVENT\nUID:" + std::to_string(number) + "\n" + properties + "\nEND:VEVENT\n";
}

std::string many_events(size_t count, const std::string& properties) {
    std::string result;
    for (size_t i = 0; i < count; ++i) result += small_event(i, properties);
    return result;
}

}  // namespace

TEST_CASE("Point 24: a file over 10 MB is refused", "[calendars][bombs]") {
    const auto reading = read_in_time(std::string(16'000'000, 'x'));
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.error().code == ErrorCode::too_large);
}

TEST_CASE("Point 24: a minutely rule is cut at the instances of the window, and the rest still counts",
          "[calendars][bombs]") {
    const auto reading = read_in_time(
        calendar(small_event(1, "DTSTART:20000101T000000Z\nRRULE:FREQ=MINUTELY;COUNT=100000000") +
                 small_event(2, "DTSTART:20260615T000000Z")));
    REQUIRE(reading.has_value());
    // Expansion starts two days before the window, in case zones or overrides move instances into it.
    constexpr size_t before_window = 2 * 24 * 60;
    CHECK(reading->occurrences.size() == ical::limits::instances_per_event - before_window + 1);
    CHECK(codes(*reading) == Lines{"too_many_instances"});
}

TEST_CASE("Point 24: an hourly rule of many years is exact in the window", "[calendars][bombs]") {
    const auto reading = read_in_time(
        calendar(small_event(1, "DTSTART:19700101T003000Z\nRRULE:FREQ=HOURLY;INTERVAL=7;COUNT=500000")),
        {"2026-06-01", "2026-06-02", "UTC"});
    REQUIRE(reading.has_value());
    // 20,605 days or 494,520 hours lie between 1970-01-01 and 2026-06-01; 7 * 70,646 = 494,522.
    CHECK(starts(*reading) == Lines{"2026-06-01T02:30:00Z", "2026-06-01T09:30:00Z", "2026-06-01T16:30:00Z",
                                    "2026-06-01T23:30:00Z"});
}

TEST_CASE("Point 24: sub-daily rules with BY parts are refused, their start stays", "[calendars][bombs]") {
    for (const char* frequency : {"HOURLY", "MINUTELY", "SECONDLY"}) {
        const auto reading =
            read_in_time(calendar(small_event(1, std::string("DTSTART:20260601T000000Z\nRRULE:FREQ=") +
                                                     frequency + ";BYMONTH=2;BYMONTHDAY=30")));
        REQUIRE(reading.has_value());
        CHECK(starts(*reading) == Lines{"2026-06-01T00:00:00Z"});
        CHECK(codes(*reading) == Lines{"refused_rule"});
    }
}

TEST_CASE("Point 24: a rule that never happens is a warning", "[calendars][bombs]") {
    for (const char* rule :
         {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=31,-31",
          "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"}) {
        const auto reading =
            read_in_time(calendar(small_event(1, std::string("DTSTART:00010101T000000Z\nRRULE:") + rule)));
        REQUIRE(reading.has_value());
        CHECK(reading->occurrences.empty());
        CHECK(codes(*reading) == Lines{"rule_never_happens"});
    }
}

TEST_CASE("Point 24: a rule with COUNT that takes too long from its start is a warning",
          "[calendars][bombs]") {
    const auto reading = read_in_time(calendar(
        small_event(1, "DTSTART:00010101T000000Z\nRRULE:FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR;COUNT=999999") +
        small_event(2, "DTSTART:20260615T000000Z")));
    REQUIRE(reading.has_value());
    CHECK(starts(*reading) == Lines{"2026-06-15T00:00:00Z"});
    CHECK(codes(*reading) == Lines{"costly_rule"});
}

TEST_CASE("Point 24: plain rules since the year 1 cost nothing, with COUNT or without",
          "[calendars][bombs]") {
    for (const char* rule :
         {"FREQ=DAILY", "FREQ=DAILY;COUNT=900000", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=900000"}) {
        const auto reading =
            read_in_time(calendar(many_events(20, std::string("DTSTART:00010101T000000Z\nRRULE:") + rule)));
        REQUIRE(reading.has_value());
        CHECK(reading->occurrences.size() == 20 * 30);
        CHECK(reading->warnings.empty());
    }
}

TEST_CASE("Point 24: 20,000 RDATEs and 500,000 EXDATEs", "[calendars][bombs]") {
    std::string rdates = "DTSTART:20260601T000000Z";
    for (int i = 0; i < 20'000; ++i) {
        const Instant at = parse_instant("2026-01-01T00:00:00Z").value() + std::chrono::minutes(30 * i);
        std::string text;
        for (const char c : format_instant(at)) {
            if (c != '-' && c != ':') text += c;
        }
        rdates += "\nRDATE:" + text;
    }
    auto reading = read_in_time(calendar(small_event(1, rdates)));
    REQUIRE(reading.has_value());
    CHECK(reading->occurrences.size() == 30 * 48);

    reading = read_in_time(
        calendar(small_event(1, "DTSTART;TZID=Europe/Paris:20260601T000000\nRRULE:FREQ=DAILY\nEXDATE:" +
                                    repeated("20260610T220000Z,", 500'000))));
    REQUIRE(reading.has_value());
    CHECK(reading->occurrences.size() == 29);
}

TEST_CASE("Point 24: one line of 9 MB, folded or not", "[calendars][bombs]") {
    for (const std::string& line : {std::string(9'000'000, 'x'), repeated("xxxxxxx\n ", 1'000'000),
                                    repeated("x\n", 4'000'000), repeated("\"", 9'000'000)}) {
        for (const char* name : {"DESCRIPTION:", "SUMMARY:", "ATTENDEE;CN=", "UID:"}) {
            const auto reading = read_in_time("BEGIN:VCALENDAR\n" +
                                              small_event(1, "DTSTART:20260601T000000Z\n" + (name + line)) +
                                              "END:VCALENDAR\n");
            REQUIRE(reading.has_value());
            CHECK(reading->occurrences.size() == 1);
        }
    }
}

TEST_CASE("Point 24: a million parameters on one property", "[calendars][bombs]") {
    const auto reading = read_in_time(
        calendar(small_event(1, "DTSTART" + repeated(";X-A=b", 1'000'000) + ":20260601T000000Z")));
    REQUIRE(reading.has_value());
    CHECK(starts(*reading) == Lines{"2026-06-01T00:00:00Z"});
}

TEST_CASE("Point 24: components nested too deep are refused, events in a row without END are read",
          "[calendars][bombs]") {
    const auto deep = read_in_time("BEGIN:VCALENDAR\n" + repeated("BEGIN:X-A\n", 20'000) +
                                   repeated("END:X-A\n", 20'000) + "END:VCALENDAR\n");
    REQUIRE_FALSE(deep.has_value());
    CHECK(deep.error().code == ErrorCode::too_large);
    const auto row =
        read_in_time(calendar(repeated("BEGIN:VEVENT\n", 20'000) + "UID:1\nDTSTART:20260601T000000Z\n" +
                              repeated("END:VEVENT\n", 20'000)));
    REQUIRE(row.has_value());
    CHECK(starts(*row) == Lines{"2026-06-01T00:00:00Z"});
}

TEST_CASE("Point 24: more components or properties than a calendar has are refused", "[calendars][bombs]") {
    const auto components = read_in_time(calendar(repeated("BEGIN:VEVENT\nEND:VEVENT\n", 300'000)));
    REQUIRE_FALSE(components.has_value());
    CHECK(components.error().code == ErrorCode::too_large);
    const auto properties =
        read_in_time("BEGIN:VCALENDAR\n" + small_event(1, repeated("UID:\n", 1'100'000)) + "END:VCALENDAR\n");
    REQUIRE_FALSE(properties.has_value());
    CHECK(properties.error().code == ErrorCode::too_large);
}

TEST_CASE("Point 24: 100,000 tiny events, and 30,000 with daily rules", "[calendars][bombs]") {
    auto reading = read_in_time(calendar(many_events(100'000, "DTSTART:20260601T000000Z")));
    REQUIRE(reading.has_value());
    CHECK(reading->occurrences.size() == 100'000);
    reading = read_in_time(calendar(many_events(30'000, "DTSTART:19700101T000000Z\nRRULE:FREQ=DAILY")),
                           {"2026-06-01", "2026-06-03", "UTC"});
    REQUIRE(reading.has_value());
    CHECK(reading->occurrences.size() == 60'000);
}

TEST_CASE("Point 24: more occurrences than anybody has are refused", "[calendars][bombs]") {
    const auto reading =
        read_in_time(calendar(many_events(30'000, "DTSTART:19700101T000000Z\nRRULE:FREQ=DAILY")));
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.error().code == ErrorCode::too_large);
}

TEST_CASE("Point 24: rules whose work adds up are an error, not a long wait", "[calendars][bombs]") {
    const auto reading = read_in_time(calendar(
        many_events(50'000, "DTSTART:00010101T000000Z\nRRULE:FREQ=YEARLY;BYDAY=53MO;BYSETPOS=9;COUNT=999")));
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.error().code == ErrorCode::timeout);
}

TEST_CASE("Point 24: an event with 100,000 attendees", "[calendars][bombs]") {
    std::string attendees = "DTSTART:20260601T000000Z\nRRULE:FREQ=DAILY";
    for (int i = 0; i < 100'000; ++i) attendees += "\nATTENDEE:mailto:a" + std::to_string(i) + "@example.com";
    const auto reading = read_in_time(calendar(small_event(1, attendees)));
    REQUIRE(reading.has_value());
    CHECK(reading->occurrences.size() == 30);
    CHECK(reading->occurrences[0].event->attendees.size() == ical::limits::attendees_per_event);
    CHECK(codes(*reading) == Lines{"too_many_attendees"});
}

TEST_CASE("Point 24: 50,000 overrides of one series, plain or for the future", "[calendars][bombs]") {
    for (const char* range : {"", ";RANGE=THISANDFUTURE"}) {
        std::string series = small_event(1, "DTSTART:18900101T000000Z\nRRULE:FREQ=DAILY;COUNT=49900");
        for (int i = 0; i < 50'000; ++i) {
            const Day day = parse_day("1900-01-01").value() + std::chrono::days(i);
            std::string date;
            for (const char c : format_day(day)) {
                if (c != '-') date += c;
            }
            series += small_event(1, std::string("RECURRENCE-ID") + range + ":" + date +
                                         "T000000Z\nDTSTART:" + date + "T010000Z");
        }
        const auto reading = read_in_time(calendar(series));
        REQUIRE(reading.has_value());
        REQUIRE(reading->occurrences.size() == 30);
        CHECK(starts(*reading)[0] == "2026-06-01T01:00:00Z");
    }
}

TEST_CASE("Point 24: 50,000 versions of one event", "[calendars][bombs]") {
    std::string versions;
    for (int i = 0; i < 50'000; ++i)
        versions += small_event(1, "DTSTART:20260601T000000Z\nSEQUENCE:" + std::to_string(i));
    const auto reading = read_in_time(calendar(versions));
    REQUIRE(reading.has_value());
    REQUIRE(reading->occurrences.size() == 1);
    CHECK(reading->occurrences[0].event->sequence == 49'999);
}

TEST_CASE("Point 24: zones by the thousand, each used, and zones that change each second",
          "[calendars][bombs]") {
    std::string zones;
    for (int i = 0; i < 20'000; ++i) {
        const std::string name = "Z" + std::to_string(i);
        zones += "BEGIN:VTIMEZONE\nTZID:" + name +
                 "\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
                 "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nEND:VTIMEZONE\n" +
                 small_event(static_cast<size_t>(i), "DTSTART;TZID=" + name + ":20260601T000000");
    }
    auto reading = read_in_time("BEGIN:VCALENDAR\n" + zones + "END:VCALENDAR\n");
    CHECK((reading.has_value() || reading.error().code == ErrorCode::timeout));

    reading = read_in_time(
        calendar("BEGIN:VTIMEZONE\nTZID:Crazy\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0000\n"
                 "TZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n" +
                 small_event(1, "DTSTART;TZID=Crazy:20260601T120000")));
    REQUIRE(reading.has_value());
    CHECK(starts(*reading) == Lines{"2026-06-01T12:00:00Z"});
    CHECK(codes(*reading) == Lines{"unknown_zone"});
}

TEST_CASE("Point 24: every time of every day in every BY part", "[calendars][bombs]") {
    const auto list = [](int from, int to) {
        std::string text;
        for (int i = from; i <= to; ++i) text += (text.empty() ? "" : ",") + std::to_string(i);
        return text;
    };
    const std::string rule = "FREQ=YEARLY;BYSETPOS=-1;BYHOUR=" + list(0, 23) + ";BYMINUTE=" + list(0, 59) +
                             ";BYSECOND=" + list(0, 59) + ";BYMONTH=" + list(1, 12);
    const auto reading = read_in_time(calendar(small_event(1, "DTSTART:20000101T000000Z\nRRULE:" + rule)),
                                      {"2026-12-01", "2027-01-02", "UTC"});
    REQUIRE(reading.has_value());
    CHECK(starts(*reading) == Lines{"2026-12-01T23:59:59Z"});
}

}  // namespace bombs_test
