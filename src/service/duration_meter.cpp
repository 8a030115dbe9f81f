#include "service/duration_meter.h"

#include <algorithm>

namespace watchbill {

void DurationMeter::note(std::chrono::nanoseconds took) {
    const double seconds = std::chrono::duration<double>(took).count();
    const auto* const bound = std::lower_bound(duration_bounds.begin(), duration_bounds.end(), seconds);
    const auto index = static_cast<size_t>(bound - duration_bounds.begin());
    counts_[index].fetch_add(1, std::memory_order_relaxed);
    nanoseconds_.fetch_add(took.count(), std::memory_order_relaxed);
}

DurationMeter::Reading DurationMeter::read() const {
    Reading reading;
    for (size_t i = 0; i < counts_.size(); ++i)
        reading.counts[i] = counts_[i].load(std::memory_order_relaxed);
    reading.total_seconds =
        std::chrono::duration<double>(std::chrono::nanoseconds(nanoseconds_.load(std::memory_order_relaxed)))
            .count();
    return reading;
}

}  // namespace watchbill
