// How often somebody may do something: a bucket of tokens for each address, or for each name, of which each
// deed takes one and which fills up again with time. Thread-safe.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "watchbill/ip_address.h"

namespace watchbill::http {

struct Rate {
    unsigned burst = 1;                        // at once, when nothing was done for long
    std::chrono::milliseconds interval{1000};  // and one more after each of these
};

// Each key has a bucket of its own.
template <typename Key>
class KeyedRateLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit KeyedRateLimit(const Rate& rate) : rate_(rate) {}

    // Nothing: it may be done, and is counted. Otherwise after how long it may.
    std::optional<std::chrono::seconds> take(const Key& who, Time now);
    // The same, without counting.
    std::optional<std::chrono::seconds> look(const Key& who, Time now);

private:
    std::optional<std::chrono::seconds> patience(Time full_again, Time now) const;
    void make_room(Time now);

    const Rate rate_;
    std::mutex mutex_;
    // When each bucket is full again (the "generic cell rate algorithm": one instant says how many tokens
    // there are). Full ones need no entry.
    std::map<Key, Time> full_again_;
};

// By address; all that belong to one subscriber are one.
class RateLimit {
public:
    using Time = KeyedRateLimit<IpAddress>::Time;

    explicit RateLimit(const Rate& rate) : limit_(rate) {}

    std::optional<std::chrono::seconds> take(const IpAddress& who, Time now) {
        return limit_.take(who.subscriber(), now);
    }
    std::optional<std::chrono::seconds> look(const IpAddress& who, Time now) {
        return limit_.look(who.subscriber(), now);
    }

private:
    KeyedRateLimit<IpAddress> limit_;
};

}  // namespace watchbill::http
