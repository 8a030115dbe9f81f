// Until when what this thread does may wait for something that others hold: a database that is locked, say.
//
//     const CallDeadline deadline(request.arrived + std::chrono::seconds(5));
//     ... every call from here on shares it: two that wait one after the other have no more time than one.
//
// It is the thread's and not an argument, since all that stands between a request and a wait would have to
// hand it on. Nothing is interrupted by it: whoever waits asks for it first.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace watchbill {

class CallDeadline {
public:
    using Time = std::chrono::steady_clock::time_point;

    // Inside another one the earlier of the two holds.
    explicit CallDeadline(Time until) : before_(in_force) {
        in_force = before_ ? std::min(*before_, until) : until;
    }
    ~CallDeadline() { in_force = before_; }
    CallDeadline(const CallDeadline&) = delete;
    CallDeadline& operator=(const CallDeadline&) = delete;

    // Nothing: this thread has none.
    static std::optional<Time> current() { return in_force; }

private:
    static inline thread_local std::optional<Time> in_force = std::nullopt;
    const std::optional<Time> before_;
};

}  // namespace watchbill
