// An instant on both clocks: the wall's, by which people date things, and the steady one, by which pauses and
// ages are measured. Values; pure.
#pragma once

#include "watchbill/ports.h"
#include "watchbill/time.h"

namespace watchbill {

struct Moment {
    Instant wall;
    SteadyInstant steady;
};

inline Moment moment_of(const Clock& clock) { return {clock.now(), clock.steady_now()}; }

// How long ago `then` was, however the wall clock was set since.
inline Duration elapsed(const Moment& then, const Moment& now) {
    return std::chrono::duration_cast<Duration>(now.steady - then.steady);
}

// What the wall clock of `now` calls `then`: another time than it was called then if the clock was set since.
// The two clocks' seconds turn at different moments, which alone changes nothing.
inline Instant on_clock_of(const Moment& now, const Moment& then) {
    constexpr Duration no_step = std::chrono::seconds(2);
    const Instant called_now = now.wall - elapsed(then, now);
    const bool stepped = std::chrono::abs(called_now - then.wall) > no_step;
    return stepped ? called_now : then.wall;
}

}  // namespace watchbill
