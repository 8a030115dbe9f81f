// CALENDARS.md, point 30: events that share one UID, as small generators write them, beside point 11's
// versions.
#include "ical/series.h"

#include "reader_fixture.h"

namespace series_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Window june{"2026-06-01", "2026-07-01", "UTC"};

std::string one(const std::string& properties, const std::string& stamp = "DTSTAMP:20260101T000000Z\n") {
    return "BEGIN:VEVENT\nUID:all\n" + stamp + properties + "\nEND:VEVENT\n";
}
std::string vacation(const std::string& first, const std::string& end) {
    return "SUMMARY:Vacation\nDTSTART;VALUE=DATE:" + first + "\nDTEND;VALUE=DATE:" + end;
}

}  // namespace

TEST_CASE("Point 30: events of one UID and version with different starts are each kept, with one warning",
          "[calendars]") {
    const auto reading =
        read(calendar(one(vacation("20260601", "20260603")) + one(vacation("20260610", "20260612")) +
                      one("SUMMARY:Night duty\nDTSTART:20260620T220000Z\nDTEND:20260621T060000Z")),
             june);
    CHECK(spans(reading) == Lines{"2026-06-01/2026-06-03", "2026-06-10/2026-06-12",
                                  "2026-06-20T22:00:00Z/2026-06-21T06:00:00Z"});
    CHECK(summaries(reading) == Lines{"Vacation", "Vacation", "Night duty"});
    CHECK(codes(reading) == Lines{"shared_uid"});
}

TEST_CASE("Point 30: the same without DTSTAMP, in any order, over several VCALENDARs", "[calendars]") {
    const std::string early = one(vacation("20260601", "20260603"), "");
    const std::string late = one(vacation("20260610", "20260612"), "");
    const Lines both{"2026-06-01/2026-06-03", "2026-06-10/2026-06-12"};
    for (const std::string& file :
         {calendar(early + late), calendar(late + early), calendar(late) + calendar(early)}) {
        const auto reading = read(file, june);
        CHECK(spans(reading) == both);
        CHECK(codes(reading) == Lines{"shared_uid"});
    }
    // One that does not say how old it is, is not the older one.
    CHECK(spans(read(calendar(early + one(vacation("20260610", "20260612"))), june)) == both);
}

TEST_CASE("Point 30: one of them far outside the window takes nothing away", "[calendars]") {
    CHECK(spans(read(calendar(one(vacation("20260601", "20260603")) + one(vacation("20280610", "20280612"))),
                     june)) == Lines{"2026-06-01/2026-06-03"});
}

TEST_CASE("Point 30: copies with the same start are one event", "[calendars]") {
    const auto twice =
        read(calendar(one(vacation("20260601", "20260603")) + one(vacation("20260601", "20260603"))), june);
    CHECK(spans(twice) == Lines{"2026-06-01/2026-06-03"});
    CHECK(codes(twice) == Lines{"duplicate_event"});
    const auto other_words = read(calendar(one("DTSTART:20260601T090000Z\nDURATION:PT1H") +
                                           one("DTSTART;TZID=Europe/Paris:20260601T110000\nDURATION:PT1H")),
                                  june);
    CHECK(spans(other_words) == Lines{"2026-06-01T09:00:00Z/2026-06-01T10:00:00Z"});
    const auto mixed =
        read(calendar(one(vacation("20260601", "20260603")) + one(vacation("20260610", "20260612")) +
                      one(vacation("20260601", "20260603"))),
             june);
    CHECK(spans(mixed) == Lines{"2026-06-01/2026-06-03", "2026-06-10/2026-06-12"});
    CHECK(codes(mixed) == Lines{"duplicate_event", "shared_uid"});
}

TEST_CASE("Point 30: versions still replace each other", "[calendars]") {
    const auto newer =
        read(calendar(one("SEQUENCE:1\n" + vacation("20260601", "20260603")) +
                      one(vacation("20260610", "20260612")) + one(vacation("20260615", "20260617"))),
             june);
    CHECK(spans(newer) == Lines{"2026-06-01/2026-06-03"});
    CHECK(codes(newer) == Lines{"duplicate_event"});
    const auto later = read(calendar(one(vacation("20260601", "20260603"), "DTSTAMP:20260102T000000Z\n") +
                                     one(vacation("20260610", "20260612"))),
                            june);
    CHECK(spans(later) == Lines{"2026-06-01/2026-06-03"});
}

