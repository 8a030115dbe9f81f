#include "time/interval_set.h"

#include <catch2/catch.hpp>
#include <random>
#include <set>

namespace interval_set_test {

using namespace watchbill;

namespace {

Instant at(int second) { return Instant(Duration(second)); }
Interval span(int start, int end) { return {at(start), at(end)}; }

}  // namespace

TEST_CASE("intervals are half-open") {
    CHECK(span(1, 3).contains(at(1)));
    CHECK_FALSE(span(1, 3).contains(at(3)));
    CHECK_FALSE(span(1, 3).overlaps(span(3, 5)));
    CHECK(intersection(span(1, 5), span(3, 9)) == span(3, 5));
    CHECK(intersection(span(1, 2), span(5, 6)).empty());
}

TEST_CASE("touching intervals become one") {
    CHECK(IntervalSet({span(5, 7), span(1, 3), span(3, 5)}).intervals() == std::vector{span(1, 7)});
    CHECK(IntervalSet({span(4, 4)}).empty());
}

TEST_CASE("interval sets agree with sets of seconds") {
    const unsigned seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : 20261122U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 3000; ++round) {
        std::uniform_int_distribution<int> second(0, 40);
        std::vector<Interval> intervals;
        IntervalSet added;
        std::set<int> model;
        for (int i = 0; i < round % 7; ++i) {
            const int a = second(random);
            const int b = second(random);
            const Interval interval = span(std::min(a, b), std::max(a, b));
            intervals.push_back(interval);
            added.add(interval);
            for (int s = std::min(a, b); s < std::max(a, b); ++s) model.insert(s);
        }
        const IntervalSet built(intervals);
        REQUIRE(built == added);
        const int from = second(random);
        const int to = from + second(random);
        long covered = 0;
        for (int s = 0; s < 90; ++s) {
            REQUIRE(built.contains(at(s)) == model.contains(s));
            if (s >= from && s < to && model.contains(s)) ++covered;
        }
        REQUIRE(built.overlap_length(span(from, to)).count() == covered);
        for (size_t i = 1; i < built.intervals().size(); ++i) {
            REQUIRE(built.intervals()[i - 1].end < built.intervals()[i].start);
        }
    }
}

}  // namespace interval_set_test
