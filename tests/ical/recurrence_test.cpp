// CALENDARS.md, "Recurrence": points 10 to 18.
#include "reader_fixture.h"

namespace recurrence_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

// Mondays 09:00 in Paris (07:00Z in summer), from 1 June 2026.
const std::string weekly =
    "DTSTART;TZID=Europe/Paris:20260601T090000\nDTEND;TZID=Europe/Paris:20260601T100000\nRRULE:FREQ=WEEKLY";
const Window june{"2026-06-01", "2026-07-01"};

std::string override_of(const std::string& recurrence_id, const std::string& rest) {
    return event("RECURRENCE-ID" + recurrence_id + "\n" + rest);
}

std::string daily(const std::string& more) {
    return event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nRRULE:FREQ=DAILY" + more);
}

Lines june_days(std::initializer_list<int> days) {
    Lines lines;
    for (const int day : days) {
        lines.push_back("2026-06-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T09:00:00Z");
    }
    return lines;
}

}  // namespace

TEST_CASE("Point 10: overrides move instances out of the window and into it", "[calendars]") {
    const std::string moved =
        calendar(event(weekly) + override_of(";TZID=Europe/Paris:20260608T090000",
                                             "DTSTART;TZID=Europe/Paris:20260620T090000\n"
                                             "DTEND;TZID=Europe/Paris:20260620T120000"));
    CHECK(spans(read(moved, {"2026-06-08", "2026-06-09"})).empty());
    const auto there = read(moved, {"2026-06-20", "2026-06-21"});
    CHECK(spans(there) == Lines{"2026-06-20T07:00:00Z/2026-06-20T10:00:00Z"});
    CHECK(recurrence_ids(there) == Lines{"2026-06-08T07:00:00Z"});
}

TEST_CASE("Point 10: an override may come before its master, in another VCALENDAR", "[calendars]") {
    const std::string bytes =
        calendar(override_of(":20260608T070000Z", "DTSTART:20260609T070000Z")) + calendar(event(weekly));
    CHECK(starts(read(bytes, {"2026-06-08", "2026-06-16"})) ==
          Lines{"2026-06-09T07:00:00Z", "2026-06-15T07:00:00Z"});
}

TEST_CASE("Point 10: a RECURRENCE-ID in UTC, another zone, floating or a date finds its instance",
          "[calendars]") {
    for (const char* id : {":20260608T070000Z", ";TZID=America/New_York:20260608T030000", ":20260608T090000",
                           ";VALUE=DATE:20260608", ";TZID=\"Romance Standard Time\":20260608T090000"}) {
        INFO(id);
        const auto reading = read(
            calendar(event(weekly) + override_of(id, "DTSTART:20260608T120000Z\nDTEND:20260608T130000Z")),
            {"2026-06-08", "2026-06-09"});
        CHECK(spans(reading) == Lines{"2026-06-08T12:00:00Z/2026-06-08T13:00:00Z"});
        CHECK(recurrence_ids(reading) == Lines{"2026-06-08T07:00:00Z"});
    }
}

TEST_CASE("Point 10: overrides of an all-day series", "[calendars]") {
    const std::string series = event("DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=WEEKLY");
    for (const char* id : {";VALUE=DATE:20260608", ":20260608T000000", ":20260608T000000Z",
                           ";TZID=Europe/Paris:20260608T000000"}) {
        INFO(id);
        const auto reading =
            read(calendar(series + override_of(id, "DTSTART;VALUE=DATE:20260610\nDTEND;VALUE=DATE:20260612")),
                 {"2026-06-02", "2026-06-16"});
        CHECK(spans(reading) == Lines{"2026-06-10/2026-06-12", "2026-06-15/2026-06-16"});
        CHECK(recurrence_ids(reading) == Lines{"2026-06-08", "2026-06-15"});
    }
    // One day of it becomes a time.
    CHECK(spans(read(calendar(series + override_of(";VALUE=DATE:20260608",
                                                   "DTSTART:20260608T120000Z\nDTEND:20260608T130000Z")),
                     {"2026-06-02", "2026-06-15"})) == Lines{"2026-06-08T12:00:00Z/2026-06-08T13:00:00Z"});
}

