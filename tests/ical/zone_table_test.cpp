// CALENDARS.md, point 3: whether a TZID's name or the file's own VTIMEZONE decides.
#include "ical/zone_table.h"

#include "reader_fixture.h"

namespace zone_table_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Window july{"2026-07-15", "2026-07-16"};
const Window january{"2026-01-15", "2026-01-16"};

std::string at_nine(const std::string& tzid, const std::string& day) {
    return event("DTSTART;TZID=" + tzid + ":" + day + "T090000\nDURATION:PT1H");
}

std::string fixed(const std::string& tzid, const std::string& offset) {
    return "BEGIN:VTIMEZONE\nTZID:" + tzid +
           "\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:" + offset + "\nTZOFFSETTO:" + offset +
           "\nEND:STANDARD\nEND:VTIMEZONE\n";
}

// The European Union's summer time, as Exchange writes it.
std::string with_summer_time(const std::string& tzid, const std::string& winter, const std::string& summer) {
    return "BEGIN:VTIMEZONE\nTZID:" + tzid +
           "\nBEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:" + summer + "\nTZOFFSETTO:" + winter +
           "\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n" +
           "BEGIN:DAYLIGHT\nDTSTART:16010101T010000\nTZOFFSETFROM:" + winter + "\nTZOFFSETTO:" + summer +
           "\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
}

}  // namespace

TEST_CASE("Point 3: GMT with summer time in its own VTIMEZONE is what the file says", "[calendars]") {
    for (const char* tzid : {"GMT", "UTC", "Etc/GMT", "Etc/UTC", "Greenwich", "Zulu", "GMT Standard Time",
                             "tzone://Microsoft/Utc", "GMT+0000"}) {
        INFO(tzid);
        const std::string zone = with_summer_time(tzid, "+0000", "+0100");
        const auto summer = read(calendar(zone + at_nine(tzid, "20260715")), july);
        CHECK(starts(summer) == Lines{"2026-07-15T08:00:00Z"});
        const auto winter = read(calendar(at_nine(tzid, "20260115") + zone), january);
        CHECK(starts(winter) == Lines{"2026-01-15T09:00:00Z"});
        CHECK(winter.warnings.empty());  // both say the same in this window
    }
    const auto summer =
        read(calendar(with_summer_time("GMT", "+0000", "+0100") + at_nine("GMT", "20260715")), july);
    REQUIRE(codes(summer) == Lines{"zone_differs"});
    CHECK(summer.warnings[0].message.find("the file's was used") != std::string::npos);
}

TEST_CASE("Point 3: a Windows name fixed in its own VTIMEZONE is what the file says", "[calendars]") {
    const std::string tzid = "Eastern Standard Time";
    const auto summer = read(calendar(fixed(tzid, "-0500") + at_nine(tzid, "20260715")), july);
    CHECK(starts(summer) == Lines{"2026-07-15T14:00:00Z"});
    CHECK(codes(summer) == Lines{"zone_differs"});
    const auto winter = read(calendar(fixed(tzid, "-0500") + at_nine(tzid, "20260115")), january);
    CHECK(starts(winter) == Lines{"2026-01-15T14:00:00Z"});
    CHECK(winter.warnings.empty());
}

TEST_CASE("Point 3: IANA names of no region are what the file says", "[calendars]") {
    for (const char* tzid : {"EST", "MST", "EST5EDT", "CET", "GB", "Singapore", "Japan", "Etc/GMT+5",
                             "/freeassociation.sourceforge.net/GMT"}) {
        INFO(tzid);
        const auto reading = read(calendar(fixed(tzid, "+0545") + at_nine(tzid, "20260715")), july);
        CHECK(starts(reading) == Lines{"2026-07-15T03:15:00Z"});
        CHECK(codes(reading) == Lines{"zone_differs"});
    }
}

