// CALENDARS.md, "Zones": points 1 to 6. Expected instants worked out from the zones' published rules.
#include "ical/zone_names.h"
#include "reader_fixture.h"

namespace zones_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

std::string in_zone(const std::string& tzid, const std::string& day) {
    return event("DTSTART;TZID=" + tzid + ":" + day + "T090000\nDTEND;TZID=" + tzid + ":" + day + "T100000");
}

const Window july{"2026-07-15", "2026-07-16"};
const Window january{"2026-01-15", "2026-01-16"};

const std::string nepal_by_hand =
    "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
    "TZOFFSETFROM:+0545\nTZOFFSETTO:+0545\nEND:STANDARD\nEND:VTIMEZONE\n";

// As Outlook writes Berlin, under a name that nobody else knows.
const std::string berlin_by_hand =
    "BEGIN:VTIMEZONE\nTZID:tzone://Microsoft/Custom\n"
    "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

}  // namespace

TEST_CASE("Point 1: a Windows zone name without VTIMEZONE is mapped through CLDR", "[calendars]") {
    const auto summer = read(calendar(in_zone("W. Europe Standard Time", "20260715")), july);
    CHECK(spans(summer) == Lines{"2026-07-15T07:00:00Z/2026-07-15T08:00:00Z"});
    CHECK(summer.warnings.empty());
    const auto quoted = read(calendar(in_zone("\"W. Europe Standard Time\"", "20260115")), january);
    CHECK(spans(quoted) == Lines{"2026-01-15T08:00:00Z/2026-01-15T09:00:00Z"});
    CHECK(starts(read(calendar(in_zone("India Standard Time", "20260715")), july)) ==
          Lines{"2026-07-15T03:30:00Z"});
}

TEST_CASE("Point 2: a Windows name with its own VTIMEZONE of 1601 is right", "[calendars]") {
    std::string zone = berlin_by_hand;
    zone.replace(zone.find("tzone://Microsoft/Custom"), 24, "W. Europe Standard Time");
    CHECK(starts(read(calendar(zone + in_zone("W. Europe Standard Time", "20260715")), july)) ==
          Lines{"2026-07-15T07:00:00Z"});
}

TEST_CASE("Point 2: a custom name means what its VTIMEZONE says", "[calendars]") {
    const auto fixed = read(calendar(nepal_by_hand + in_zone("Customized Time Zone", "20260715")), july);
    CHECK(spans(fixed) == Lines{"2026-07-15T03:15:00Z/2026-07-15T04:15:00Z"});
    CHECK(fixed.warnings.empty());
    // The VTIMEZONE may come after the event.
    const std::string tzid = "tzone://Microsoft/Custom";
    CHECK(starts(read(calendar(in_zone(tzid, "20260715") + berlin_by_hand), {"2026-07-15", "2026-07-16"})) ==
          Lines{"2026-07-15T07:00:00Z"});
    CHECK(starts(read(calendar(berlin_by_hand + in_zone(tzid, "20260115")), january)) ==
          Lines{"2026-01-15T08:00:00Z"});
}

TEST_CASE("Point 2: a custom name without VTIMEZONE is the member's zone, with a warning", "[calendars]") {
    for (const char* tzid : {"Customized Time Zone", "tzone://Microsoft/Custom",
                             "(UTC+01:00) Amsterdam, Berlin, Bern", "\"(UTC+01:00) Amsterdam, Berlin\""}) {
        INFO(tzid);
        const auto reading = read(calendar(in_zone(tzid, "20260715")), july);
        CHECK(starts(reading) == Lines{"2026-07-15T07:00:00Z"});
        CHECK(codes(reading) == Lines{"unknown_zone"});
    }
}

