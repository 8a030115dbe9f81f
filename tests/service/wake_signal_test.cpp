#include "service/wake_signal.h"

#include <catch2/catch.hpp>
#include <thread>

namespace wake_signal_test {

using namespace watchbill;
using std::chrono::hours;
using std::chrono::steady_clock;

TEST_CASE("A ring while nobody waits is not lost, and several are one") {
    WakeSignal signal;
    signal.ring();
    signal.ring();
    const auto begin = steady_clock::now();
    CHECK(signal.wait_for(hours(1)));
    CHECK(steady_clock::now() - begin < hours(1));
    CHECK(signal.wait_for(std::chrono::milliseconds(1)));  // its time is over
}

TEST_CASE("Whoever waits is woken by a ring, and by the stop, after which nobody waits") {
    WakeSignal signal;
    std::thread other([&signal] { signal.ring(); });
    CHECK(signal.wait_for(hours(1)));
    other.join();
    other = std::thread([&signal] { signal.stop(); });
    CHECK_FALSE(signal.wait_for(hours(1)));
    other.join();
    CHECK_FALSE(signal.wait_for(hours(1)));
}

}  // namespace wake_signal_test
