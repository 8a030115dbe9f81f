#include "http/message.h"

#include <catch2/catch.hpp>

namespace message_test {

using namespace watchbill::http;

namespace {

Headers three() {
    Headers headers;
    headers.add("Vary", "Accept");
    headers.add("ETag", "\"a\"");
    headers.add("vary", "Origin");
    return headers;
}

}  // namespace

TEST_CASE("Headers are kept in order and as they are sent") {
    CHECK(three().lines() == "Vary: Accept\r\nETag: \"a\"\r\nvary: Origin\r\n");
    CHECK(three().size() == 3);
    CHECK(Headers().lines().empty());
}

TEST_CASE("Headers are found by their names in any case, all values of one name as a list") {
    const Headers headers = three();
    CHECK(headers.get("VARY") == "Accept, Origin");
    CHECK(headers.get("etag") == "\"a\"");
    CHECK(headers.has("eTag"));
    CHECK_FALSE(headers.has("ETa"));
    CHECK_FALSE(headers.get("Var"));
    CHECK_FALSE(headers.get(""));
}

TEST_CASE("What is appended goes behind the first value of that name, and leaves the others as they were") {
    Headers headers = three();
    headers.append("VARY", "Cookie");
    headers.append("Allow", "GET");
    CHECK(headers.lines() == "Vary: Accept, Cookie\r\nETag: \"a\"\r\nvary: Origin\r\nAllow: GET\r\n");
    CHECK(headers.get("vary") == "Accept, Cookie, Origin");
    CHECK(headers.get("ETag") == "\"a\"");
    CHECK(headers.get("Allow") == "GET");
}

TEST_CASE("An empty value is a value") {
    Headers headers;
    headers.add("X-Empty", "");
    headers.add("Next", "1");
    CHECK(headers.get("X-Empty") == "");
    CHECK(headers.get("Next") == "1");
    headers.append("X-Empty", "2");
    CHECK(headers.lines() == "X-Empty: , 2\r\nNext: 1\r\n");
}

}  // namespace message_test
