#include "sources/backoff.h"

#include <catch2/catch.hpp>

namespace backoff_test {

using namespace watchbill;
using namespace std::chrono_literals;

namespace {

constexpr Instant now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
constexpr double middle = 0.5;  // no jitter
constexpr double last_fraction = 0.999999;

Duration delay(int failures, Duration refresh, double fraction, std::optional<Duration> retry_after = {}) {
    return next_fetch({now, failures, retry_after}, refresh, fraction) - now;
}

}  // namespace

TEST_CASE("A calendar that answers is fetched at its team's pace, spread over 10 % each way") {
    CHECK(delay(0, 5min, middle) == 300s);
    CHECK(delay(0, 5min, 0.0) == 270s);
    CHECK(delay(0, 5min, last_fraction) == 330s);
    CHECK(delay(0, 5min, 0.25) == 285s);
}

TEST_CASE("Each failure doubles the wait, up to an hour") {
    const std::vector<Duration> expected = {5min, 10min, 20min, 40min, 60min, 60min};
    for (size_t i = 0; i < expected.size(); ++i) {
        CHECK(delay(static_cast<int>(i) + 1, 5min, middle) == expected[i]);
    }
    CHECK(delay(1'000'000'000, 5min, middle) == 1h);
    CHECK(delay(9, 5min, 0.0) == 54min);
    CHECK(delay(9, 5min, last_fraction) == 66min);
}

TEST_CASE("A refresh longer than the cap is not shortened by failing") {
    CHECK(delay(0, 3h, middle) == 3h);
    CHECK(delay(1, 3h, middle) == 3h);
    CHECK(delay(7, 3h, middle) == 3h);
}

TEST_CASE("A peer's wish to be left alone is kept, never shortened by jitter, and bounded by a day") {
    CHECK(delay(1, 5min, middle, 2h) == 2h + 6min);
    CHECK(delay(1, 5min, 0.0, 2h) == 2h);
    CHECK(delay(1, 5min, middle, 10s) == 5min);
    CHECK(delay(1, 5min, 0.0, 100000h) == 24h);
    CHECK(delay(1, 5min, middle, -5s) == 5min);
    CHECK(delay(0, 5min, middle, 2h) == 5min);
}

TEST_CASE("The next fetch is always later than now") {
    CHECK(delay(0, 0s, 0.0) == 1s);
    CHECK(delay(0, 1s, 0.0) == 1s);
    CHECK(delay(3, 0s, middle) == 4s);
}

}  // namespace backoff_test
