#include "http/census.h"

#include <catch2/catch.hpp>

namespace census_test {

using namespace watchbill;
using namespace watchbill::http;

namespace {

IpAddress address(const std::string& text) { return *IpAddress::parse(text); }

}  // namespace

TEST_CASE("An address has its share of connections, and gets it back") {
    Census census({10, 2}, {*IpRange::parse("127.0.0.0/8")});
    auto first = census.admit(address("192.0.2.1"));
    auto second = census.admit(address("192.0.2.1"));
    CHECK(first);
    CHECK(second);
    CHECK_FALSE(census.admit(address("192.0.2.1")));
    CHECK(census.admit(address("192.0.2.2")));
    auto moved = std::move(second);
    second.reset();
    CHECK_FALSE(census.admit(address("192.0.2.1")));
    moved.reset();
    CHECK(census.admit(address("192.0.2.1")));
}

TEST_CASE("Those exempt have as many as there are") {
    Census census({4, 1}, {*IpRange::parse("127.0.0.0/8")});
    std::vector<std::optional<Census::Place>> places;
    for (int i = 0; i < 4; ++i) places.push_back(census.admit(address("127.0.0.1")));
    CHECK(places.back());
    CHECK_FALSE(census.admit(address("127.0.0.1")));
    CHECK_FALSE(census.admit(address("192.0.2.1")));
    places.pop_back();
    CHECK(census.admit(address("192.0.2.1")));
}

TEST_CASE("From three quarters on it is crowded") {
    Census census({8, 8}, {});
    std::vector<std::optional<Census::Place>> places;
    for (int i = 0; i < 6; ++i) places.push_back(census.admit(address("192.0.2.1")));
    CHECK_FALSE(census.is_crowded());
    places.push_back(census.admit(address("192.0.2.1")));
    CHECK(census.is_crowded());
    places.pop_back();
    CHECK_FALSE(census.is_crowded());
}

}  // namespace census_test
