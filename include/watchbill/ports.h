// What the service needs from the world, as abstract classes. Implementations live in src/sources, src/store
// and src/service; tests bring their own. Every call may block; thread-safety is stated for each.
#pragma once

#include <string>

#include "watchbill/result.h"
#include "watchbill/store.h"
#include "watchbill/team.h"
#include "watchbill/time.h"

namespace watchbill {

// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

struct Fetched {
    bool not_modified = false;  // then bytes is empty: the last copy is still good
    std::string bytes;          // at most 10 MB
    Validators validators;
};

// Thread-safe: different calendars are fetched side by side.
class CalendarSource {
public:
    virtual ~CalendarSource() = default;
    // What overlaps `window` is in the answer; of what lies outside of it a source may leave out what it
    // likes. `last` are those of the copy that the caller would go on to use.
    // Errors: not_found, unavailable, timeout, too_large, refused. Neither the message nor `where` holds the
    // URL's path, query or credentials.
    virtual Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last, Interval window) = 0;
};

}  // namespace watchbill
