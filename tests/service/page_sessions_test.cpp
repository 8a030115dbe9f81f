// Sessions of the web page: who opened them, how long they last, and that nobody can make one.
#include "service/page_sessions.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"

namespace page_sessions_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

struct Desk {
    TempDir folder;
    FakeClock clock{at("2026-11-24T12:00:00Z")};
    WatchedStore store{folder.path()};
    ApiTokens tokens{store, clock};
    PageSessions sessions{"a secret of the server", tokens, store, clock};

    ApiToken make(std::optional<Instant> expires_at = {}) {
        const auto made = make_api_token({"phone", {ApiScope::read}, clock.now(), expires_at});
        REQUIRE(made);
        REQUIRE(store.add_api_token(made->token, {clock.now(), "cli:test", "", "", "token.create", ""}));
        return made->token;
    }
    bool opens(const std::string& value) {
        const auto session = sessions.find(value);
        REQUIRE(session);
        return session->has_value();
    }
};

}  // namespace

TEST_CASE("A session is its token's, for a month or until that ends") {
    Desk desk;
    const ApiToken token = desk.make();
    const std::string value = desk.sessions.open(token);
    const auto session = desk.sessions.find(value);
    REQUIRE(session);
    REQUIRE(*session);
    CHECK((*session)->token.id == token.id);
    CHECK((*session)->ends == desk.clock.now() + std::chrono::days(30));
    CHECK(value.find(token.digest) == std::string::npos);
    const std::string brief = desk.sessions.open(desk.make(desk.clock.now() + std::chrono::hours(1)));
    desk.clock.advance(std::chrono::minutes(59));
    CHECK(desk.opens(brief));
    desk.clock.advance(std::chrono::minutes(1));
    CHECK_FALSE(desk.opens(brief));
    desk.clock.advance(std::chrono::days(30));
    CHECK_FALSE(desk.opens(value));
}

TEST_CASE("Revoking the token ends its sessions within seconds") {
    Desk desk;
    const ApiToken token = desk.make();
    const std::string value = desk.sessions.open(token);
    CHECK(desk.opens(value));
    REQUIRE(
        desk.store.revoke_api_token(token.id, {desk.clock.now(), "cli:test", "", "", "token.revoke", ""}));
    desk.clock.advance(std::chrono::seconds(3));
    CHECK_FALSE(desk.opens(value));
}

TEST_CASE("No bit of a session can be changed, and no other secret signs one") {
    Desk desk;
    const ApiToken token = desk.make();
    const std::string value = desk.sessions.open(token);
    for (size_t i = 0; i < value.size(); ++i) {
        std::string changed = value;
        changed[i] = changed[i] == '0' ? '1' : '0';
        CHECK_FALSE(desk.opens(changed));
    }
    for (const std::string& wrong :
         {std::string(), std::string("."), std::string(".."), value + "0", value.substr(0, value.size() - 1),
          value + "." + value, std::string(100'000, '.'),
          token.id + ".99999999999999999999." + std::string(64, '0')})
        CHECK_FALSE(desk.opens(wrong));
    PageSessions other("another secret", desk.tokens, desk.store, desk.clock);
    CHECK_FALSE(desk.opens(other.open(token)));
}

TEST_CASE("Signing out ends the session with all its renewals, and no other one") {
    Desk desk;
    const ApiToken token = desk.make();
    const std::string first = desk.sessions.open(token);
    const std::string elsewhere = desk.sessions.open(token);
    desk.clock.advance(std::chrono::days(10));
    const auto session = desk.sessions.find(first);
    REQUIRE((session && *session));
    const std::string renewed = desk.sessions.renew(**session);
    CHECK(renewed != first);
    CHECK(desk.opens(renewed));

    REQUIRE(desk.sessions.end(renewed));
    CHECK_FALSE(desk.opens(renewed));
    CHECK_FALSE(desk.opens(first));
    CHECK(desk.opens(elsewhere));
    CHECK(desk.opens(desk.sessions.open(token)));
    // Also for whoever starts afterwards, as long as a cookie of it may be about.
    desk.clock.advance(std::chrono::days(29));
    PageSessions restarted("a secret of the server", desk.tokens, desk.store, desk.clock);
    const auto found = restarted.find(renewed);
    REQUIRE(found);
    CHECK_FALSE(found->has_value());
}

TEST_CASE("A session that another process ended is over within seconds") {
    Desk desk;
    const std::string value = desk.sessions.open(desk.make());
    CHECK(desk.opens(value));
    PageSessions other("a secret of the server", desk.tokens, desk.store, desk.clock);
    REQUIRE(other.end(value));
    desk.clock.step_wall(-std::chrono::hours(2));  // whatever the wall clock says
    desk.clock.advance(std::chrono::seconds(3));
    CHECK_FALSE(desk.opens(value));
}

TEST_CASE("Nobody ends a session without its signed value") {
    Desk desk;
    const std::string value = desk.sessions.open(desk.make());
    for (const std::string& wrong : {std::string(), value + "0", value.substr(0, value.size() - 1),
                                     "x" + value, value.substr(0, value.rfind('.')), std::string(500, 'a')})
        CHECK(desk.sessions.end(wrong));
    CHECK(desk.opens(value));
    // As cookies were before they had an id of their own.
    CHECK_FALSE(desk.opens("1a2b3c4d5e.1798012800." + std::string(64, '0')));
}

TEST_CASE("A sign-out that cannot be written says so, and counts here") {
    Desk desk;
    const std::string value = desk.sessions.open(desk.make());
    desk.store.failing = true;
    CHECK_FALSE(desk.sessions.end(value));
    desk.store.failing = false;
    CHECK_FALSE(desk.opens(value));
    REQUIRE(desk.sessions.end(value));
}

TEST_CASE("A store that cannot be asked opens nothing, and says so") {
    Desk desk;
    const std::string value = desk.sessions.open(desk.make());
    desk.store.failing = true;
    CHECK_FALSE(desk.sessions.find(value));
}

}  // namespace page_sessions_test
