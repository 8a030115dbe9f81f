#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/application.h"
#include "http/authentication.h"
#include "http/routes.h"
#include "http/sent_request.h"
#include "http/test_backend.h"

namespace mail_routes_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;

namespace {

struct MailApi {
    TestBackend test;
    Backend backend = test.backend();
    Router router = make_router(backend);

    Response post(const std::string& token, const std::string& body,
                  const std::string& type = "message/rfc822") {
        SentRequest request{"POST", "/api/v1/mail", {}};
        if (!token.empty()) request.add_header("Authorization", "Bearer " + token);
        if (!type.empty()) request.add_header("Content-Type", type);
        request.set_body(body);
        return router.answer(request);
    }
};

nlohmann::json json_of(const Response& response) {
    REQUIRE_FALSE(response.body().empty());
    return nlohmann::json::parse(response.body());
}

const std::string good = reply_mail("bob@example.com", "bob@example.com");

}  // namespace

TEST_CASE("A mail with an answer is taken, with the mail scope or admin's only") {
    MailApi api;
    const std::string token = api.test.make_token({ApiScope::mail});
    const Response response = api.post(token, good);
    CHECK(response.status == 200);
    CHECK(json_of(response) == nlohmann::json{{"result", "taken"},
                                              {"applied", true},
                                              {"code", "accepted"},
                                              {"message", "Bob has accepted"},
                                              {"team", "payments"},
                                              {"about", "2026-17"}});
    CHECK(api.post(api.test.make_token({ApiScope::admin}), good).status == 200);
    CHECK(api.post(api.test.make_token({ApiScope::read, ApiScope::incident}), good).status == 403);
    CHECK(api.post("", good).status == 401);
    CHECK(api.test.taker.taken.size() == 2);
    // And it opens nothing else.
    SentRequest look{"GET", "/api/v1/teams", {}};
    look.add_header("Authorization", "Bearer " + token);
    CHECK(api.router.answer(look).status == 403);
}

TEST_CASE("Refused mails say why, ignored ones are no error, and trouble asks to come again") {
    MailApi api;
    const std::string token = api.test.make_token({ApiScope::mail});
    const Response refused = api.post(token, "x");
    CHECK(refused.status == 422);
    CHECK(json_of(refused).at("code") == "no_calendar");
    const Response ignored = api.post(token, "bounce");
    CHECK(ignored.status == 200);
    CHECK(json_of(ignored).at("result") == "ignored");
    CHECK(json_of(ignored).at("team").is_null());
    api.test.taker.failing = true;
    const Response later = api.post(token, good);
    CHECK(later.status == 503);
    CHECK(later.header("Retry-After"));
    // Also where a request of a program would be told to look again itself.
    api.test.taker.code = ErrorCode::conflict;
    CHECK(api.post(token, good).status == 503);
}

TEST_CASE("One gateway may hand over hundreds of answers, and what is too much is to come later") {
    MailApi api;
    const std::string token = api.test.make_token({ApiScope::mail});
    for (int i = 0; i < 1000; ++i) REQUIRE(api.post(token, good).status == 200);

    Router router(guard_with(*api.backend.tokens));
    add_mail_routes(router, api.backend, {2, std::chrono::hours(1)});
    const auto post = [&](const std::string& bearer) {
        SentRequest request{"POST", "/api/v1/mail", {}};
        request.add_header("Authorization", "Bearer " + bearer);
        request.set_body(good);
        return router.answer(request);
    };
    for (int i = 0; i < 2; ++i) CHECK(post(token).status == 200);
    const Response later = post(token);
    CHECK(later.status == 503);
    CHECK(later.header("Retry-After") == "3600");
    // Another gateway has a share of its own.
    const auto other = make_api_token({"other gateway", {ApiScope::mail}, api.test.clock.now(), {}});
    REQUIRE(other);
    REQUIRE(api.test.store.add_api_token(other->token,
                                         {api.test.clock.now(), "cli:test", "", "", "token.create", ""}));
    CHECK(post(other->secret).status == 200);
}

TEST_CASE("A mail comes as message/rfc822, as bytes, or without a type, up to 1 MB") {
    MailApi api;
    const std::string token = api.test.make_token({ApiScope::mail});
    for (const char* type :
         {"message/rfc822", "Message/RFC822; charset=utf-8", "application/octet-stream", ""})
        CHECK(api.post(token, good, type).status == 200);
    for (const char* type : {"application/json", "multipart/form-data; boundary=x", "text/plain"})
        CHECK(api.post(token, good, type).status == 415);
    CHECK(api.router.find("POST", "/api/v1/mail").body_limit() == 1024 * 1024);
}

}  // namespace mail_routes_test
