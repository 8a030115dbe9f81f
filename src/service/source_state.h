// How a calendar's source fares, for people and probes. A value: safe to share between threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/occurrence.h"
#include "watchbill/result.h"
#include "watchbill/time.h"

namespace watchbill {

enum class SourceHealth {
    never,    // not asked yet, and no copy is kept
    ok,       // its last answer is in use
    stale,    // the last good copy is in use: the source fails, or was not asked since the start
    failing,  // it fails, and there is no copy: the plan goes on without this calendar
};

std::string_view source_health_name(SourceHealth health);

struct SourceState {
    std::string label;  // safe to print
    SourceHealth health = SourceHealth::never;
    std::optional<Instant> last_attempt;
    std::optional<Instant> last_success;    // answered, with something that could be read
    std::optional<Error> last_error;        // of the last attempt, if that failed
    std::vector<CalendarWarning> warnings;  // of the contents in use
    Instant next_attempt;
    // As last_success, for its age: instants of the wall clock move under it when that is set.
    std::optional<SteadyInstant> heard_at = {};
};

}  // namespace watchbill
