// How many messages may be under way to one server at a time, from how it fares. Reads no clock.
//
// While it fails nobody is kept busy with it: everything pauses, and one message after the other tries
// whether it works again. A server that takes fewer connections at a time than we open is no server that
// fails: what is too much goes back, and more are tried now and then. Not thread-safe.
#pragma once

#include <cstddef>
#include <optional>

#include "watchbill/time.h"

namespace watchbill {

// 5 s, twice as long each time after the first, up to `cap`, spread over +-20 % by `fraction` in [0, 1).
// Pure.
Duration doubled_delay(int times, Duration cap, double fraction);

// How long all messages wait after so many failures in a row that were the server's: up to one minute. Pure.
Duration server_pause(int failures, double fraction);

class DeliveryPace {
public:
    explicit DeliveryPace(size_t senders) : senders_(senders), allowed_(senders) {}

    // How many more may begin, with so many under way.
    size_t may_begin(SteadyInstant now, size_t under_way) const;
    // One more than was known to be taken has begun, if so many are under way with it.
    void begun(SteadyInstant now, size_t under_way);

    // The server took one or judged it, with so many under way, that one included. True: it had failed
    // before.
    bool worked(SteadyInstant now, size_t under_way);
    enum class Failure {
        crowded,  // it works on others, or did a moment ago: that message goes back
        first,    // of those in a row
        again,
    };
    // It could not be reached, or failed in a way that concerns every message, with so many others under way.
    Failure failed(SteadyInstant now, size_t others, double fraction);

    // Since the last failure; whoever is to begin looks at the others' failures first.
    bool is_failing() const { return failures_ > 0; }
    bool is_paused(SteadyInstant now) const { return now < paused_until_; }
    Duration pause_left(SteadyInstant now) const;

private:
    size_t senders_;
    size_t allowed_;                       // connections that it took side by side, as far as is known
    int failures_ = 0;                     // in a row
    int crowds_ = 0;                       // since it last took more
    std::optional<SteadyInstant> worked_;  // last, unless one has failed alone since
    SteadyInstant paused_until_{};
    SteadyInstant next_probe_{};
};

}  // namespace watchbill
