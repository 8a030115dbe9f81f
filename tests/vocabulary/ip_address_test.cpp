#include "watchbill/ip_address.h"

#include <catch2/catch.hpp>

namespace ip_address_test {

using namespace watchbill;

namespace {

IpAddress address(const std::string& text) {
    const auto parsed = IpAddress::parse(text);
    REQUIRE(parsed);
    return *parsed;
}
bool in(const std::string& range, const std::string& text) {
    const auto parsed = IpRange::parse(range);
    REQUIRE(parsed);
    return parsed->contains(address(text));
}

}  // namespace

TEST_CASE("Addresses are read and written in their shortest form") {
    CHECK(address("192.0.2.7").text() == "192.0.2.7");
    CHECK(address("2001:0DB8::0:7").text() == "2001:db8::7");
    CHECK(address("::ffff:192.0.2.7").text() == "192.0.2.7");
    CHECK(address("::ffff:192.0.2.7") == address("192.0.2.7"));
    CHECK(address("192.0.2.7").is_ipv4());
    CHECK_FALSE(address("::").is_ipv4());
    for (const char* text : {"", "localhost", "192.0.2", "192.0.2.256", "192.0.2.7 ", "[::1]", "::1%lo",
                             "192.0.2.7:80", "1:2", "0x7f.1", "::ffff:192.0.2.7.8"}) {
        INFO(text);
        CHECK_FALSE(IpAddress::parse(text));
    }
    CHECK_FALSE(IpAddress::parse(std::string("::1\0", 4)));
}

TEST_CASE("Loopback is 127.0.0.0/8 and ::1") {
    CHECK(address("127.0.0.1").is_loopback());
    CHECK(address("127.255.0.1").is_loopback());
    CHECK(address("::1").is_loopback());
    CHECK(address("::ffff:127.0.0.1").is_loopback());
    CHECK_FALSE(address("128.0.0.1").is_loopback());
    CHECK_FALSE(address("::2").is_loopback());
}

TEST_CASE("A subscriber is an IPv4 address or a network of 64 bits") {
    CHECK(address("192.0.2.7").subscriber() == address("192.0.2.7"));
    CHECK(address("2001:db8:1:2:3:4:5:6").subscriber() == address("2001:db8:1:2::"));
}

TEST_CASE("Ranges hold what begins like them") {
    CHECK(in("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(in("10.0.0.0/8", "11.0.0.0"));
    CHECK(in("192.0.2.128/25", "192.0.2.128"));
    CHECK_FALSE(in("192.0.2.128/25", "192.0.2.127"));
    CHECK(in("192.0.2.7", "192.0.2.7"));
    CHECK_FALSE(in("192.0.2.7", "192.0.2.6"));
    CHECK(in("192.0.2.6/31", "192.0.2.7"));
    CHECK(in("2001:db8::/32", "2001:db8:ffff::"));
    CHECK_FALSE(in("2001:db8::/32", "2001:db9::"));
    CHECK(in("0.0.0.0/0", "255.0.0.1"));
    CHECK_FALSE(in("0.0.0.0/0", "::1"));
    CHECK(in("::/0", "192.0.2.7"));
    CHECK(in("::1/128", "::1"));
}

TEST_CASE("What is no range is none") {
    for (const char* text :
         {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/-1", "10.0.0.0/8/8", "2001:db8::/129",
          "2001:db8::1/32", "proxy.example.com", "10.0.0.0/ 8", "10/8"}) {
        INFO(text);
        CHECK_FALSE(IpRange::parse(text));
    }
}

}  // namespace ip_address_test
