#include "http/query.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/sent_request.h"
#include "time/format.h"

namespace query_test {

using namespace watchbill;
using namespace watchbill::http;
using Catch::Matchers::Contains;
using watchbill::test::SentRequest;

namespace {

Query query(const std::string& text) {
    return Query(SentRequest("GET", "/plan" + text).view(),
                 {"from", "to", "at", "member", "rotation", "limit"});
}

std::string detail(const Query& refused) {
    REQUIRE(refused.refused());
    CHECK(refused.refused()->status == 400);
    const auto body = nlohmann::json::parse(refused.refused()->body());
    CHECK(body.at("code") == "invalid_input");
    return body.at("detail");
}

Day day(const std::string& text) { return *parse_day(text); }

}  // namespace

TEST_CASE("Parameters are read by their type") {
    Query all = query(
        "?from=2026-03-01&at=2026-03-29T02:30:00%2B01:00&member=a%2Bb@Example.com&rotation=mro&limit=7");
    CHECK(all.day("from") == day("2026-03-01"));
    CHECK(all.instant("at") == parse_instant("2026-03-29T01:30:00Z"));
    CHECK(all.member("member") == MemberId::parse("a+b@example.com"));
    CHECK(all.name("rotation") == "mro");
    CHECK(all.count("limit", 10) == 7);
    CHECK_FALSE(all.day("to"));
    CHECK_FALSE(all.refused());
}

TEST_CASE("A plus is a plus, in offsets and in addresses") {
    Query plus = query("?at=2026-03-29T02:30:00+01:00&member=a+b@example.com");
    CHECK(plus.instant("at") == parse_instant("2026-03-29T01:30:00Z"));
    CHECK(plus.member("member") == MemberId::parse("a+b@example.com"));
    CHECK_FALSE(plus.refused());
}

TEST_CASE("No query, an empty one and stray ampersands ask for nothing") {
    for (const char* text : {"", "?", "?&", "?&&from=2026-03-01&"}) {
        INFO(text);
        CHECK_FALSE(query(text).refused());
    }
}

TEST_CASE("A parameter that the route does not know is refused with those it knows") {
    CHECK_THAT(detail(query("?form=2026-03-01")),
               Contains("\"form\"") && Contains("from, to, at, member, rotation, limit"));
    CHECK_THAT(detail(query("?From=2026-03-01")), Contains("\"From\""));
    CHECK_THAT(detail(query("?=1")), Contains("\"\""));
    CHECK_THAT(detail(Query(SentRequest("GET", "/teams?a=b").view(), {})), Contains("there is: none"));
}

TEST_CASE("What a refused parameter was set to is not repeated: it may be a secret in the wrong place") {
    CHECK_THAT(detail(query("?token=wb_secret")), !Contains("wb_secret"));
    CHECK_THAT(detail(query("?from=2026-03-01&from=wb_secret")), !Contains("wb_secret"));
}

TEST_CASE("A parameter given twice is refused") {
    CHECK_THAT(detail(query("?from=2026-03-01&from=2026-03-01")), Contains("more than once"));
    CHECK_THAT(detail(query("?from=2026-03-01&fr%6fm=2026-03-02")), Contains("more than once"));
}

TEST_CASE("Values that are not of their type are refused with an example") {
    for (const char* text :
         {"2026-02-29", "2026-3-1", "", "today", "2026-03-01T00:00:00Z", "2026-03-01%20"}) {
        INFO(text);
        Query bad = query(std::string("?from=") + text);
        CHECK_FALSE(bad.day("from"));
        CHECK_THAT(detail(bad), Contains("\"from\" must be a date such as 2026-03-01"));
    }
    for (const char* text : {"2026-03-01", "2026-03-01T08:00:00", "now", "1700000000"}) {
        INFO(text);
        Query bad = query(std::string("?at=") + text);
        CHECK_FALSE(bad.instant("at"));
        CHECK_THAT(detail(bad), Contains("\"at\" must be an instant such as"));
    }
    Query nobody = query("?member=alice");
    CHECK_FALSE(nobody.member("member"));
    CHECK_THAT(detail(nobody), Contains("e-mail address"));
    Query nameless = query("?rotation=");
    nameless.name("rotation");
    detail(nameless);
    for (const char* text : {"0", "11", "-1", "1.5", "", "99999999999", "7x"}) {
        INFO(text);
        Query bad = query(std::string("?limit=") + text);
        CHECK_FALSE(bad.count("limit", 10));
        CHECK_THAT(detail(bad), Contains("a number from 1 to 10"));
    }
}

TEST_CASE("Malformed escapes and control characters are refused") {
    for (const char* text : {"?from=%", "?from=%4", "?from=%zz", "?from=%00", "?fr%0aom=1", "?from=%7f"}) {
        INFO(text);
        CHECK_THAT(detail(query(text)), Contains("not well-formed"));
    }
}

TEST_CASE("Bytes that are no UTF-8 make an answer that is JSON all the same") {
    Query bad = query("?from=%ff%fe");
    bad.day("from");
    CHECK_THAT(detail(bad), Contains("\"from\" must be a date"));
}

TEST_CASE("Days are half-open, and either end may be missing") {
    const DaySpan otherwise{day("2026-01-01"), day("2026-12-31")};
    const auto days = [&](const std::string& text) {
        Query asked = query(text);
        const DaySpan found = asked.days("from", "to", otherwise);
        CHECK_FALSE(asked.refused());
        return found;
    };
    CHECK(days("") == otherwise);
    CHECK(days("?from=2026-03-01") == DaySpan{day("2026-03-01"), otherwise.end});
    CHECK(days("?to=2026-03-01") == DaySpan{otherwise.first, day("2026-03-01")});
    CHECK(days("?from=2026-03-01&to=2026-03-02") == DaySpan{day("2026-03-01"), day("2026-03-02")});
    Query empty = query("?from=2026-03-01&to=2026-03-01");
    empty.days("from", "to", otherwise);
    CHECK_THAT(detail(empty), Contains("\"to\" must lie behind \"from\""));
}

TEST_CASE("A parameter that a route needs is missed") {
    Query asked = query("?to=2026-03-01");
    asked.require("to");
    CHECK_FALSE(asked.refused());
    asked.require("from");
    CHECK_THAT(detail(asked), Contains("\"from\" is missing"));
}

TEST_CASE("What is wrong first is said") {
    Query bad = query("?from=a&at=b");
    bad.instant("at");
    bad.day("from");
    CHECK_THAT(detail(bad), Contains("\"at\""));
}

}  // namespace query_test
