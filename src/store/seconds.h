// Instants as columns hold them: seconds since 1970 UTC, and 0 where there is none. Pure.
#pragma once

#include <optional>

#include "watchbill/time.h"

namespace watchbill::store {

inline long long to_seconds(Instant instant) { return instant.time_since_epoch().count(); }
inline long long seconds_or_zero(const std::optional<Instant>& instant) {
    return instant ? to_seconds(*instant) : 0;
}

inline Instant to_instant(long long seconds) { return Instant(std::chrono::seconds(seconds)); }
inline std::optional<Instant> to_optional_instant(long long seconds) {
    return seconds == 0 ? std::nullopt : std::optional(to_instant(seconds));
}

}  // namespace watchbill::store
