// Every route of the service, one by one, as the table lists them: who may use it, and who not. A route that
// is added later is asked too, whoever forgets to test it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "crypto/crypto.h"
#include "http/application.h"
#include "http/sent_request.h"
#include "http/test_backend.h"

namespace route_table_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

// A target that the pattern matches.
std::string target_of(std::string pattern) {
    const std::map<std::string, std::string> values = {
        {"{team:name}", "payments"},
        {"{rotation:name}", "mro"},
        {"{incident:name}", "2026-11-24-0123456789ab"},
        {"{date:date}", "2026-11-23"},
        {"{token:token}", std::string(32, '0')},
        {"{email:email}", "alice@example.com"},
        {"{feed:name}", "rotation"},
        {"{version:token}", "0"},
        {"{file:file}", "page.css"},
    };
    for (const auto& [parameter, value] : values) {
        const size_t place = pattern.find(parameter);
        if (place != std::string::npos) pattern.replace(place, parameter.size(), value);
    }
    INFO(pattern);
    REQUIRE(pattern.find('{') == std::string::npos);  // a parameter that this test does not know
    return pattern;
}

// The whole table on a team that is planned. The service runs, so that a refresh is answered.
struct World : TestBackend {
    World() {
        ical::initialise();
        const Team team = example_team();
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
        service.set_teams({team});
        service.tick();
        flow = std::thread([this] { service.run(); });
    }
    ~World() {
        service.stop();
        flow.join();
    }

    // What the guard alone decides is not hidden by an empty body: that is refused later, with 422.
    Response ask(const RouteEntry& route, const std::string& secret, std::string method = "") {
        SentRequest request{method.empty() ? route.method : method, target_of(route.pattern), {}};
        if (!secret.empty()) request.add_header("Authorization", "Bearer " + secret);
        return router.answer(std::move(request));
    }
    static std::string describe(const RouteEntry& route) { return route.method + " " + route.pattern; }
    static const ApiScope* scope_of(const RouteEntry& route) {
        return std::get_if<ApiScope>(&route.requirement);
    }

    // Each route that asks for a scope; FN(route, scope).
    template <typename Fn>
    void for_each_guarded(Fn&& check) {
        size_t guarded = 0;
        for (const RouteEntry& route : router.table()) {
            const ApiScope* scope = scope_of(route);
            if (scope == nullptr) continue;
            INFO(describe(route));
            check(route, *scope);
            ++guarded;
        }
        CHECK(guarded >= 14);  // the walk walked
    }

    Router router = make_router(backend());
    std::thread flow;
};

// Acknowledging: the token of the mail's link is asked for instead, and says whose answer it is.
bool has_own_token(const RouteEntry& route) {
    return route.pattern.ends_with("/ack") || route.pattern.starts_with("/ack/") ||
           route.pattern.starts_with("/cover/");
}

const std::vector<ApiScope> all_scopes = {ApiScope::read, ApiScope::incident, ApiScope::admin};

}  // namespace

TEST_CASE("What needs no token is this list, and nothing else") {
    World world;
    std::set<std::string> open;
    for (const RouteEntry& route : world.router.table())
        if (World::scope_of(route) == nullptr) open.insert(World::describe(route));
    CHECK(open == std::set<std::string>{"GET /", "POST /sign-in", "POST /sign-out",
                                        "GET /assets/{version:token}/{file:file}", "GET /healthz",
                                        "GET /readyz", "GET /metrics", "GET /openapi.json",
                                        "GET /feeds/{team:name}/{token:token}/rotation.ics",
                                        "GET /feeds/{team:name}/{token:token}/handovers.ics",
                                        "GET /feeds/{team:name}/{token:token}/absences.ics",
                                        "GET /feeds/{team:name}/{token:token}/incidents.ics",
                                        "GET /ack/{team:name}/{incident:name}/{token:token}",
                                        "POST /ack/{team:name}/{incident:name}/{token:token}",
                                        "GET /cover/{team:name}/{rotation:name}/{date:date}/{token:token}",
                                        "POST /cover/{team:name}/{rotation:name}/{date:date}/{token:token}",
                                        "POST /api/v1/teams/{team:name}/incidents/{incident:name}/ack",
                                        "GET /feeds/{team:name}/{token:token}/member/{email:email}.ics"});
}

