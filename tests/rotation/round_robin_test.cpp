#include <catch2/catch.hpp>

#include "rotation/planner.h"

using namespace watchbill;

namespace {

using Members = std::vector<std::size_t>;

PlannerDay day(Members candidates) {
    PlannerDay made;
    made.candidates = std::move(candidates);
    return made;
}

PlannerDay published(std::size_t holder, Members candidates) {
    PlannerDay made = day(std::move(candidates));
    made.published = holder;
    return made;
}

PlannerDay fixed(std::size_t holder, Members candidates) {
    PlannerDay made = day(std::move(candidates));
    made.fixed = holder;
    return made;
}

// -1 where nobody serves.
std::vector<int> choose(std::vector<PlannerDay> days, std::optional<std::size_t> last = std::nullopt,
                        std::size_t members = 4) {
    PlannerInput input;
    input.members.resize(members);
    input.days = std::move(days);
    input.last = last;
    std::vector<int> chosen;
    for (const auto& holder : RoundRobin().choose(input))
        chosen.push_back(holder ? static_cast<int>(*holder) : -1);
    return chosen;
}

const Members all = {0, 1, 2};
using Holders = std::vector<int>;

}  // namespace

TEST_CASE("with everybody there turns go round in roster order") {
    CHECK(choose({day(all), day(all), day(all), day(all), day(all)}) == Holders{0, 1, 2, 0, 1});
    CHECK(choose({day(all), day(all)}, 1) == Holders{2, 0});
    CHECK(choose({}).empty());
}

TEST_CASE("who is not a candidate is skipped") {
    CHECK(choose({day(all), day({0, 2}), day(all), day({1}), day(all)}) == Holders{0, 2, 0, 1, 2});
}

TEST_CASE("an uncovered day moves no turn") {
    CHECK(choose({day(all), day({}), day(all)}) == Holders{0, -1, 1});
}

TEST_CASE("published days are kept while their holder is a candidate") {
    CHECK(choose({published(2, all), published(0, all), day(all)}) == Holders{2, 0, 1});
    CHECK(choose({published(2, {0, 1}), published(1, all), day(all)}) == Holders{0, 1, 2});
    CHECK(choose({published(2, {})}) == Holders{-1});
}

TEST_CASE("fixed days stay whoever is a candidate") {
    CHECK(choose({fixed(2, {0, 1}), day(all), fixed(0, all), day(all)}) == Holders{2, 0, 0, 1});
}

TEST_CASE("an override by somebody outside the rotation moves no turn") {
    CHECK(choose({day(all), fixed(3, all), day(all)}) == Holders{0, 3, 1});
}
