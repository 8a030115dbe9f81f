#include "http/json_message.h"

#include <catch2/catch.hpp>

#include "http/sent_request.h"

namespace json_message_test {

using namespace watchbill::http;
using Catch::Matchers::Contains;
using watchbill::test::SentRequest;

namespace {

SentRequest post(std::string body, const std::string& type = "application/json") {
    SentRequest request{"POST", "/", {}, std::move(body)};
    if (!type.empty()) request.add_header("Content-Type", type);
    return request;
}

tl::expected<Json, Response> read(SentRequest request) {
    return read_json_object(request, {"member", "force"});
}

int status(SentRequest request) {
    const auto body = read(request);
    return body ? 200 : body.error().status;
}

std::string nested(size_t depth) {
    return "{\"member\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

}  // namespace

TEST_CASE("A body is one JSON object of known members") {
    const auto body = read(post("{\"member\": \"é\", \"force\": true}"));
    REQUIRE(body);
    CHECK(body->at("member") == "é");
    CHECK(body->at("force") == true);
    CHECK(status(post("{}")) == 200);
    CHECK(status(post("{}", "Application/JSON ; charset=utf-8")) == 200);
}

TEST_CASE("No body is an object without members") {
    REQUIRE(read(post("")));
    CHECK(read(post("", ""))->empty());
}

TEST_CASE("A body of another type is refused before it is looked at") {
    for (const char* type :
         {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", ";", " "}) {
        INFO(type);
        CHECK(status(post("{}", type)) == 415);
    }
}

TEST_CASE("What is no JSON object in UTF-8 is refused") {
    for (const std::string& body :
         {std::string("["), std::string("[]"), std::string("1"), std::string("null"),
          std::string("{\"member\":}"), std::string("{\"member\":1} x"), std::string("{'member':1}"),
          std::string("{\"member\":\"\xff\"}"), std::string("{\"member\":\"\xc0\xaf\"}"),
          std::string("{\"member\":\"\xed\xa0\x80\"}"), std::string("{\"member\":\"\\ud800\"}"),
          std::string("{\"member\":\"a\nb\"}"), std::string(1, '\0'), std::string("{\"member\":NaN}")}) {
        INFO(body);
        CHECK(status(post(body)) == 400);
    }
}

TEST_CASE("Members that are not known are refused with those that are") {
    const auto body = read(post("{\"forced\": true}"));
    REQUIRE_FALSE(body);
    CHECK(body.error().status == 400);
    CHECK_THAT(body.error().body(), Contains("forced") && Contains("member, force"));
}

TEST_CASE("Nesting is bounded before anything is parsed") {
    CHECK(status(post(nested(max_json_depth))) == 200);
    CHECK(status(post(nested(max_json_depth + 1))) == 400);
    CHECK(status(post(std::string(65536, '['))) == 400);
    CHECK(status(post(std::string(65536, '{'))) == 400);
    // Brackets in texts are no nesting, and quotes may be escaped.
    CHECK(status(post("{\"member\":\"" + std::string(100, '[') + "\\\"[[\"}")) == 200);
    CHECK(status(post("{\"member\":\"\\\\\",\"force\":" + std::string(20, '[') + std::string(20, ']') +
                      "}")) == 400);
}

TEST_CASE("Answers are for their asker alone, and JSON whatever bytes they are made of") {
    const Response response = json_response(200, {{"title", "caf\xe9"}});
    CHECK(response.header("Content-Type") == "application/json");
    CHECK(response.header("Cache-Control") == "private, no-store");
    CHECK(Json::parse(response.body()).at("title") == "caf\xef\xbf\xbd");
}

TEST_CASE("There are not more members than an object of ours could have, however deep") {
    const auto with_members = [](int count) {
        std::string list = "\"x0\":0";
        for (int i = 1; i < count; ++i) list += ",\"x" + std::to_string(i) + "\":0";
        return "{\"member\":{" + list + "}}";
    };
    CHECK(status(post(with_members(99))) == 200);
    const auto refused = read(post(with_members(100)));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status == 400);
    CHECK_THAT(refused.error().body(), Contains("more than 100 members"));
}

}  // namespace json_message_test
