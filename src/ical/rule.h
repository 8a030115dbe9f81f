// RRULE and EXRULE as values (RFC 5545 3.3.10). Pure, thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ical/values.h"
#include "watchbill/result.h"

namespace watchbill::ical {

enum class Frequency { secondly, minutely, hourly, daily, weekly, monthly, yearly };

struct WeekdayInPeriod {
    std::chrono::weekday day;
    int ordinal = 0;  // 2: the second of its month or year, -1: the last, 0: each
};

struct Rule {
    Frequency frequency = Frequency::daily;
    int64_t interval = 1;
    std::optional<int64_t> count;
    std::optional<TimeValue> until;  // with `count`, whichever ends it first
    std::chrono::weekday week_start = std::chrono::Monday;
    std::vector<int> by_month, by_month_day, by_year_day, by_week_no, by_set_pos;
    std::vector<int> by_hour, by_minute, by_second;
    std::vector<WeekdayInPeriod> by_day;

    bool is_sub_daily() const { return frequency < Frequency::daily; }
    bool has_by_parts() const;
};

struct ParsedRule {
    Rule rule;
    std::string repairs;  // what was bent to understand it, for a warning: "X-FOO was ignored"; "" if nothing
};

// Parts that 3.3.10 forbids for the rule's FREQ are left out, which is among the repairs: BYYEARDAY in DAILY,
// WEEKLY and MONTHLY, BYWEEKNO but in YEARLY, BYMONTHDAY in WEEKLY, the numbers of BYDAY's weekdays but in
// months and years, and a BYSETPOS that is alone. Errors (invalid_input): the message says what is wrong with
// the rule and completes "its rule ...".
Result<ParsedRule> parse_rule(std::string_view text);

// False when no calendar has such a day: 30 February.
bool can_ever_happen(const Rule& rule);

}  // namespace watchbill::ical
