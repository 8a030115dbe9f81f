#include "words/suggest.h"

#include <catch2/catch.hpp>

namespace suggest_test {

using namespace watchbill;

TEST_CASE("edit distance counts insertions, deletions, substitutions and swaps, without case") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("listen", "lsiten") == 1);
    CHECK(edit_distance("ca", "abc") == 3);  // optimal string alignment: nothing is edited twice
    CHECK(edit_distance("Europe/Paris", "europe/paris") == 0);
}

TEST_CASE("the nearest word is offered when it is near enough") {
    const std::vector<std::string> known = {"listen", "public_url", "time_zone", "end"};
    CHECK(nearest("lisetn", known) == "listen");
    CHECK(nearest("pubic-url", known) == "public_url");
    CHECK(nearest("zone", known) == "time_zone");
    CHECK(nearest("ends", known) == "end");
    CHECK(nearest("tls_key", known) == std::nullopt);
    CHECK(nearest("", known) == std::nullopt);
    CHECK(nearest("x", {}) == std::nullopt);
    CHECK(nearest(std::string(100'000, 'a'), known) == std::nullopt);
}

TEST_CASE("zones are found by what people write") {
    CHECK(nearest_zone("Europe/Pari") == "Europe/Paris");
    CHECK(nearest_zone("paris") == "Europe/Paris");
    CHECK(nearest_zone("America/Montréal") == "America/Montreal");
    CHECK(nearest_zone("America/Newyork") == "America/New_York");
    CHECK(nearest_zone("Asia/Calcuta") == "Asia/Kolkata");
    CHECK(nearest_zone("Pacific Standard Time") == std::nullopt);
}

TEST_CASE("e-mail addresses are alike by name or domain, not by sharing a domain") {
    const std::vector<std::string> known = {"alice@example.com", "bob@example.com"};
    CHECK(nearest_email("alcie@example.com", known) == "alice@example.com");
    CHECK(nearest_email("bob@exmaple.com", known) == "bob@example.com");
    CHECK(nearest_email("eve@example.com", known) == std::nullopt);
}

}  // namespace suggest_test