TEST_CASE("Point 2: a VTIMEZONE is found when its TZID is escaped as text", "[calendars]") {
    std::string zone = nepal_by_hand;
    zone.replace(zone.find("Customized Time Zone"), 20, "(UTC+05:45) Kathmandu\\, custom");
    const auto reading =
        read(calendar(zone + in_zone("\"(UTC+05:45) Kathmandu, custom\"", "20260715")), july);
    CHECK(starts(reading) == Lines{"2026-07-15T03:15:00Z"});
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 2: an unknown zone is warned of once, naming the event", "[calendars]") {
    const auto reading =
        read(calendar(event("DTSTART;TZID=Nowhere:20260715T090000", "first@x") +
                      event("DTSTART;TZID=Nowhere:20260715T110000\nSUMMARY:Secret plans", "second@x")),
             july);
    REQUIRE(codes(reading) == Lines{"unknown_zone"});
    CHECK(
        reading.warnings[0].message ==
        "the time zone \"Nowhere\" of event \"first@x\" (start 20260715T090000) is unknown and the file does "
        "not explain it; such times were read as Europe/Paris");
}

TEST_CASE("Point 3: the rules of an IANA name beat a VTIMEZONE that contradicts them", "[calendars]") {
    std::string lie = nepal_by_hand;
    lie.replace(lie.find("Customized Time Zone"), 20, "America/New_York");
    CHECK(starts(read(calendar(lie + in_zone("America/New_York", "20260715")), july)) ==
          Lines{"2026-07-15T13:00:00Z"});
}

TEST_CASE("Point 3: prefixed zone names are IANA names", "[calendars]") {
    for (const char* tzid :
         {"/freeassociation.sourceforge.net/Europe/London",
          "/freeassociation.sourceforge.net/Tzfile/Europe/London", "/mozilla.org/20050126_1/Europe/London",
          "/softwarestudio.org/Olson_20011030_5/Europe/London", "europe/LONDON", "Europe/London"}) {
        INFO(tzid);
        const auto reading = read(calendar(in_zone(tzid, "20260715")), july);
        CHECK(starts(reading) == Lines{"2026-07-15T08:00:00Z"});
        CHECK(reading.warnings.empty());
    }
    CHECK(starts(read(calendar(in_zone("/x.org/1/America/Argentina/Buenos_Aires", "20260715")), july)) ==
          Lines{"2026-07-15T12:00:00Z"});
}

TEST_CASE("Point 3: UTC has many names", "[calendars]") {
    for (const char* tzid : {"UTC", "GMT", "Etc/UTC", "utc", "tzone://Microsoft/Utc", "Zulu"}) {
        INFO(tzid);
        CHECK(starts(read(calendar(in_zone(tzid, "20260715")), july)) == Lines{"2026-07-15T09:00:00Z"});
    }
}

TEST_CASE("Point 3: an offset as a name has the sign that people expect", "[calendars]") {
    CHECK(ical::find_fixed_offset("GMT+0200") == std::chrono::hours(2));
    CHECK(ical::find_fixed_offset("UTC-05:30") == std::chrono::minutes(-330));
    CHECK(ical::find_fixed_offset("UTC+02") == std::chrono::hours(2));
    CHECK_FALSE(ical::find_fixed_offset("(UTC+01:00) Berlin").has_value());
    CHECK_FALSE(ical::find_fixed_offset("GMT").has_value());
    CHECK(starts(read(calendar(in_zone("GMT+0200", "20260115")), january)) == Lines{"2026-01-15T07:00:00Z"});
}