TEST_CASE("Point 10: a cancelled instance is gone, also without a start or by METHOD:CANCEL", "[calendars]") {
    const Window day{"2026-06-08", "2026-06-09"};
    CHECK(spans(read(calendar(event(weekly) + override_of(":20260608T070000Z", "STATUS:CANCELLED")), day))
              .empty());
    CHECK(spans(read(calendar(event(weekly) +
                              override_of(":20260608T070000Z", "DTSTART:20260608T070000Z\nSTATUS:CANCELLED")),
                     day))
              .empty());
    CHECK(spans(read(calendar(event(weekly)) +
                         calendar(override_of(":20260608T070000Z", "DTSTART:20260608T070000Z"),
                                  "METHOD:CANCEL\n"),
                     day))
              .empty());
}

TEST_CASE("Point 10: an override without its master is kept", "[calendars]") {
    const auto reading = read(
        calendar(override_of(":20260608T070000Z", "DTSTART:20260608T120000Z\nDTEND:20260608T130000Z")), june);
    CHECK(spans(reading) == Lines{"2026-06-08T12:00:00Z/2026-06-08T13:00:00Z"});
    CHECK(recurrence_ids(reading) == Lines{"2026-06-08T07:00:00Z"});
    CHECK(recurrence_ids(read(calendar(override_of(";VALUE=DATE:20260608", "DTSTART;VALUE=DATE:20260609")),
                              june)) == Lines{"2026-06-08"});
}

TEST_CASE("Point 10: an override of an instance that the rule does not produce is kept", "[calendars]") {
    const auto reading =
        read(calendar(event(weekly) + override_of(":20260610T070000Z", "DTSTART:20260610T120000Z")),
             {"2026-06-09", "2026-06-15"});
    CHECK(starts(reading) == Lines{"2026-06-10T12:00:00Z"});
}

TEST_CASE("Point 10: of two overrides of one instance the later version counts", "[calendars]") {
    const std::string older = override_of(":20260608T070000Z", "SEQUENCE:1\nDTSTART:20260608T120000Z");
    const std::string newer = override_of(":20260608T070000Z", "SEQUENCE:2\nDTSTART:20260608T150000Z");
    for (const std::string& both : {older + newer, newer + older}) {
        CHECK(starts(read(calendar(event(weekly) + both), {"2026-06-08", "2026-06-09"})) ==
              Lines{"2026-06-08T15:00:00Z"});
    }
}

TEST_CASE("Point 10: an unreadable RECURRENCE-ID is a warning, and never makes a second master",
          "[calendars]") {
    const auto reading =
        read(calendar(event(weekly) + override_of(":soon", "SEQUENCE:9\nDTSTART:20260609T120000Z")),
             {"2026-06-08", "2026-06-10"});
    CHECK(starts(reading) == Lines{"2026-06-08T07:00:00Z", "2026-06-09T12:00:00Z"});
    CHECK(codes(reading) == Lines{"bad_recurrence_id"});
}

TEST_CASE("Point 11: this and future instances move and change length", "[calendars]") {
    const std::string changed =
        event(weekly) + override_of(";TZID=Europe/Paris;RANGE=THISANDFUTURE:20260615T090000",
                                    "DTSTART;TZID=Europe/Paris:20260616T140000\n"
                                    "DTEND;TZID=Europe/Paris:20260616T160000\nSUMMARY:New");
    const auto reading = read(calendar(changed), {"2026-06-08", "2026-07-01"});
    CHECK(spans(reading) ==
          Lines{"2026-06-08T07:00:00Z/2026-06-08T08:00:00Z", "2026-06-16T12:00:00Z/2026-06-16T14:00:00Z",
                "2026-06-23T12:00:00Z/2026-06-23T14:00:00Z", "2026-06-30T12:00:00Z/2026-06-30T14:00:00Z"});
    CHECK(summaries(reading) == Lines{"", "New", "New", "New"});
    CHECK(recurrence_ids(reading) == Lines{"2026-06-08T07:00:00Z", "2026-06-15T07:00:00Z",
                                           "2026-06-22T07:00:00Z", "2026-06-29T07:00:00Z"});
    // Half a year later, in winter time, it is still 14:00.
    CHECK(starts(read(calendar(changed), {"2026-12-01", "2026-12-02"})) == Lines{"2026-12-01T13:00:00Z"});
}

