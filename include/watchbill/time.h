// The words for time. Instants are absolute (UTC), days and local times belong to a zone that the
// holder knows. All intervals are half-open: [start, end).
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <string>

namespace watchbill {

using Instant = std::chrono::sys_seconds;      // a point in time, UTC, whole seconds
using LocalTime = std::chrono::local_seconds;  // what a wall clock shows, zone unstated
using Day = std::chrono::local_days;           // a calendar date, zone unstated
using Duration = std::chrono::seconds;
// Time since some start of its own, which no administrator and no NTP server ever sets: for pauses, polling
// and timeouts inside one process. It means nothing to another process, so that it is never stored.
using SteadyInstant = std::chrono::steady_clock::time_point;
using ZoneName = std::string;  // an IANA name that the system's tzdata knows: "Europe/Paris"

struct Interval {
    Instant start;
    Instant end;  // exclusive; start == end is an empty interval, end < start never happens

    bool empty() const { return end <= start; }
    Duration length() const { return end - start; }
    bool contains(Instant instant) const { return start <= instant && instant < end; }
    bool overlaps(const Interval& other) const { return start < other.end && other.start < end; }
    auto operator<=>(const Interval&) const = default;
};

// The common part; empty (start == end) when there is none.
inline Interval intersection(const Interval& a, const Interval& b) {
    const Instant start = std::max(a.start, b.start);
    return {start, std::max(start, std::min(a.end, b.end))};
}

// Calendar dates [first, end): end is exclusive as in RFC 5545 3.6.1 DTEND;VALUE=DATE.
struct DaySpan {
    Day first;
    Day end;
    bool contains(Day day) const { return first <= day && day < end; }
    auto operator<=>(const DaySpan&) const = default;
};

}  // namespace watchbill
