#include "http/client_address.h"

#include <catch2/catch.hpp>

namespace client_address_test {

using namespace watchbill;
using namespace watchbill::http;

namespace {

const std::vector<IpRange> proxies = {*IpRange::parse("10.0.0.0/8"), *IpRange::parse("2001:db8::/32")};

std::string client(const std::string& peer, const std::vector<std::string>& forwarded) {
    std::optional<std::string> list;
    for (const std::string& value : forwarded) list = list ? *list + ", " + value : value;
    return client_address(*IpAddress::parse(peer), list, proxies).text();
}

}  // namespace

TEST_CASE("What a stranger says of where it comes from counts for nothing") {
    CHECK(client("192.0.2.1", {"198.51.100.7"}) == "192.0.2.1");
    CHECK(client("192.0.2.1", {"10.0.0.1"}) == "192.0.2.1");
    CHECK(client("192.0.2.1", {}) == "192.0.2.1");
}

TEST_CASE("A proxy's client is the rightmost address that is no proxy") {
    CHECK(client("10.0.0.1", {"198.51.100.7"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"1.1.1.1, 198.51.100.7"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"1.1.1.1, 198.51.100.7, 10.0.0.2"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"1.1.1.1", "198.51.100.7 , 2001:db8::5"}) == "198.51.100.7");
    CHECK(client("::ffff:10.0.0.1", {"198.51.100.7"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"10.0.0.3, 10.0.0.2"}) == "10.0.0.3");
    CHECK(client("10.0.0.1", {}) == "10.0.0.1");
}

TEST_CASE(
    "Entries come with ports and brackets, and where one is no address, whoever noted it is the client") {
    CHECK(client("10.0.0.1", {"198.51.100.7:4711"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"[2001:4860::7]:4711"}) == "2001:4860::7");
    CHECK(client("10.0.0.1", {"[2001:4860::7]"}) == "2001:4860::7");
    CHECK(client("10.0.0.1", {"2001:4860::7"}) == "2001:4860::7");
    CHECK(client("10.0.0.1", {"198.51.100.7, unknown"}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {"198.51.100.7, _hidden, 10.0.0.2"}) == "10.0.0.2");
    for (const char* nonsense : {"", ",", "[", "[]", ":", "1.2.3", "[::1", "1.2.3.4.5"}) {
        INFO(nonsense);
        CHECK(client("10.0.0.1", {nonsense}) == "10.0.0.1");
    }
}

}  // namespace client_address_test