TEST_CASE("Point 30: one that is cancelled ends itself alone, one without a start all of them",
          "[calendars]") {
    const std::string kept = one(vacation("20260601", "20260603"));
    CHECK(spans(read(calendar(kept + one("STATUS:CANCELLED\n" + vacation("20260610", "20260612"))), june)) ==
          Lines{"2026-06-01/2026-06-03"});
    CHECK(spans(read(calendar(kept + one("STATUS:CANCELLED\nSUMMARY:Off")), june)).empty());
}

TEST_CASE("Point 30: series among them recur, each with its own changes", "[calendars]") {
    const std::string mondays =
        one("SUMMARY:Off\nDTSTART:20260601T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3");
    const std::string thursdays =
        one("SUMMARY:Late\nDTSTART:20260604T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE:"
            "20260611T090000Z");
    const std::string single = one("SUMMARY:Once\nDTSTART:20260610T090000Z\nDURATION:PT1H");
    const auto plain = read(calendar(thursdays + single + mondays), june);
    CHECK(starts(plain) == Lines{"2026-06-01T09:00:00Z", "2026-06-04T09:00:00Z", "2026-06-08T09:00:00Z",
                                 "2026-06-10T09:00:00Z", "2026-06-15T09:00:00Z"});
    CHECK(codes(plain) == Lines{"shared_uid"});

    // A change belongs to the series that has its instance: neither another's nor twice.
    const std::string moved =
        one("RECURRENCE-ID:20260608T090000Z\nSUMMARY:Moved\nDTSTART:20260609T120000Z\nDURATION:PT1H");
    const std::string excluded =
        one("RECURRENCE-ID:20260611T090000Z\nDTSTART:20260612T120000Z\nDURATION:PT1H");
    const std::string of_single =
        one("RECURRENCE-ID:20260610T090000Z\nDTSTART:20260610T150000Z\nDURATION:PT1H");
    const std::string of_none =
        one("RECURRENCE-ID:20260628T090000Z\nDTSTART:20260628T100000Z\nDURATION:PT1H");
    const auto changed =
        read(calendar(moved + mondays + excluded + thursdays + of_single + single + of_none), june);
    CHECK(starts(changed) == Lines{"2026-06-01T09:00:00Z", "2026-06-04T09:00:00Z", "2026-06-09T12:00:00Z",
                                   "2026-06-10T15:00:00Z", "2026-06-15T09:00:00Z", "2026-06-28T10:00:00Z"});
    CHECK(summaries(changed) == Lines{"Off", "Late", "Moved", "Once", "Off", ""});
    CHECK(codes(changed) == Lines{"shared_uid"});
}

TEST_CASE("Point 30: what a rule is warned of is said once however many events share its UID",
          "[calendars]") {
    const auto reading =
        read(calendar(one("DTSTART:20260601T090000Z\nRRULE:FREQ=WEEKLY;BYMONTHDAY=3;COUNT=2") +
                      one("DTSTART:20260602T090000Z") +
                      one("RECURRENCE-ID:20260608T090000Z\n"
                          "DTSTART:20260609T090000Z")),
             june);
    CHECK(starts(reading) == Lines{"2026-06-01T09:00:00Z", "2026-06-02T09:00:00Z", "2026-06-09T09:00:00Z"});
    CHECK(codes(reading) == Lines{"shared_uid", "repaired_rule"});
}

TEST_CASE("Point 30: thousands of events and changes of one UID are read in bounded time", "[calendars]") {
    // 4,000 series and 4,000 changes are 16 million pairs.
    std::string components;
    for (int i = 0; i < 4'000; ++i) {
        const std::string minute = std::to_string(100 + i % 60).substr(1);
        const std::string hour = std::to_string(100 + i / 60 % 24).substr(1);
        const std::string day = std::to_string(101 + i / 1440).substr(1);
        const std::string start = "202601" + day + "T" + hour + minute + "00Z";
        components += one("DTSTART:" + start + "\nRRULE:FREQ=YEARLY");
        components +=
            one("RECURRENCE-ID:20260615T120030Z\nDTSTART:20260615T120000Z\nSEQUENCE:" + std::to_string(i));
    }
    const auto reading = try_read(calendar(components), june);
    if (!reading) {
        CHECK(reading.error().code == ErrorCode::timeout);
    } else {
        CHECK(starts(*reading) == Lines{"2026-06-15T12:00:00Z"});
    }
}

}  // namespace series_test
