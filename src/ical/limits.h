// How much of a calendar we are willing to read. Calendars come from outside, so each number bounds time or
// memory: together they keep any file under 2 s and 300 MB (tests/ical/bombs_test.cpp). Real calendars stay
// far below: ten years of a busy person's Outlook is 10,000 events in 9 MB.
#pragma once

#include <cstddef>
#include <cstdint>

namespace watchbill::ical::limits {

// The same bound as while downloading (src/sources).
inline constexpr size_t file_bytes = size_t{10} * 1024 * 1024;

// The deepest that RFCs 5545, 7953 and 9073 define is 5 (calendar, event, participant, location, ...).
inline constexpr size_t nesting_depth = 32;

// 10 MB of events that say anything at all (40 bytes each) hold fewer.
inline constexpr size_t components = 250'000;
inline constexpr size_t properties = 1'000'000;

// The largest meeting that a mail system lets through; the rest is ignored with a warning.
inline constexpr size_t attendees_per_event = 10'000;

// Titles and names longer than this are cut; keywords come first in them.
inline constexpr size_t text_bytes = 4'096;

// VAVAILABILITY components override each other by priority, pair by pair.
inline constexpr size_t availabilities = 100;

// An hourly event over 400 days has 9,600 instances.
inline constexpr size_t instances_per_event = 10'000;
inline constexpr size_t occurrences = 500'000;
// All AVAILABLE parts of a VAVAILABILITY together: every half hour for two years.
inline constexpr size_t available_times = 50'000;

// Work is counted in days or times looked at while expanding rules, about 10 ns each: deterministic, unlike
// a clock. A filtered daily rule with COUNT that runs for a century costs 37,000, and a yearly one by
// weekdays 1,000: 50,000 of those fit.
inline constexpr int64_t work_per_event = 500'000;
inline constexpr int64_t work_per_file = 60'000'000;

// Then one more that says how many were left out.
inline constexpr size_t warnings = 200;

}  // namespace watchbill::ical::limits
