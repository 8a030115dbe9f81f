#include "rotation/fairness/exact_share.h"

#include <catch2/catch.hpp>
#include <numeric>

#include "rotation/fairness/planner_instances.h"

namespace exact_share_test {

using namespace watchbill;
using test::Dice;

namespace {

// floor and the rest of a fraction whose terms fit 64 bits, by plain arithmetic.
struct Plain {
    std::int64_t whole;
    std::int64_t rest;
};
Plain plain(std::int64_t numerator, std::int64_t denominator) {
    const std::int64_t rest = ((numerator % denominator) + denominator) % denominator;
    return {(numerator - rest) / denominator, rest};
}

}  // namespace

TEST_CASE("A share is brought to its lowest terms") {
    CHECK(reduced({1000, 12000}).numerator == 1);
    CHECK(reduced({1000, 12000}).denominator == 12);
    CHECK(reduced({0, 7}).denominator == 1);
    CHECK(reduced({-6, 4}).numerator == -3);
    CHECK(reduced({-6, 4}).denominator == 2);
}

TEST_CASE("Three thirds are exactly one shift, ten tenths too") {
    const ShareScale scale({3, 10});
    ExactTotal total(scale);
    total.add({1, 3});
    total.add({1, 3});
    CHECK(total.whole() == 0);
    CHECK(total.fraction_reaches_half());
    total.add({1, 3});
    CHECK(total.whole() == 1);
    CHECK_FALSE(total.has_fraction());
    for (int i = 0; i < 10; ++i) {
        CHECK(total.whole() == 1);
        total.add({1, 10});
    }
    CHECK(total.whole() == 2);
    CHECK_FALSE(total.has_fraction());
}

TEST_CASE("A half is reached exactly, not before") {
    const ShareScale scale({2, 1'000'000'007});
    ExactTotal total(scale);
    total.add({500'000'003, 1'000'000'007});
    CHECK_FALSE(total.fraction_reaches_half());
    total.add({1, 1'000'000'007});
    CHECK(total.fraction_reaches_half());

    ExactTotal half(scale);
    half.add({1, 2});
    CHECK(half.fraction_reaches_half());
}

TEST_CASE("Negative shares lower the total and leave a fraction that is not negative") {
    const ShareScale scale({4});
    ExactTotal total(scale);
    total.add({-1, 4});
    CHECK(total.whole() == -1);
    CHECK(total.fraction_reaches_half());  // -1 + 3/4
    total.add({-3, 4});
    CHECK(total.whole() == -1);
    CHECK_FALSE(total.has_fraction());
    total.add({9, 4});
    CHECK(total.whole() == 1);
    CHECK(total.has_fraction());
}

TEST_CASE("Shares of a day add up to one shift whatever the weights, with thousands of bits") {
    // 150 primes: their product has more than 1,500 bits. p shares of 1/p each make one shift, for every p;
    // one share less, and it is not reached.
    std::vector<std::int64_t> primes;
    for (std::int64_t n = 1009; primes.size() < 150; n += 2) {
        bool prime = true;
        for (std::int64_t d = 3; d * d <= n; d += 2) {
            prime = prime && n % d != 0;
        }
        if (prime) {
            primes.push_back(n);
        }
    }
    const ShareScale scale(primes);
    ExactTotal total(scale);
    ExactTotal one_short(scale);
    for (const std::int64_t p : primes) {
        total.add({1, p});
        one_short.add({1, p});
    }
    for (const std::int64_t p : primes) {
        total.add({p - 1, p});
        one_short.add({p == primes.back() ? p - 2 : p - 1, p});
    }
    CHECK(total.whole() == 150);
    CHECK_FALSE(total.has_fraction());
    CHECK(one_short.whole() == 149);
    CHECK(one_short.has_fraction());
    CHECK(one_short.fraction_reaches_half());
}

TEST_CASE("Denominators of 62 bits work") {
    constexpr std::int64_t large = (std::int64_t{1} << 62) - 57;
    const ShareScale scale({large, large - 1, large - 2});
    ExactTotal total(scale);
    total.add({large - 1, large});
    total.add({1, large - 1});  // a little more than 1 / large
    CHECK(total.whole() == 1);
    CHECK(total.has_fraction());
    total.add({-1, large - 1});
    total.add({1, large});
    CHECK(total.whole() == 1);
    CHECK_FALSE(total.has_fraction());
}

TEST_CASE("Random sums agree with plain integer arithmetic") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        INFO("seed " << seed);
        Dice dice(seed);
        std::vector<std::int64_t> denominators;
        std::int64_t common = 2;
        while (denominators.size() < 8) {
            const auto denominator = static_cast<std::int64_t>(dice.between(1, 60));
            if (std::lcm(common, denominator) < std::int64_t{1} << 40) {
                common = std::lcm(common, denominator);
                denominators.push_back(denominator);
            }
        }
        std::vector<std::int64_t> lowest;
        std::vector<Share> shares;
        std::int64_t sum = 0;
        for (int i = 0; i < 60; ++i) {
            const std::int64_t denominator = denominators[dice.between(0, denominators.size() - 1)];
            const std::int64_t numerator = static_cast<std::int64_t>(dice.between(0, 200)) - 60;
            shares.push_back(reduced({numerator, denominator}));
            lowest.push_back(shares.back().denominator);
            sum += numerator * (common / denominator);
        }
        const ShareScale scale(lowest);
        ExactTotal total(scale);
        for (const Share& share : shares) {
            total.add(share);
        }
        const Plain expected = plain(sum, common);
        CHECK(total.whole() == expected.whole);
        CHECK(total.has_fraction() == (expected.rest != 0));
        CHECK(total.fraction_reaches_half() == (2 * expected.rest >= common));
    }
}

}  // namespace exact_share_test
