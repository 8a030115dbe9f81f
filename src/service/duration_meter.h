// How long something takes, as counts between fixed bounds. Recording is two atomic additions and takes no
// lock, unlike prometheus-cpp 1.0's histogram: it is done for every request. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace watchbill {

// Seconds, inclusive. Feeds take well under a millisecond and plans some; who asks for a refresh waits for
// calendars.
inline constexpr std::array duration_bounds = {0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                               0.05,   0.1,    0.25,  1.0,    2.5,   10.0};

class DurationMeter {
public:
    void note(std::chrono::nanoseconds took);

    struct Reading {
        std::array<std::uint64_t, duration_bounds.size() + 1> counts{};  // the last: above every bound
        double total_seconds = 0;
    };
    Reading read() const;

private:
    std::array<std::atomic<std::uint64_t>, duration_bounds.size() + 1> counts_{};
    std::atomic<std::int64_t> nanoseconds_ = 0;
};

}  // namespace watchbill
