// Bearer tokens in front of routes, as RFC 6750 says.
#include "http/authentication.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/sent_request.h"
#include "http/test_backend.h"

namespace authentication_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::seconds;

namespace {

struct Gate : TestBackend {
    Gate() {
        const auto tell = [](const Request& request, const PathValues&) {
            return text_response(200, "text/plain", request.caller.who + " from " + request.caller.from);
        };
        router.add("GET", "/open", Access::anybody, tell);
        router.add("GET", "/read", ApiScope::read, tell);
        router.add("POST", "/incident", ApiScope::incident, tell);
        router.add("POST", "/admin", ApiScope::admin, tell);
    }

    Response ask(const std::string& method, const std::string& path, const std::string& authorization) {
        SentRequest request{method, path, {}, "", {"token:forged", "192.0.2.7"}};
        if (!authorization.empty()) request.add_header("Authorization", authorization);
        return router.answer(std::move(request));
    }
    int status(const std::string& method, const std::string& path, const std::string& secret) {
        return ask(method, path, "Bearer " + secret).status;
    }

    Router router{guard_with(tokens)};
};

std::string code_of(const Response& response) { return nlohmann::json::parse(response.body()).at("code"); }

}  // namespace

TEST_CASE("A token opens what its scope covers, and admin opens everything") {
    Gate gate;
    const std::string read = gate.make_token({ApiScope::read});
    const std::string incident = gate.make_token({ApiScope::incident});
    const std::string admin = gate.make_token({ApiScope::admin});
    CHECK(gate.status("GET", "/read", read) == 200);
    CHECK(gate.status("POST", "/incident", read) == 403);
    CHECK(gate.status("POST", "/admin", read) == 403);
    CHECK(gate.status("GET", "/read", incident) == 403);
    CHECK(gate.status("POST", "/incident", incident) == 200);
    CHECK(gate.status("POST", "/admin", incident) == 403);
    CHECK(gate.status("GET", "/read", admin) == 200);
    CHECK(gate.status("POST", "/incident", admin) == 200);
    CHECK(gate.status("POST", "/admin", admin) == 200);
    CHECK(gate.status("HEAD", "/read", incident) == 403);
    CHECK(gate.status("HEAD", "/read", read) == 200);
}

TEST_CASE("Handlers learn who asks from the token, and from where") {
    Gate gate;
    const std::string read = gate.make_token({ApiScope::read});
    CHECK(gate.ask("GET", "/read", "Bearer " + read).body() == "token:ops bot from 192.0.2.7");
    CHECK(gate.ask("GET", "/open", "Bearer " + read).body() == " from 192.0.2.7");
    CHECK(gate.ask("GET", "/open", "Bearer wrong").body() == " from 192.0.2.7");
}

TEST_CASE("Without a token the answer asks for one") {
    Gate gate;
    const std::string read = gate.make_token({ApiScope::read});
    for (const std::string& header :
         {std::string(), "Basic " + read, read, std::string("Bearer"), "Bearer" + read}) {
        INFO(header);
        const Response response = gate.ask("GET", "/read", header);
        CHECK(response.status == 401);
        CHECK(response.header("WWW-Authenticate") == "Bearer realm=\"watchbill\"");
        CHECK(response.header("Content-Type") == "application/problem+json");
        CHECK(code_of(response) == "unauthenticated");
    }
}

TEST_CASE("A token that is not valid is refused, whatever is wrong with it") {
    Gate gate;
    const std::string read = gate.make_token({ApiScope::read});
    std::string upper = read;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const std::string& given :
         {std::string("wb_" + std::string(64, '0')), read + "0", read.substr(0, read.size() - 1), upper,
          read + " " + read, read + ", " + read, std::string("xyzzy"), std::string(5000, 'a')}) {
        INFO(given);
        const Response response = gate.ask("GET", "/read", "Bearer " + given);
        CHECK(response.status == 401);
        CHECK(response.header("WWW-Authenticate") == "Bearer realm=\"watchbill\", error=\"invalid_token\"");
        CHECK(code_of(response) == "invalid_token");
        CHECK(response.body().find(given) == std::string::npos);
    }
}

TEST_CASE("The scheme is compared without case, and blanks in front of the token do not matter") {
    Gate gate;
    const std::string read = gate.make_token({ApiScope::read});
    CHECK(gate.ask("GET", "/read", "bearer " + read).status == 200);
    CHECK(gate.ask("GET", "/read", "BEARER   " + read).status == 200);
}

TEST_CASE("A refusal for want of a scope names it") {
    Gate gate;
    const Response response = gate.ask("POST", "/admin", "Bearer " + gate.make_token({ApiScope::read}));
    CHECK(response.status == 403);
    CHECK(response.header("WWW-Authenticate") ==
          "Bearer realm=\"watchbill\", error=\"insufficient_scope\", scope=\"admin\"");
    CHECK(code_of(response) == "missing_scope");
    CHECK_THAT(response.body(), Contains("lacks the scope \\\"admin\\\""));
}

TEST_CASE("Paths and methods that do not exist are told apart before tokens are looked at") {
    Gate gate;
    gate.store.failing = true;
    CHECK(gate.status("GET", "/nothing", "x") == 404);
    CHECK(gate.status("DELETE", "/read", "x") == 405);
}

TEST_CASE("A store that cannot say whose a token is lets nobody in") {
    Gate gate;
    const std::string read = gate.make_token({ApiScope::read});
    gate.store.failing = true;
    const Response response = gate.ask("GET", "/read", "Bearer " + read);
    CHECK(response.status == 503);
    CHECK(response.header("Retry-After"));
    CHECK_THAT(response.body(), !Contains("disk"));
}

TEST_CASE("A router without a guard lets nobody through") {
    Router router;
    router.add("GET", "/read", ApiScope::read, [](const Request&, const PathValues&) { return Response(); });
    CHECK(router.answer(SentRequest{"GET", "/read", {}}).status == 401);
}

}  // namespace authentication_test