TEST_CASE("Everything under /api asks for a token, and what changes something for more than reading") {
    World world;
    for (const RouteEntry& route : world.router.table()) {
        INFO(World::describe(route));
        const ApiScope* scope = World::scope_of(route);
        if (has_own_token(route)) continue;
        if (route.pattern.starts_with("/api")) REQUIRE(scope != nullptr);
        // What these change is a cookie.
        if (route.method != "GET" && !route.pattern.starts_with("/sign-")) {
            REQUIRE(scope != nullptr);
            CHECK(*scope != ApiScope::read);
        }
    }
}

TEST_CASE("Every route is refused without a token, or with one that nobody made") {
    World world;
    world.for_each_guarded([&](const RouteEntry& route, ApiScope) {
        for (const std::string& secret : {std::string(), "wb_" + std::string(64, '0'), std::string("x")}) {
            const Response response = world.ask(route, secret);
            CHECK(response.status == 401);
            CHECK(response.header("WWW-Authenticate").value_or("").starts_with("Bearer "));
            if (route.method == "GET") CHECK(world.ask(route, secret, "HEAD").status == 401);
        }
    });
}

TEST_CASE("Every route opens to its scope and to admin, and to no other") {
    World world;
    std::map<ApiScope, std::string> secrets;
    for (const ApiScope scope : all_scopes) secrets[scope] = world.make_token({scope});
    const std::string both_lower = world.make_token({ApiScope::read, ApiScope::incident});
    world.for_each_guarded([&](const RouteEntry& route, ApiScope needed) {
        for (const ApiScope scope : all_scopes) {
            INFO("with the scope " << scope_name(scope));
            const int status = world.ask(route, secrets[scope]).status;
            if (scope == needed || scope == ApiScope::admin) {
                CHECK(status != 401);
                CHECK(status != 403);
                CHECK(status < 500);
            } else {
                CHECK(status == 403);
            }
        }
        CHECK((world.ask(route, both_lower).status == 403) ==
              (needed == ApiScope::admin || needed == ApiScope::mail));
    });
}

TEST_CASE("Every route is closed to tokens that have expired or were revoked") {
    World world;
    const Instant now = world.clock.now();
    const std::string short_lived = world.make_token({ApiScope::admin}, now + hours(1));
    const std::string revoked = world.make_token({ApiScope::admin});
    const std::string kept = world.make_token({ApiScope::admin});
    const auto id_of = [&](const std::string& secret) {
        return world.store.find_api_token(crypto::sha256_hex(secret)).value().value().id;
    };
    world.for_each_guarded([&](const RouteEntry& route, ApiScope) {
        CHECK(world.ask(route, short_lived).status != 401);
        CHECK(world.ask(route, revoked).status != 401);
    });
    REQUIRE(world.store.revoke_api_token(id_of(revoked), {now, "cli:test", "", "", "token.revoke", ""}));
    world.clock.advance(hours(1));
    world.for_each_guarded([&](const RouteEntry& route, ApiScope) {
        for (const std::string& secret : {short_lived, revoked}) {
            const Response response = world.ask(route, secret);
            CHECK(response.status == 401);
            CHECK(response.header("WWW-Authenticate") ==
                  "Bearer realm=\"watchbill\", error=\"invalid_token\"");
        }
        CHECK(world.ask(route, kept).status != 401);
    });
}

TEST_CASE("What is refused changes nothing") {
    World world;
    const std::string read = world.make_token({ApiScope::read});
    for (const RouteEntry& route : world.router.table()) {
        SentRequest request{
            route.method, target_of(route.pattern), {}, R"({"member":"carol@example.com","text":"x"})"};
        request.add_header("Content-Type", "application/json");
        request.add_header("Authorization", "Bearer " + read);
        if (has_own_token(route)) {
            CHECK(world.router.answer(request).status >= 400);
        } else if (route.method != "GET") {
            CHECK(world.router.answer(request).status == 403);
        }
    }
    CHECK(world.store.audit_log("payments", 10).value().empty());
}

}  // namespace route_table_test
