// How much time has passed since an instant that stands in the store, when the wall clock was set meanwhile.
// Pure.
#pragma once

#include <optional>
#include <vector>

#include "watchbill/time.h"

namespace watchbill {

// Knows the steps that it saw itself: those of this process's life. Not thread-safe.
class WallSteps {
public:
    // Both clocks, now. To be told often: a step is dated by it. True: the wall clock was set since.
    bool note(Instant wall, SteadyInstant steady);
    // Without the steps that came after `since`. Never negative.
    Duration passed(Instant since, Instant now) const;

private:
    struct Step {
        Instant before;  // what the wall clock showed last
        Duration by;
    };
    std::optional<Instant> wall_;
    SteadyInstant steady_;
    std::vector<Step> steps_;  // the latest few
};

}  // namespace watchbill