TEST_CASE("Point 11: a plain override after a change of all future ones stands", "[calendars]") {
    const auto reading =
        read(calendar(event(weekly) +
                      override_of(";RANGE=THISANDFUTURE:20260608T070000Z",
                                  "DTSTART:20260608T120000Z\nDTEND:20260608T130000Z") +
                      override_of(":20260615T070000Z", "DTSTART:20260617T080000Z\nDTEND:20260617T090000Z") +
                      override_of(":20260622T070000Z", "STATUS:CANCELLED")),
             june);
    CHECK(starts(reading) == Lines{"2026-06-01T07:00:00Z", "2026-06-08T12:00:00Z", "2026-06-17T08:00:00Z",
                                   "2026-06-29T12:00:00Z"});
}

TEST_CASE("Point 11: the second change of all future ones replaces the first", "[calendars]") {
    const auto reading = read(calendar(event(weekly) +
                                       override_of(";RANGE=THISANDFUTURE:20260622T070000Z",
                                                   "DTSTART:20260622T150000Z\nDTEND:20260622T160000Z") +
                                       override_of(";RANGE=THISANDFUTURE:20260608T070000Z",
                                                   "DTSTART:20260608T120000Z\nDTEND:20260608T130000Z")),
                              june);
    CHECK(starts(reading) == Lines{"2026-06-01T07:00:00Z", "2026-06-08T12:00:00Z", "2026-06-15T12:00:00Z",
                                   "2026-06-22T15:00:00Z", "2026-06-29T15:00:00Z"});
}

TEST_CASE("Point 11: this and future instances are cancelled, shifted by days, or become all-day",
          "[calendars]") {
    CHECK(starts(read(calendar(event(weekly) +
                               override_of(";RANGE=THISANDFUTURE:20260615T070000Z", "STATUS:CANCELLED")),
                      june)) == Lines{"2026-06-01T07:00:00Z", "2026-06-08T07:00:00Z"});
    // Moved into the window from a place long before it.
    CHECK(starts(read(calendar(event(weekly) + override_of(";RANGE=THISANDFUTURE:20260608T070000Z",
                                                           "DTSTART:20270608T070000Z")),
                      {"2027-06-08", "2027-06-16"})) ==
          Lines{"2027-06-08T07:00:00Z", "2027-06-15T07:00:00Z"});
    CHECK(spans(read(calendar(event(weekly) + override_of(";RANGE=THISANDFUTURE:20260615T070000Z",
                                                          "DTSTART;VALUE=DATE:20260616")),
                     {"2026-06-15", "2026-06-30"})) ==
          Lines{"2026-06-16/2026-06-17", "2026-06-23/2026-06-24"});
    CHECK(spans(read(calendar(event("DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=WEEKLY") +
                              override_of(";VALUE=DATE;RANGE=THISANDFUTURE:20260615",
                                          "DTSTART;TZID=Europe/Paris:20260615T100000\nDURATION:PT1H")),
                     {"2026-06-15", "2026-06-23"})) ==
          Lines{"2026-06-15T08:00:00Z/2026-06-15T09:00:00Z", "2026-06-22T08:00:00Z/2026-06-22T09:00:00Z"});
}

TEST_CASE("Point 11: of two components with one UID the higher SEQUENCE wins, then the later DTSTAMP",
          "[calendars]") {
    const auto version = [](const char* sequence, const char* stamp, const char* hour) {
        return std::string("BEGIN:VEVENT\nUID:1\nSEQUENCE:") + sequence + "\nDTSTAMP:2026010" + stamp +
               "T000000Z\nDTSTART:20260608T" + hour + "0000Z\nEND:VEVENT\n";
    };
    const auto hour_of = [&](const std::string& first, const std::string& second) {
        const auto reading = read(calendar(first + second), june);
        CHECK(codes(reading) == Lines{"duplicate_event"});
        REQUIRE(reading.occurrences.size() == 1);
        return starts(reading)[0].substr(11, 2);
    };
    CHECK(hour_of(version("2", "1", "12"), version("1", "9", "15")) == "12");
    CHECK(hour_of(version("1", "9", "15"), version("2", "1", "12")) == "12");
    CHECK(hour_of(version("1", "2", "12"), version("1", "1", "15")) == "12");
    CHECK(hour_of(version("1", "1", "15"), version("1", "2", "12")) == "12");
    CHECK(hour_of(version("10", "1", "12"), version("9", "1", "15")) == "12");
}

