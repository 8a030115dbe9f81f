#include "rotation/planner_instances.h"

#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "rotation/class_instances.h"

using namespace watchbill;
using test::Dice;

TEST_CASE("A seed gives the same team with each compiler") {
    Dice dice(5002);
    const PlannerInput input = test::random_instance(dice, {dice.between(2, 9), dice.between(30, 90)},
                                                     test::Classes::weekends_and_holidays);
    CHECK(input.members.size() == 9);
    CHECK(input.days.size() == 51);
    std::size_t candidates = 0;
    std::size_t in_class = 0;
    for (std::size_t d = 0; d < input.days.size(); ++d) {
        for (const std::size_t member : input.days[d].candidates) candidates += d * (member + 1);
        if (input.days[d].fair_class) in_class += d * (input.days[d].fair_class->index + 1);
    }
    CHECK(candidates == 33121);
    CHECK(in_class == 505);
}
