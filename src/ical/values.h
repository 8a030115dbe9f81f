// Property values and parameters (RFC 5545 3.2 and 3.3), leniently as real files write them. Pure; views
// point into the text given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "watchbill/time.h"

namespace watchbill::ical {

bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII
std::string_view trimmed(std::string_view text);                   // without blanks around it

// A parameter's value without quotes, of ";TZID=\"W. Europe Standard Time\";VALUE=DATE-TIME".
std::optional<std::string_view> find_parameter(std::string_view parameters, std::string_view name);

// Takes what stands before the next `separator` off the front of `rest`.
std::string_view next_item(std::string_view& rest, char separator);

// DATE and DATE-TIME (3.3.4, 3.3.5).
struct TimeValue {
    enum class Form { date, floating, utc, zoned };
    Form form = Form::floating;
    LocalTime local;        // what the file writes; midnight of a date
    std::string_view zone;  // TZID when zoned

    Day day() const { return std::chrono::floor<std::chrono::days>(local); }
    bool is_midnight() const { return local == LocalTime(day()); }
};

// Years 1 to 9999. A date needs no VALUE=DATE, and its TZID is ignored. Nothing when it is no time.
std::optional<TimeValue> parse_time(std::string_view text, std::string_view parameters);

// How long: days of the local clock first, then exact time (3.3.6).
struct Length {
    std::chrono::days nominal{0};
    Duration exact{0};
    bool is_negative() const { return nominal.count() < 0 || exact.count() < 0; }
    bool operator==(const Length&) const = default;
};

// DURATION; may be negative. Nothing when malformed or longer than 100 years.
std::optional<Length> parse_length(std::string_view text);

// PERIOD (3.3.9): a start with an end or a length.
struct PeriodValue {
    TimeValue start;
    std::optional<TimeValue> end;
    Length length;  // without `end`
};
std::optional<PeriodValue> parse_period(std::string_view text, std::string_view parameters);

std::optional<Duration> parse_utc_offset(std::string_view text);  // "+0100", "-023000"; less than a day
std::optional<int> parse_integer(std::string_view text);          // up to 9 digits with a sign

std::string unescape_text(std::string_view text);  // TEXT (3.3.11)

}  // namespace watchbill::ical
