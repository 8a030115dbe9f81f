#include "http/rate_limit.h"

#include <catch2/catch.hpp>

namespace rate_limit_test {

using namespace watchbill;
using namespace watchbill::http;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

IpAddress address(const std::string& text) { return *IpAddress::parse(text); }
const RateLimit::Time start{std::chrono::hours(1)};

}  // namespace

TEST_CASE("So much at once, and then one for each interval") {
    RateLimit limit({3, seconds(2)});
    const IpAddress alice = address("192.0.2.1");
    for (int i = 0; i < 3; ++i) CHECK_FALSE(limit.take(alice, start));
    CHECK(limit.take(alice, start) == seconds(2));
    CHECK(limit.take(alice, start + milliseconds(500)) == seconds(2));
    CHECK(limit.take(alice, start + milliseconds(1999)) == seconds(1));
    CHECK_FALSE(limit.take(alice, start + seconds(2)));
    CHECK(limit.take(alice, start + seconds(2)) == seconds(2));
    // Full again after six seconds, and never more than full.
    for (int i = 0; i < 3; ++i) CHECK_FALSE(limit.take(alice, start + std::chrono::hours(5)));
    CHECK(limit.take(alice, start + std::chrono::hours(5)));
}

TEST_CASE("Each address has its own, an IPv6 network of 64 bits counts as one") {
    RateLimit limit({1, seconds(60)});
    CHECK_FALSE(limit.take(address("192.0.2.1"), start));
    CHECK_FALSE(limit.take(address("192.0.2.2"), start));
    CHECK(limit.take(address("192.0.2.1"), start));
    CHECK_FALSE(limit.take(address("2001:db8:0:1::1"), start));
    CHECK(limit.take(address("2001:db8:0:1:ffff::2"), start));
    CHECK_FALSE(limit.take(address("2001:db8:0:2::1"), start));
}

TEST_CASE("Whoever is refused is not counted, and names are apart from each other") {
    RateLimit limit({1, seconds(60)});
    CHECK_FALSE(limit.take("token:a", start));
    for (int i = 0; i < 5; ++i) CHECK(limit.take("token:a", start) == seconds(60));
    CHECK_FALSE(limit.take("token:b", start));
    CHECK_FALSE(limit.take("token:a", start + seconds(60)));
}

TEST_CASE("However many addresses there are, those that were seen last are limited") {
    RateLimit limit({1, seconds(60)});
    for (int i = 0; i < 30000; ++i) {
        IpAddress::Bytes bytes{0x20, 0x01};
        bytes[4] = static_cast<std::uint8_t>(i >> 8);
        bytes[5] = static_cast<std::uint8_t>(i);
        CHECK_FALSE(limit.take(IpAddress(bytes), start));
        CHECK(limit.take(IpAddress(bytes), start));
    }
}

}  // namespace rate_limit_test
