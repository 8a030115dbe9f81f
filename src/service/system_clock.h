// The real time: the only place that reads it for decisions. Thread-safe.
#pragma once

#include "watchbill/ports.h"

namespace watchbill {

class SystemClock final : public Clock {
public:
    Instant now() const override;
    SteadyInstant steady_now() const override;
};

}  // namespace watchbill
