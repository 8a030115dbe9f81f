// CALENDARS.md, point 29: BYxxx parts that RFC 5545 3.3.10 forbids for a FREQ are left out, and warned of.
#include "ical/rule.h"

#include <algorithm>

#include "reader_fixture.h"

namespace rule_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Window two_years{"2026-01-01", "2028-01-01", "UTC"};

CalendarReading read_rule(const std::string& rule, const std::string& property = "RRULE",
                          const std::string& start = "DTSTART:20260105T090000Z") {
    return read(calendar(event(start + "\n" + property + ":" + rule)), two_years);
}

bool warns_of(const CalendarReading& reading, const std::string& part) {
    return std::any_of(reading.warnings.begin(), reading.warnings.end(), [&](const CalendarWarning& warning) {
        return warning.code == "repaired_rule" && warning.message.find(part) != std::string::npos;
    });
}

struct Odd {
    std::string rule;
    std::string meaning;  // the same rule without what is forbidden
    std::string part;
};

}  // namespace

TEST_CASE("Point 29: a part that its FREQ forbids is left out with a warning", "[calendars]") {
    // 5 January 2026 is a Monday.
    const std::vector<Odd> rules = {
        {"FREQ=MONTHLY;BYYEARDAY=100", "FREQ=MONTHLY", "BYYEARDAY"},
        {"FREQ=MONTHLY;BYYEARDAY=1,-1;BYMONTHDAY=7", "FREQ=MONTHLY;BYMONTHDAY=7", "BYYEARDAY"},
        {"FREQ=MONTHLY;BYWEEKNO=20", "FREQ=MONTHLY", "BYWEEKNO"},
        {"FREQ=MONTHLY;BYWEEKNO=20;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=2TU", "BYWEEKNO"},
        {"FREQ=WEEKLY;BYMONTHDAY=13", "FREQ=WEEKLY", "BYMONTHDAY"},
        {"FREQ=WEEKLY;BYMONTHDAY=-1;BYDAY=TU,TH", "FREQ=WEEKLY;BYDAY=TU,TH", "BYMONTHDAY"},
        {"FREQ=WEEKLY;BYYEARDAY=200", "FREQ=WEEKLY", "BYYEARDAY"},
        {"FREQ=WEEKLY;BYWEEKNO=3", "FREQ=WEEKLY", "BYWEEKNO"},
        {"FREQ=WEEKLY;INTERVAL=2;BYWEEKNO=3;COUNT=5", "FREQ=WEEKLY;INTERVAL=2;COUNT=5", "BYWEEKNO"},
        {"FREQ=DAILY;BYYEARDAY=200", "FREQ=DAILY", "BYYEARDAY"},
        {"FREQ=DAILY;BYWEEKNO=30;UNTIL=20260201T000000Z", "FREQ=DAILY;UNTIL=20260201T000000Z", "BYWEEKNO"},
        // FREQ may come last, in any case, and the part may say what no calendar has.
        {"byyearday=999;count=3;freq=monthly", "FREQ=MONTHLY;COUNT=3", "BYYEARDAY"},
        // A number before a weekday says nothing in a week or a day; the weekday stands.
        {"FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYDAY=MO", "BYDAY"},
        {"FREQ=WEEKLY;BYDAY=-1FR,2TU", "FREQ=WEEKLY;BYDAY=FR,TU", "BYDAY"},
        {"FREQ=DAILY;BYDAY=2TU", "FREQ=DAILY;BYDAY=TU", "BYDAY"},
        {"FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "BYDAY"},
        // BYSETPOS picks from what other parts give; alone, or once these are left out, it picks from
        // nothing.
        {"FREQ=MONTHLY;BYSETPOS=2", "FREQ=MONTHLY", "BYSETPOS"},
        {"FREQ=DAILY;BYSETPOS=-2", "FREQ=DAILY", "BYSETPOS"},
        {"FREQ=MONTHLY;BYWEEKNO=20;BYSETPOS=2", "FREQ=MONTHLY", "BYSETPOS"},
        // Within days a rule without further parts can be read.
        {"FREQ=HOURLY;BYWEEKNO=3;COUNT=30", "FREQ=HOURLY;COUNT=30", "BYWEEKNO"},
    };
    for (const Odd& odd : rules) {
        INFO(odd.rule);
        const auto reading = read_rule(odd.rule);
        const auto meant = read_rule(odd.meaning);
        REQUIRE(meant.warnings.empty());
        REQUIRE_FALSE(starts(meant).empty());
        CHECK(starts(reading) == starts(meant));
        CHECK(warns_of(reading, odd.part));
        CHECK(reading.warnings.size() == 1);
    }
}

TEST_CASE("Point 29: the same in EXRULE, which takes out what it then gives", "[calendars]") {
    const auto with = [](const std::string& rule) {
        return read(calendar(event("DTSTART:20260105T090000Z\nRRULE:FREQ=DAILY;COUNT=20\nEXRULE:" + rule)),
                    two_years);
    };
    CHECK(starts(with("FREQ=WEEKLY;BYMONTHDAY=1")) == starts(with("FREQ=WEEKLY")));
    CHECK(warns_of(with("FREQ=WEEKLY;BYMONTHDAY=1"), "BYMONTHDAY"));
}

TEST_CASE("Point 29: times of day in the rule of an all-day event are left out with a warning",
          "[calendars]") {
    const auto reading =
        read_rule("FREQ=WEEKLY;BYHOUR=9,17;BYMINUTE=30;COUNT=3", "RRULE", "DTSTART;VALUE=DATE:20260105");
    CHECK(spans(reading) == Lines{"2026-01-05/2026-01-06", "2026-01-12/2026-01-13", "2026-01-19/2026-01-20"});
    CHECK(warns_of(reading, "BYHOUR"));
}

TEST_CASE("Point 29: what the table allows is applied without a word", "[calendars]") {
    for (const char* rule :
         {"FREQ=YEARLY;BYYEARDAY=100", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=YEARLY;BYDAY=20MO",
          "FREQ=YEARLY;BYMONTHDAY=13;BYMONTH=3", "FREQ=MONTHLY;BYMONTHDAY=13", "FREQ=MONTHLY;BYDAY=2TU,-1FR",
          "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
          "FREQ=WEEKLY;BYMONTH=3", "FREQ=DAILY;BYMONTHDAY=13", "FREQ=DAILY;BYDAY=MO;BYMONTH=3",
          "FREQ=DAILY;BYHOUR=9,17;BYSETPOS=-1"}) {
        INFO(rule);
        const auto reading = read_rule(rule);
        CHECK(reading.warnings.empty());
        CHECK_FALSE(reading.occurrences.empty());
    }
}

}  // namespace rule_test
