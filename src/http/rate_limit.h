// How often somebody may do something: a bucket of tokens for each address, or for each name, of which each
// deed takes one and which fills up again with time. Thread-safe.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "watchbill/ip_address.h"

namespace watchbill::http {

struct Rate {
    unsigned burst = 1;                        // at once, when nothing was done for long
    std::chrono::milliseconds interval{1000};  // and one more after each of these
};

class RateLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit RateLimit(const Rate& rate) : rate_(rate) {}

    // Nothing: it may be done, and is counted. Otherwise after how long it may.
    std::optional<std::chrono::seconds> take(const std::string& who, Time now);
    // All addresses that belong to one subscriber are one.
    std::optional<std::chrono::seconds> take(const IpAddress& who, Time now) {
        return take(who.subscriber().text(), now);
    }

private:
    const Rate rate_;
    std::mutex mutex_;
    // When each bucket is full again (the "generic cell rate algorithm": one instant says how many tokens
    // there are). Full ones need no entry.
    std::unordered_map<std::string, Time> full_again_;
};

}  // namespace watchbill::http
