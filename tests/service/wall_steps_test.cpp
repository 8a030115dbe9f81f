#include "service/wall_steps.h"

#include <catch2/catch.hpp>

namespace wall_steps_test {

using namespace watchbill;
using std::chrono::hours;

TEST_CASE("Time that a clock was set by has not passed") {
    const Instant start{std::chrono::seconds(1'700'000'000)};
    const SteadyInstant steady{hours(1)};
    WallSteps steps;
    CHECK_FALSE(steps.note(start, steady));
    CHECK_FALSE(steps.note(start + hours(1), steady + hours(1)));
    CHECK(steps.passed(start, start + hours(1)) == hours(1));
    CHECK_FALSE(steps.note(start + hours(2) + Duration(5), steady + hours(2)));  // an NTP server's doing
    CHECK(steps.note(start + hours(50), steady + hours(3)));
    CHECK(steps.passed(start, start + hours(50)) == hours(3) + Duration(5));
    CHECK(steps.passed(start + hours(50), start + hours(51)) == hours(1));  // written after it
    // Back again: what was written before both is as old as it is.
    CHECK(steps.note(start + hours(4), steady + hours(4)));
    CHECK(steps.passed(start, start + hours(4)) == hours(4) + Duration(5));
    CHECK(steps.passed(start + hours(50), start + hours(4)) == hours(1));
}

}  // namespace wall_steps_test
