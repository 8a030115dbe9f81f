#include "http/rate_limit.h"

#include <algorithm>

namespace watchbill::http {

namespace {

// About 1 MB. More addresses than that at once are one attacker with a large network.
constexpr size_t most_keys = 10000;

}  // namespace

std::optional<std::chrono::seconds> RateLimit::take(const std::string& who, Time now) {
    const std::lock_guard lock(mutex_);
    const auto found = full_again_.find(who);
    const Time after = (found == full_again_.end() ? now : std::max(found->second, now)) + rate_.interval;
    const auto room = rate_.interval * rate_.burst;
    if (after - now > room) return std::chrono::ceil<std::chrono::seconds>(after - now - room);
    if (found == full_again_.end() && full_again_.size() >= most_keys) {
        std::erase_if(full_again_, [now](const auto& entry) { return entry.second <= now; });
        // Whoever is forgotten may do a little more: better than refusing who was never seen.
        if (full_again_.size() >= most_keys) full_again_.clear();
    }
    full_again_.insert_or_assign(who, after);
    return std::nullopt;
}

}  // namespace watchbill::http
