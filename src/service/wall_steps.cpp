#include "service/wall_steps.h"

#include <algorithm>

namespace watchbill {

namespace {

// NTP steers clocks by less, and adds up to little.
constexpr Duration least_step = std::chrono::seconds(30);
constexpr size_t most_steps = 50;

}  // namespace

bool WallSteps::note(Instant wall, SteadyInstant steady) {
    const Instant before = wall_.value_or(wall);
    const Duration by =
        wall_ ? (wall - before) - std::chrono::duration_cast<Duration>(steady - steady_) : Duration(0);
    wall_ = wall;
    steady_ = steady;
    if (by < least_step && by > -least_step) return false;
    steps_.push_back({before, by});
    if (steps_.size() > most_steps) steps_.erase(steps_.begin());
    return true;
}

Duration WallSteps::passed(Instant since, Instant now) const {
    Duration passed = now - since;
    for (const Step& step : steps_) {
        if (since <= step.before) passed -= step.by;
    }
    return std::max(passed, Duration(0));
}

}  // namespace watchbill