TEST_CASE("Point 11: a newer version far outside the window takes the older one away", "[calendars]") {
    CHECK(spans(read(calendar(event("SEQUENCE:0\nDTSTART:20260608T120000Z") +
                              event("SEQUENCE:1\nDTSTART:20280608T120000Z")),
                     june))
              .empty());
}

TEST_CASE("Point 12: EXDATE of any kind removes the instance of that local time or day", "[calendars]") {
    for (const char* exdate :
         {":20260608T070000Z", ";TZID=Europe/Paris:20260608T090000", ";VALUE=DATE:20260608",
          ":20260608T090000", ";TZID=Asia/Tokyo:20260608T160000", ":20260608"}) {
        INFO(exdate);
        CHECK(starts(read(calendar(event(weekly + "\nEXDATE" + exdate)), {"2026-06-01", "2026-06-16"})) ==
              Lines{"2026-06-01T07:00:00Z", "2026-06-15T07:00:00Z"});
    }
    // The local day, not that of UTC: 00:30 in Paris is the day before in UTC.
    CHECK(starts(read(calendar(event("DTSTART;TZID=Europe/Paris:20260601T003000\nRRULE:FREQ=DAILY;COUNT=3\n"
                                     "EXDATE;VALUE=DATE:20260602")),
                      {"2026-05-31", "2026-06-10"})) ==
          Lines{"2026-05-31T22:30:00Z", "2026-06-02T22:30:00Z"});
    // Another time of that day is another instance.
    CHECK(starts(read(calendar(event(weekly + "\nEXDATE:20260608T000000Z")), {"2026-06-08", "2026-06-09"}))
              .size() == 1);
}

TEST_CASE("Point 12: EXDATE of an all-day series may be a time", "[calendars]") {
    for (const char* exdate :
         {";VALUE=DATE:20260608", ":20260608T000000Z", ";TZID=Europe/Paris:20260608T000000",
          ":20260607T220000Z", ":20260608T000000"}) {
        INFO(exdate);
        CHECK(spans(read(calendar(event(
                             std::string("DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=WEEKLY\nEXDATE") + exdate)),
                         {"2026-06-02", "2026-06-16"})) == Lines{"2026-06-15/2026-06-16"});
    }
}

TEST_CASE("Point 12: EXDATE lists, several lines, and nonsense in them", "[calendars]") {
    const auto reading = read(calendar(daily(";COUNT=6\nEXDATE:20260602T090000Z,,20260603T090000Z,never\n"
                                             "EXDATE:20260605T090000Z")),
                              june);
    CHECK(starts(reading) == june_days({1, 4, 6}));
    CHECK(codes(reading) == Lines{"bad_exdate"});
}

TEST_CASE("Point 12: EXDATE removes an override", "[calendars]") {
    CHECK(spans(read(calendar(event(weekly + "\nEXDATE;VALUE=DATE:20260608") +
                              override_of(";TZID=Europe/Paris:20260608T090000", "DTSTART:20260609T110000Z")),
                     {"2026-06-08", "2026-06-10"}))
              .empty());
}

TEST_CASE("Point 12: EXRULE removes what its rule gives", "[calendars]") {
    CHECK(starts(read(calendar(daily(";COUNT=6\nEXRULE:FREQ=DAILY;INTERVAL=2")), june)) ==
          june_days({2, 4, 6}));
}

TEST_CASE("Point 13: RDATE with a period has its own length", "[calendars]") {
    const auto reading =
        read(calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\n"
                            "RDATE;VALUE=PERIOD:20260603T090000Z/PT3H,20260604T090000Z/20260604T093000Z")),
             june);
    CHECK(spans(reading) == Lines{"2026-06-01T09:00:00Z/2026-06-01T10:00:00Z",
                                  "2026-06-03T09:00:00Z/2026-06-03T12:00:00Z",
                                  "2026-06-04T09:00:00Z/2026-06-04T09:30:00Z"});
    CHECK(recurrence_ids(reading) ==
          Lines{"2026-06-01T09:00:00Z", "2026-06-03T09:00:00Z", "2026-06-04T09:00:00Z"});
}

TEST_CASE("Point 13: a period that begins before the window and reaches into it counts", "[calendars]") {
    CHECK(spans(read(calendar(event("DTSTART:20260101T090000Z\nDTEND:20260101T100000Z\n"
                                    "RDATE;VALUE=PERIOD:20260401T000000Z/P100D")),
                     {"2026-06-10", "2026-06-11"})) == Lines{"2026-04-01T00:00:00Z/2026-07-10T00:00:00Z"});
}

