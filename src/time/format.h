// Times as text: RFC 3339 for machines, plain words for people. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "time/zone.h"
#include "watchbill/time.h"

namespace watchbill {

std::string format_instant(Instant instant);      // "2026-03-01T08:00:00Z"
std::string format_day(Day day);                  // "2026-03-01"
std::string format_date_of_week(Day day);         // "Thu 3 Dec 2026"
std::string format_time_of_day(LocalTime local);  // "09:00"
std::string format_duration(Duration duration);   // "11 h", "1 h 30 min", "45 min", "20 s"

// RFC 3339 section 5.6 with "Z" or an offset; seconds may be absent, fractions are cut. Years 1900 to 2200.
std::optional<Instant> parse_instant(std::string_view text);
std::optional<Day> parse_day(std::string_view text);  // "2026-03-01"
// "09:00", "24:00" allowed; minutes since midnight.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text);
// "11h", "5m", "90s", "1h30m", "14d"; not negative, at most 3660 days.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace watchbill