TEST_CASE("Point 3: no name can leave the zone folder", "[calendars]") {
    for (const char* tzid : {"../../etc/passwd", "/etc/passwd", "posix/../Europe/Paris", "", "."}) {
        INFO(tzid);
        CHECK_FALSE(ical::find_zone_by_name(tzid).has_value());
    }
    CHECK_FALSE(ical::find_zone_by_name(std::string(100'000, 'a')).has_value());
}

TEST_CASE("Point 4: floating times are the member's", "[calendars]") {
    const std::string floating = calendar(event("DTSTART:20260715T090000\nDTEND:20260715T100000"));
    CHECK(starts(read(floating, july)) == Lines{"2026-07-15T07:00:00Z"});
    CHECK(starts(read(floating, {"2026-07-15", "2026-07-16", "America/Montreal"})) ==
          Lines{"2026-07-15T13:00:00Z"});
}

TEST_CASE("Point 4: floating times follow X-WR-TIMEZONE, each VCALENDAR its own", "[calendars]") {
    const auto tokyo = calendar(event("DTSTART:20260715T090000", "a"), "X-WR-TIMEZONE:Asia/Tokyo\n");
    const auto windows = calendar(event("DTSTART:20260715T090000", "b"), "X-WR-TIMEZONE:GMT Standard Time\n");
    const auto none = calendar(event("DTSTART:20260715T090000", "c"));
    CHECK(starts(read(tokyo + windows + none, july)) ==
          Lines{"2026-07-15T00:00:00Z", "2026-07-15T07:00:00Z", "2026-07-15T08:00:00Z"});
}

TEST_CASE("Point 4: an X-WR-TIMEZONE that is nonsense is the member's zone, with a warning", "[calendars]") {
    const auto reading = read(calendar(event("DTSTART:20260715T090000"), "X-WR-TIMEZONE:My zone\n"), july);
    CHECK(starts(reading) == Lines{"2026-07-15T07:00:00Z"});
    CHECK(codes(reading) == Lines{"unknown_zone"});
}

TEST_CASE("Point 4: all-day events keep the member's day whatever X-WR-TIMEZONE says", "[calendars]") {
    const auto reading =
        read(calendar(event("DTSTART;VALUE=DATE:20260715"), "X-WR-TIMEZONE:Asia/Tokyo\n"), july);
    REQUIRE(reading.occurrences.size() == 1);
    CHECK(format_instant(reading.occurrences[0].when.start) == "2026-07-14T22:00:00Z");
    CHECK(format_instant(reading.occurrences[0].when.end) == "2026-07-15T22:00:00Z");
}

TEST_CASE("Point 4: the TZID of a date is ignored", "[calendars]") {
    const auto reading = read(calendar(event("DTSTART;VALUE=DATE;TZID=Nowhere:20260715\n"
                                             "DTEND;TZID=Asia/Tokyo;VALUE=DATE:20260716")),
                              july);
    CHECK(spans(reading) == Lines{"2026-07-15/2026-07-16"});
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 4: Z beats a TZID beside it", "[calendars]") {
    CHECK(starts(read(calendar(event("DTSTART;TZID=America/New_York:20260715T090000Z")), july)) ==
          Lines{"2026-07-15T09:00:00Z"});
}

TEST_CASE("Point 5: a time inside a spring gap is read with the offset before it", "[calendars]") {
    const Window day{"2026-03-29", "2026-03-30"};
    CHECK(spans(read(calendar(event("DTSTART;TZID=Europe/Paris:20260329T023000\n"
                                    "DTEND;TZID=Europe/Paris:20260329T040000")),
                     day)) == Lines{"2026-03-29T01:30:00Z/2026-03-29T02:00:00Z"});
    // The same by the file's own rules.
    CHECK(
        starts(read(calendar(berlin_by_hand + event("DTSTART;TZID=tzone://Microsoft/Custom:20260329T023000")),
                    day)) == Lines{"2026-03-29T01:30:00Z"});
}

TEST_CASE("Point 5: an event that a gap moves past its own end keeps its length on the clock",
          "[calendars]") {
    const auto reading = read(calendar(event("DTSTART;TZID=Europe/Paris:20260329T023000\n"
                                             "DTEND;TZID=Europe/Paris:20260329T030000")),
                              {"2026-03-29", "2026-03-30"});
    CHECK(spans(reading) == Lines{"2026-03-29T01:30:00Z/2026-03-29T02:00:00Z"});
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 5: a time that exists twice is the first", "[calendars]") {
    const Window day{"2026-10-25", "2026-10-26"};
    CHECK(spans(read(calendar(event("DTSTART;TZID=Europe/Paris:20261025T023000\n"
                                    "DTEND;TZID=Europe/Paris:20261025T040000")),
                     day)) == Lines{"2026-10-25T00:30:00Z/2026-10-25T03:00:00Z"});
    CHECK(
        starts(read(calendar(berlin_by_hand + event("DTSTART;TZID=tzone://Microsoft/Custom:20261025T023000")),
                    day)) == Lines{"2026-10-25T00:30:00Z"});
}

TEST_CASE("Point 5: half an hour of daylight saving on Lord Howe", "[calendars]") {
    // +10:30 becomes +11:00 on 4 October 2026 at 02:00, and again +10:30 on 5 April 2026 at 02:00 (daylight).
    CHECK(starts(read(calendar(event("DTSTART;TZID=Australia/Lord_Howe:20261004T021500")),
                      {"2026-10-03", "2026-10-05"})) == Lines{"2026-10-03T15:45:00Z"});
    CHECK(starts(read(calendar(event("DTSTART;TZID=Australia/Lord_Howe:20260405T014500")),
                      {"2026-04-04", "2026-04-06"})) == Lines{"2026-04-04T14:45:00Z"});
}

TEST_CASE("Point 5: instances of a series fall into a gap one by one", "[calendars]") {
    CHECK(starts(read(calendar(event("DTSTART;TZID=Europe/Paris:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3")),
                      {"2026-03-27", "2026-04-01"})) ==
          Lines{"2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"});
}

TEST_CASE("Point 6: a night event by DTEND keeps its exact length across daylight saving", "[calendars]") {
    const auto reading = read(
        calendar(event("DTSTART;TZID=Europe/Paris:20260327T220000\nDTEND;TZID=Europe/Paris:20260328T060000\n"
                       "RRULE:FREQ=DAILY;COUNT=3")),
        {"2026-03-27", "2026-03-31"});
    CHECK(spans(reading) == Lines{"2026-03-27T21:00:00Z/2026-03-28T05:00:00Z",
                                  "2026-03-28T21:00:00Z/2026-03-29T05:00:00Z",
                                  "2026-03-29T20:00:00Z/2026-03-30T04:00:00Z"});
}

TEST_CASE("Point 6: a series in UTC does not move with daylight saving, one in a zone does", "[calendars]") {
    const Window week{"2026-03-28", "2026-03-31"};
    CHECK(starts(read(calendar(event("DTSTART:20260328T080000Z\nRRULE:FREQ=DAILY;COUNT=3")), week)) ==
          Lines{"2026-03-28T08:00:00Z", "2026-03-29T08:00:00Z", "2026-03-30T08:00:00Z"});
    CHECK(starts(read(calendar(event("DTSTART;TZID=Europe/Paris:20260328T090000\nRRULE:FREQ=DAILY;COUNT=3")),
                      week)) ==
          Lines{"2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"});
}

TEST_CASE("A VTIMEZONE agrees with tzdata at 500 times over ten years", "[zones]") {
    // Both sides are independent: the rules of the file against the system's table for Berlin.
    const Zone berlin = Zone::get("Europe/Berlin");
    std::string events;
    Lines expected;
    LocalTime local(parse_day("2018-01-01").value());
    for (int i = 0; i < 500; ++i, local += std::chrono::hours(173)) {
        const Instant instant = berlin.to_instant(local);
        const std::string text = format_instant(Instant(local.time_since_epoch()));
        std::string compact;
        for (const char c : text.substr(0, 19)) {
            if (c != '-' && c != ':') compact += c;
        }
        events += event("DTSTART;TZID=tzone://Microsoft/Custom:" + compact, std::to_string(i));
        expected.push_back(format_instant(instant));
    }
    CHECK(starts(read(calendar(berlin_by_hand + events), {"2017-12-31", "2029-01-01"})) == expected);
}

}  // namespace zones_test
