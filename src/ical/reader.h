// Calendar bytes -> occurrences in a window. Everything from outside is hostile: size, depth, counts and time
// are bounded before libical sees a byte. Thread-safe after ical::initialise().
#pragma once

#include <string_view>

#include "time/zone.h"
#include "watchbill/occurrence.h"
#include "watchbill/result.h"

namespace watchbill::ical {

// Loads libical's zone table. Call once before any thread reads a calendar: without it a cold start with
// several threads crashes in libical 3.0.16.
void initialise();

struct ReadRequest {
    Interval window;  // occurrences that overlap it come out; a zero-length one counts when it starts inside
    Zone zone;  // for floating times and all-day events, unless the calendar names its own (X-WR-TIMEZONE)
};

// Errors: not_a_calendar (with what was found instead: an HTML page, nothing, another format), too_large,
// timeout. What is merely odd becomes a warning, and the rest of the calendar still counts.
Result<CalendarReading> read_calendar(std::string_view bytes, const ReadRequest& request);

}  // namespace watchbill::ical
