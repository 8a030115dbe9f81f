#include "http/conditional.h"

#include <catch2/catch.hpp>

#include "http/http_date.h"
#include "http/negotiation.h"
#include "time/format.h"

namespace conditional_test {

using namespace watchbill;
using namespace watchbill::http;

namespace {

Instant at(std::string_view text) { return *parse_instant(text); }

const Instant now = at("2026-11-22T12:00:00Z");
const Representation current{"\"abc\"", at("2026-11-20T08:00:00Z")};

bool none_match(const std::string& header) { return is_not_modified({header, {}}, current, now); }
bool modified_since(const std::string& header) { return is_not_modified({{}, header}, current, now); }

}  // namespace

TEST_CASE("Without conditions everything is sent") { CHECK_FALSE(is_not_modified({}, current, now)); }

TEST_CASE("If-None-Match takes single tags, lists, weak tags and the star") {
    CHECK(none_match("\"abc\""));
    CHECK(none_match("  \"abc\"  "));
    CHECK(none_match("\"x\", \"abc\""));
    CHECK(none_match("\"x\",\"abc\",\"y\""));
    CHECK(none_match("W/\"abc\""));
    CHECK(none_match("W/\"x\" , W/\"abc\""));
    CHECK(none_match(", ,\"abc\""));
    CHECK(none_match("*"));
    CHECK(none_match("\"with, comma\", \"abc\""));
}

TEST_CASE("If-None-Match that names something else, or nothing, sends everything") {
    CHECK_FALSE(none_match("\"x\""));
    CHECK_FALSE(none_match("abc"));
    CHECK_FALSE(none_match(""));
    CHECK_FALSE(none_match("\"abc"));
    CHECK_FALSE(none_match("\"ABC\""));
    CHECK_FALSE(none_match("w/\"abc\""));
    CHECK_FALSE(none_match("\"x\" \"abc\""));
    CHECK_FALSE(none_match("\"*\""));
    CHECK_FALSE(none_match("\"x, \\\"abc\\\"\""));
}

TEST_CASE("If-Modified-Since compares with the last change, to the second") {
    CHECK(modified_since("Fri, 20 Nov 2026 08:00:00 GMT"));
    CHECK(modified_since("Fri, 20 Nov 2026 08:00:01 GMT"));
    CHECK(modified_since("Sat, 01 Jan 2028 00:00:00 GMT"));
    CHECK_FALSE(modified_since("Fri, 20 Nov 2026 07:59:59 GMT"));
    CHECK_FALSE(modified_since("yesterday"));
    CHECK_FALSE(modified_since(""));
}

TEST_CASE("If-None-Match decides alone when both are sent") {
    const std::string later = "Fri, 20 Nov 2026 09:00:00 GMT";
    const std::string earlier = "Fri, 20 Nov 2026 07:00:00 GMT";
    CHECK_FALSE(is_not_modified({"\"old\"", later}, current, now));
    CHECK(is_not_modified({"\"abc\"", earlier}, current, now));
}

TEST_CASE("HTTP dates are written in the one form that may be sent") {
    CHECK(format_http_date(at("1994-11-06T08:49:37Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(format_http_date(at("2026-02-28T23:59:59Z")) == "Sat, 28 Feb 2026 23:59:59 GMT");
}

TEST_CASE("HTTP dates are read in all three forms of RFC 9110") {
    const Instant expected = at("1994-11-06T08:49:37Z");
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == expected);
    CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now) == expected);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994", now) == expected);
    CHECK(parse_http_date("Sun Nov 16 08:49:37 1994", now) == at("1994-11-16T08:49:37Z"));
    // 2026 - 50 < year <= 2026 + 50
    CHECK(parse_http_date("Monday, 06-Nov-76 08:49:37 GMT", now) == at("2076-11-06T08:49:37Z"));
    CHECK(parse_http_date("Monday, 06-Nov-77 08:49:37 GMT", now) == at("1977-11-06T08:49:37Z"));
}

TEST_CASE("What is no HTTP date is nothing") {
    for (const char* text :
         {"Sun, 06 Nov 1994 08:49:37", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
          "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
          "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 +0000", "S", "Sun, "}) {
        INFO(text);
        CHECK_FALSE(parse_http_date(text, now));
    }
}

TEST_CASE("gzip is chosen as Accept-Encoding weighs it") {
    struct Case {
        const char* header;
        bool packed;
    };
    for (const Case& c : std::initializer_list<Case>{{"gzip", true},
                                                     {"GZip", true},
                                                     {"x-gzip", true},
                                                     {"gzip, deflate, br", true},
                                                     {"deflate, gzip;q=0.5", true},
                                                     {"gzip;q=0", false},
                                                     {"gzip;q=0.0", false},
                                                     {"gzip;q=0.000, *", false},
                                                     {"*", true},
                                                     {"*;q=0", false},
                                                     {"identity;q=0, gzip;q=0.1", true},
                                                     {"identity, gzip;q=0.9", false},
                                                     {"gzip;q=0.9, identity;q=0.9", true},
                                                     {"gzip ; q=1", true},
                                                     {"deflate", false},
                                                     {"gzipped", false},
                                                     {"gzip;q=nonsense", false},
                                                     {"gzip;q=1.5", false},
                                                     {"", false},
                                                     {" , ,gzip", true}}) {
        INFO(c.header);
        CHECK(wants_gzip(std::string(c.header)) == c.packed);
    }
    CHECK_FALSE(wants_gzip(std::nullopt));
}

}  // namespace conditional_test
