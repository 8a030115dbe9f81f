#include "http/rate_limit.h"

#include <algorithm>

namespace watchbill::http {

namespace {

// About 1 MB. More addresses than that at once are one attacker with a large network.
constexpr size_t most_keys = 10000;

}  // namespace

template <typename Key>
std::optional<std::chrono::seconds> KeyedRateLimit<Key>::patience(Time full_again, Time now) const {
    const auto room = rate_.interval * rate_.burst;
    const Time after = std::max(full_again, now) + rate_.interval;
    if (after - now <= room) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(after - now - room);
}

template <typename Key>
std::optional<std::chrono::seconds> KeyedRateLimit<Key>::take(const Key& who, Time now) {
    const std::lock_guard lock(mutex_);
    const auto found = full_again_.find(who);
    const Time full_again = found == full_again_.end() ? now : found->second;
    if (const auto wait = patience(full_again, now)) return wait;
    if (found == full_again_.end()) make_room(now);
    full_again_.insert_or_assign(who, std::max(full_again, now) + rate_.interval);
    return std::nullopt;
}

template <typename Key>
std::optional<std::chrono::seconds> KeyedRateLimit<Key>::look(const Key& who, Time now) {
    const std::lock_guard lock(mutex_);
    const auto found = full_again_.find(who);
    return found == full_again_.end() ? std::nullopt : patience(found->second, now);
}

template <typename Key>
void KeyedRateLimit<Key>::make_room(Time now) {
    if (full_again_.size() < most_keys) return;
    std::erase_if(full_again_, [now](const auto& entry) { return entry.second <= now; });
    // Whoever is forgotten may do a little more: better than refusing who was never seen.
    if (full_again_.size() >= most_keys) full_again_.clear();
}

template class KeyedRateLimit<IpAddress>;
template class KeyedRateLimit<std::string>;

}  // namespace watchbill::http
