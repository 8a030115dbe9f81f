// How often to try a store that cannot be written, and to complain of it. Reads no clock. Not thread-safe.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "watchbill/time.h"

namespace watchbill {

class StorePace {
public:
    // True: it is time to say so, which is once a minute at most.
    bool failed(SteadyInstant now) {
        // 1 s, doubled up to 8: mails of incidents wait behind.
        paused_until_ = now + Duration(1 << std::min(failures_, 3));
        ++failures_;
        if (complained_at_ && now - *complained_at_ < std::chrono::minutes(1)) return false;
        complained_at_ = now;
        said_ = true;
        return true;
    }
    // True: it had failed before, and that was said.
    bool worked(SteadyInstant now) {
        last_worked_ = now;
        paused_until_ = {};
        failures_ = 0;
        return std::exchange(said_, false);
    }
    bool is_paused(SteadyInstant now) const { return now < paused_until_; }
    Duration pause_left(SteadyInstant now) const {
        return std::max(Duration(0), std::chrono::ceil<Duration>(paused_until_ - now));
    }
    bool is_failing() const { return failures_ > 0; }
    // Nobody has written for so long: whether it works is not known.
    bool is_unsure(SteadyInstant now, Duration after) const {
        return !last_worked_ || now - *last_worked_ >= after;
    }

private:
    int failures_ = 0;   // in a row
    bool said_ = false;  // that it fails, since it last worked
    SteadyInstant paused_until_{};
    std::optional<SteadyInstant> complained_at_;
    std::optional<SteadyInstant> last_worked_;
};

}  // namespace watchbill