TEST_CASE("Point 13: an RDATE equal to an instance counts once, with the period's length", "[calendars]") {
    CHECK(starts(read(calendar(daily(";COUNT=3\nRDATE:20260602T090000Z,20260605T090000Z,20260605T090000Z")),
                      june)) == june_days({1, 2, 3, 5}));
    CHECK(spans(read(calendar(daily(";COUNT=2\nRDATE;VALUE=PERIOD:20260602T090000Z/PT2H")), june)) ==
          Lines{"2026-06-01T09:00:00Z/2026-06-01T10:00:00Z", "2026-06-02T09:00:00Z/2026-06-02T11:00:00Z"});
}

TEST_CASE("Point 13: RDATE of other value types, and EXDATE of an RDATE", "[calendars]") {
    CHECK(
        starts(read(calendar(event(weekly + ";COUNT=1\nRDATE;VALUE=DATE:20260610\n"
                                            "RDATE;TZID=Asia/Tokyo:20260612T090000\nRDATE:20260613T090000")),
                    june)) == Lines{"2026-06-01T07:00:00Z", "2026-06-10T07:00:00Z", "2026-06-12T00:00:00Z",
                                    "2026-06-13T07:00:00Z"});
    CHECK(starts(read(calendar(daily(";COUNT=1\nRDATE:20260605T090000Z\nEXDATE:20260605T090000Z")), june)) ==
          june_days({1}));
    CHECK(spans(read(calendar(event("DTSTART;VALUE=DATE:20260601\nRDATE;VALUE=DATE:20260603,20260605")),
                     june)) ==
          Lines{"2026-06-01/2026-06-02", "2026-06-03/2026-06-04", "2026-06-05/2026-06-06"});
    CHECK(codes(read(calendar(daily(";COUNT=1\nRDATE:tomorrow")), june)) == Lines{"bad_rdate"});
}

TEST_CASE("Point 14: UNTIL with Z is an instant, without one a time of the start's zone", "[calendars]") {
    const auto last = [](const std::string& until) {
        const auto reading = read(
            calendar(event("DTSTART;TZID=America/New_York:20260601T220000\nRRULE:FREQ=DAILY;UNTIL=" + until)),
            june);
        return reading.occurrences.empty() ? "" : starts(reading).back();
    };
    CHECK(last("20260604T020000Z") == "2026-06-04T02:00:00Z");
    CHECK(last("20260604T015959Z") == "2026-06-03T02:00:00Z");
    CHECK(last("20260603T220000") == "2026-06-04T02:00:00Z");
    CHECK(last("20260603T215959") == "2026-06-03T02:00:00Z");
    CHECK(last("20260603") == "2026-06-04T02:00:00Z");
    CHECK(last("20260530") == "");
}

TEST_CASE("Point 14: UNTIL of an all-day series may be a time", "[calendars]") {
    for (const char* until : {"20260603", "20260603T000000", "20260603T000000Z", "20260602T220000Z",
                              "20260603T215959Z", "20260603T235959"}) {
        INFO(until);
        CHECK(starts(read(calendar(event(std::string("DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=DAILY;UNTIL=") +
                                         until)),
                          june)) == Lines{"2026-06-01", "2026-06-02", "2026-06-03"});
    }
}

TEST_CASE("Point 14: COUNT counts from DTSTART and before EXDATE", "[calendars]") {
    CHECK(starts(read(calendar(daily(";COUNT=3\nEXDATE:20260602T090000Z")), june)) == june_days({1, 3}));
    CHECK(starts(read(calendar(daily(";COUNT=10")), {"2026-06-09", "2026-07-01", "UTC"})) ==
          june_days({9, 10}));
}

TEST_CASE("Point 15: WEEKLY with BYSETPOS and DAILY with BYMONTHDAY=-1", "[calendars]") {
    CHECK(starts(read(
              calendar(event("DTSTART:20260601T090000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1,-1")),
              {"2026-06-01", "2026-06-15"})) == june_days({1, 5, 8, 12}));
    CHECK(starts(read(calendar(event("DTSTART:20260131T090000Z\nRRULE:FREQ=DAILY;BYMONTHDAY=-1")),
                      {"2026-01-01", "2026-04-01"})) ==
          Lines{"2026-01-31T09:00:00Z", "2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z"});
}