TEST_CASE("Point 3: a region's IANA name beats its VTIMEZONE, which is warned of", "[calendars]") {
    const std::vector<std::pair<std::string, std::string>> regions = {
        {"America/New_York", "2026-07-15T13:00:00Z"},
        {"america/new york", "2026-07-15T13:00:00Z"},
        {"US/Eastern", "2026-07-15T13:00:00Z"},
        {"America/Argentina/Buenos_Aires", "2026-07-15T12:00:00Z"},
        {"/mozilla.org/20050126_1/America/New_York", "2026-07-15T13:00:00Z"},
        {"/freeassociation.sourceforge.net/Tzfile/America/New_York", "2026-07-15T13:00:00Z"}};
    for (const auto& [tzid, start] : regions) {
        INFO(tzid);
        const auto reading = read(calendar(fixed(tzid, "+0545") + at_nine(tzid, "20260715")), july);
        CHECK(starts(reading) == Lines{start});
        REQUIRE(codes(reading) == Lines{"zone_differs"});
        CHECK(reading.warnings[0].message.find("was used") != std::string::npos);
        CHECK(reading.warnings[0].message.find("the file's was used") == std::string::npos);
    }
}

TEST_CASE("Point 3: a VTIMEZONE that agrees is not worth a word", "[calendars]") {
    for (const char* tzid : {"Europe/Berlin", "W. Europe Standard Time", "CET"}) {
        INFO(tzid);
        std::string zone = with_summer_time(tzid, "+0100", "+0200");
        zone.replace(zone.find("16010101T020000"), 15, "16010101T030000");
        zone.replace(zone.find("16010101T010000"), 15, "16010101T020000");
        const auto reading =
            read(calendar(zone + at_nine(tzid, "20260715")), {"2025-01-01", "2028-01-01", "Europe/Berlin"});
        CHECK(starts(reading) == Lines{"2026-07-15T07:00:00Z"});
        CHECK(reading.warnings.empty());
    }
}

TEST_CASE("Point 3: a VTIMEZONE without observances explains nothing", "[calendars]") {
    const std::string empty = "BEGIN:VTIMEZONE\nTZID:Eastern Standard Time\nEND:VTIMEZONE\n";
    const auto reading = read(calendar(empty + at_nine("Eastern Standard Time", "20260715")), july);
    CHECK(starts(reading) == Lines{"2026-07-15T13:00:00Z"});
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 3: X-WR-TIMEZONE, EXDATE, RDATE and RECURRENCE-ID follow the file's zone, too",
          "[calendars]") {
    const std::string zone = with_summer_time("GMT", "+0000", "+0100");
    CHECK(starts(read(calendar(zone + event("DTSTART:20260715T090000"), "X-WR-TIMEZONE:GMT\n"), july)) ==
          Lines{"2026-07-15T08:00:00Z"});
    const std::string series = event(
        "DTSTART;TZID=GMT:20260714T090000\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;TZID=GMT:20260716T090000\n"
        "RDATE;TZID=GMT:20260720T100000");
    const std::string moved = event("RECURRENCE-ID;TZID=GMT:20260715T090000\nDTSTART:20260715T120000Z");
    CHECK(starts(read(calendar(zone + series + moved), {"2026-07-14", "2026-07-22"})) ==
          Lines{"2026-07-14T08:00:00Z", "2026-07-15T12:00:00Z", "2026-07-17T08:00:00Z",
                "2026-07-20T09:00:00Z"});
}

TEST_CASE("Point 3: a collection that repeats one VTIMEZONE thousands of times is read, and warned of once",
          "[calendars]") {
    std::string file;
    for (int i = 0; i < 10'000; ++i) {
        file += calendar(with_summer_time("GMT", "+0000", "+0100") +
                         event("DTSTART;TZID=GMT:20260715T090000\nDURATION:PT1H", std::to_string(i)));
    }
    const auto reading = read(file, july);
    CHECK(codes(reading) == Lines{"zone_differs"});
    CHECK(starts(reading) == Lines(10'000, "2026-07-15T08:00:00Z"));
}

}  // namespace zone_table_test
