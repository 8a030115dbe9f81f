// Cross-origin reading as the Fetch standard (section 3.3) has browsers ask for it.
#include "http/cross_origin.h"

#include <catch2/catch.hpp>

#include "http/problem.h"
#include "http/router.h"
#include "http/sent_request.h"

namespace cross_origin_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;

namespace {

const std::string dashboard = "https://dashboard.example.com";

Router example(const std::vector<std::string>& origins) {
    Router router({}, CrossOrigin(origins));
    router.add("GET", "/things", Access::anybody, [](const Request&, const PathValues&) {
        Response response = text_response(200, "text/plain", "a thing");
        response.add_header("Vary", "Accept-Encoding");
        return response;
    });
    router.add("PUT", "/things", ApiScope::admin,
               [](const Request&, const PathValues&) { return Response(); });
    return router;
}

Response ask(const Router& router, const std::string& method, const std::string& origin,
             const std::string& target = "/things") {
    SentRequest request{method, target, {}};
    if (!origin.empty()) request.add_header("Origin", origin);
    if (method == "OPTIONS") {
        request.add_header("Access-Control-Request-Method", "PUT");
        request.add_header("Access-Control-Request-Headers", "authorization,content-type");
    }
    return router.answer(request);
}

std::vector<std::string> cross_origin_headers(const Response& response) {
    std::vector<std::string> names;
    for (const auto& [name, value] : response.headers())
        if (name.starts_with("Access-Control-")) names.emplace_back(name);
    return names;
}

}  // namespace

TEST_CASE("Without configured origins no page of another site is told anything") {
    const Router router = example({});
    for (const char* method : {"GET", "OPTIONS", "PUT", "DELETE"}) {
        const Response response = ask(router, method, dashboard);
        CHECK(cross_origin_headers(response).empty());
        CHECK(response.header("Vary").value_or("").find("Origin") == std::string::npos);
    }
}

TEST_CASE("A page of a configured origin may read answers, errors too") {
    const Router router = example({"https://other.example.com", dashboard});
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) {
        const Response response = ask(router, method, dashboard);
        CHECK(response.header("Access-Control-Allow-Origin") == dashboard);
        CHECK(response.header("Access-Control-Expose-Headers"));
    }
    CHECK(ask(router, "GET", dashboard, "/nothing").header("Access-Control-Allow-Origin") == dashboard);
    const Response thing = ask(router, "GET", dashboard);
    CHECK(thing.header("Vary") == "Accept-Encoding, Origin");
    CHECK_FALSE(thing.header("Access-Control-Allow-Credentials"));
}

TEST_CASE("Origins are compared exactly, and caches are told that answers differ") {
    const Router router = example({dashboard});
    for (const char* origin :
         {"", "null", "*", "https://dashboard.example.com:443", "https://dashboard.example.com/",
          "http://dashboard.example.com", "https://dashboard.example.com.evil.org",
          "https://evil-dashboard.example.com", "https://Dashboard.example.com",
          "https://dashboard.example.com, https://dashboard.example.com"}) {
        INFO(origin);
        for (const char* method : {"GET", "OPTIONS"}) {
            const Response response = ask(router, method, origin);
            CHECK(cross_origin_headers(response).empty());
            CHECK(response.header("Vary").value_or("").find("Origin") != std::string::npos);
        }
    }
}

TEST_CASE("A preflight is told the path's methods and what may be sent, never credentials") {
    const Router router = example({dashboard});
    const Response response = ask(router, "OPTIONS", dashboard);
    CHECK(response.status == 204);
    CHECK(response.header("Access-Control-Allow-Origin") == dashboard);
    CHECK(response.header("Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS, PUT");
    CHECK(response.header("Access-Control-Allow-Headers") == "Authorization, Content-Type, If-None-Match");
    CHECK(response.header("Access-Control-Max-Age") == "600");
    CHECK_FALSE(response.header("Access-Control-Allow-Credentials"));
    CHECK(ask(router, "OPTIONS", dashboard, "/nothing").status == 404);
}

}  // namespace cross_origin_test