TEST_CASE("Point 16: a start that its own rule does not produce is no instance and does not count",
          "[calendars]") {
    // 2 June 2026 is a Tuesday.
    CHECK(starts(read(calendar(event("DTSTART:20260602T090000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2")),
                      june)) == june_days({8, 15}));
}

TEST_CASE("Point 17: rules that libical would drop are repaired, with a warning", "[calendars]") {
    const auto check = [](const char* rule, std::initializer_list<int> days) {
        INFO(rule);
        const auto reading = read(calendar(daily(rule)), june);
        CHECK(starts(reading) == june_days(days));
        CHECK(codes(reading) == Lines{"repaired_rule"});
    };
    check(";COUNT=5;UNTIL=20260603T090000Z", {1, 2, 3});
    check(";UNTIL=20260620T090000Z;COUNT=2", {1, 2});
    check(";COUNT=2;COUNT=2", {1, 2});
    check("; COUNT = 2", {1, 2});
    check(";X-GOOD=1;COUNT=2", {1, 2});
    check(";INTERVAL=0;COUNT=2", {1, 2});
    // Small things are not worth a word.
    const auto reading =
        read(calendar(event("DTSTART:20260601T090000Z\nRRULE:freq=weekly;;byday=mo;count=2;")), june);
    CHECK(starts(reading) == june_days({1, 8}));
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 17: of a rule that cannot be understood only the start is read, with a warning",
          "[calendars]") {
    for (const char* rule :
         {"FREQ=SOMETIMES", "COUNT=3", "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;COUNT=many",
          "FREQ=DAILY;INTERVAL=-1", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=YEARLY;BYMONTH=13",
          "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;BYHOUR=1,,2", "FREQ=DAILY;BYDAY=", "nonsense",
          "FREQ=DAILY;INTERVAL=99999999999", "RSCALE=CHINESE;FREQ=YEARLY", ""}) {
        INFO(rule);
        const auto reading =
            read(calendar(event(std::string("DTSTART:20260601T090000Z\nRRULE:") + rule)), june);
        CHECK(starts(reading) == june_days({1}));
        CHECK(codes(reading) == Lines{"bad_rule"});
    }
}

TEST_CASE("Point 18: all-day series have no duplicates, no lost days, and their own dates", "[calendars]") {
    CHECK(spans(read(calendar(event(
                         "DTSTART;VALUE=DATE:20260327\nRRULE:FREQ=DAILY;COUNT=4\nRDATE;VALUE=DATE:20260328")),
                     {"2026-03-28", "2026-04-01"})) ==
          Lines{"2026-03-28/2026-03-29", "2026-03-29/2026-03-30", "2026-03-30/2026-03-31"});
    CHECK(spans(read(
              calendar(event("DTSTART:20260327T000000\nDTEND:20260328T000000\nRRULE:FREQ=DAILY;COUNT=3")),
              {"2026-03-28", "2026-04-01"})) == Lines{"2026-03-28/2026-03-29", "2026-03-29/2026-03-30"});
}

TEST_CASE("Point 18: several rules give their union, each instance once", "[calendars]") {
    CHECK(starts(read(
              calendar(event(
                  "DTSTART:20260601T090000Z\nRRULE:FREQ=DAILY;COUNT=3\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=3")),
              june)) == june_days({1, 2, 3, 5}));
}

TEST_CASE("Occurrences come in order of start, end, UID and place in the series", "[calendars]") {
    const auto reading =
        read(calendar(event("DTSTART:20260602T090000Z", "b") + event("DTSTART:20260602T090000Z", "a") +
                      event("DTSTART:20260602T090000Z\nDTEND:20260602T093000Z", "0") +
                      event("DTSTART:20260601T090000Z\nDTEND:20260609T090000Z", "z")),
             june);
    Lines uids;
    for (const Occurrence& occurrence : reading.occurrences) uids.push_back(occurrence.event->uid);
    CHECK(uids == Lines{"z", "a", "b", "0"});
}

TEST_CASE("An event that does not recur has no recurrence id", "[calendars]") {
    CHECK(recurrence_ids(read(calendar(event("DTSTART:20260602T090000Z")), june)) == Lines{""});
}

}  // namespace recurrence_test
