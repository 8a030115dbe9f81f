// When a calendar is fetched next: at its team's pace while it answers, ever later while it does not. Pure:
// the caller brings the instant and the random fraction.
#pragma once

#include <chrono>
#include <optional>

#include "watchbill/time.h"

namespace watchbill {

struct FetchOutcome {
    Instant now;                               // when the attempt ended
    int failures = 0;                          // consecutive, with this one; 0 after a success
    std::optional<Duration> retry_after = {};  // what the peer asked for (Error::retry_after)
};

// After a success `refresh`; after failures twice as long each time, up to an hour (or `refresh`, if that is
// longer), and at least as long as the peer asked for, up to a day. `fraction` in [0, 1) spreads the result
// over +-10 % (only later, where the peer asked), so that many calendars of one server are not asked at once.
// Always later than `now`.
Instant next_fetch(const FetchOutcome& outcome, Duration refresh, double fraction);

}  // namespace watchbill
