#include "service/api_tokens.h"

#include <catch2/catch.hpp>
#include <thread>

#include "crypto/crypto.h"
#include "service/fakes.h"

namespace api_tokens_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");

struct World {
    NewApiToken make(std::optional<Instant> expires_at = {},
                     std::vector<ApiScope> scopes = {ApiScope::read}) {
        const auto made = make_api_token({"ops bot", std::move(scopes), clock.now(), expires_at});
        REQUIRE(made);
        REQUIRE(store.add_api_token(made->token, entry()));
        return *made;
    }
    void revoke(const NewApiToken& made) { REQUIRE(store.revoke_api_token(made.token.id, entry())); }
    AuditEntry entry() const { return {clock.now(), "cli:test", "", "", "token.test", "a test"}; }
    bool knows(const NewApiToken& made) {
        const auto found = tokens.find(made.secret);
        REQUIRE(found);
        return found->has_value();
    }
    std::optional<Instant> last_use() { return store.api_tokens()->front().last_used_at; }

    TempDir folder;
    FakeClock clock{noon};
    WatchedStore store{folder.path()};
    ApiTokens tokens{store, clock};
};

}  // namespace

TEST_CASE("A new token is 256 random bits, and only its digest is kept") {
    const auto made = make_api_token({"ops bot", {ApiScope::admin, ApiScope::read}, noon, noon + hours(1)});
    REQUIRE(made);
    CHECK(made->secret.size() == 3 + 64);
    CHECK(made->secret.substr(0, 3) == "wb_");
    CHECK(made->secret.find_first_not_of("0123456789abcdef", 3) == std::string::npos);
    CHECK(made->token.digest == crypto::sha256_hex(made->secret));
    CHECK(made->token.id.size() == 10);
    CHECK(made->secret.find(made->token.id) == std::string::npos);
    CHECK(made->token.scopes == std::vector<std::string>{"read", "admin"});
    CHECK(made->token.created_at == noon);
    CHECK(made->token.expires_at == noon + hours(1));
    CHECK_FALSE(made->token.last_used_at);
    CHECK(make_api_token({"ops bot", {ApiScope::read}, noon})->secret != made->secret);
}

TEST_CASE("Names that would disturb logs and audit entries are refused") {
    for (const std::string& name :
         {std::string(), std::string("a\nb"), std::string("a\x1b[31m"), std::string("\x7f"),
          std::string(101, 'a'), std::string("\xff"), std::string("a\0b", 3)}) {
        INFO(name);
        const auto made = make_api_token({name, {ApiScope::read}, noon});
        REQUIRE_FALSE(made);
        CHECK(made.error().code == ErrorCode::invalid_input);
    }
    CHECK(make_api_token({std::string(100, 'a'), {ApiScope::read}, noon}));
    CHECK_FALSE(make_api_token({"a", {ApiScope::read}, noon, noon}));
}

TEST_CASE("Scopes have names, and admin allows what the others do") {
    for (const ApiScope scope : {ApiScope::read, ApiScope::incident, ApiScope::admin})
        CHECK(scope_from_name(scope_name(scope)) == scope);
    CHECK_FALSE(scope_from_name("Read"));
    CHECK_FALSE(scope_from_name(""));
    ApiToken token;
    CHECK_FALSE(allows(token, ApiScope::read));
    token.scopes = {"incident"};
    CHECK(allows(token, ApiScope::incident));
    CHECK_FALSE(allows(token, ApiScope::read));
    CHECK_FALSE(allows(token, ApiScope::admin));
    token.scopes = {"admin"};
    CHECK(allows(token, ApiScope::read));
    CHECK(allows(token, ApiScope::incident));
    // What a later version may know.
    token.scopes = {"everything"};
    CHECK_FALSE(allows(token, ApiScope::read));
}

TEST_CASE("A token is found by its secret, at once after it was made") {
    World world;
    const NewApiToken first = world.make();
    CHECK(world.knows(first));
    CHECK(world.tokens.find(first.secret)->value().name == "ops bot");
    const auto unmade = make_api_token({"b", {ApiScope::read}, noon});
    CHECK_FALSE(world.knows(*unmade));
    REQUIRE(world.store.add_api_token(unmade->token, world.entry()));
    CHECK(world.knows(*unmade));
}

TEST_CASE("Most requests ask nothing of the store") {
    World world;
    const NewApiToken made = world.make();
    CHECK(world.knows(made));
    world.store.failing = true;
    CHECK(world.knows(made));
    world.clock.advance(seconds(2));
    CHECK(world.knows(made));
    world.clock.advance(seconds(1));
    CHECK_FALSE(world.tokens.find(made.secret));
    world.store.failing = false;
    CHECK(world.knows(made));
}

TEST_CASE("What has not the form of a token is not looked up") {
    World world;
    world.store.failing = true;
    for (const char* text : {"", "wb_", "password", "wb_0123"}) {
        const auto found = world.tokens.find(text);
        REQUIRE(found);
        CHECK_FALSE(found->has_value());
    }
}

TEST_CASE("A revoked token works for three seconds more at most") {
    World world;
    const NewApiToken made = world.make();
    CHECK(world.knows(made));
    world.revoke(made);
    world.clock.advance(seconds(3));
    CHECK_FALSE(world.knows(made));
    CHECK_FALSE(world.knows(made));
}

TEST_CASE("A token ends at its very second, remembered or not") {
    World world;
    const NewApiToken made = world.make(noon + seconds(2));
    CHECK(world.knows(made));
    world.clock.advance(seconds(1));
    CHECK(world.knows(made));
    world.clock.advance(seconds(1));
    CHECK_FALSE(world.knows(made));
}

TEST_CASE("A clock that was set back does not make a revoked token last") {
    World world;
    const NewApiToken made = world.make();
    CHECK(world.knows(made));
    world.revoke(made);
    world.clock.advance(-hours(2));
    CHECK_FALSE(world.knows(made));
}

TEST_CASE("The last use is noted once a minute at most") {
    World world;
    const NewApiToken made = world.make();
    CHECK(world.knows(made));
    CHECK(world.last_use() == noon);
    world.clock.advance(seconds(59));
    CHECK(world.knows(made));
    CHECK(world.last_use() == noon);
    world.clock.advance(seconds(1));
    CHECK(world.knows(made));
    CHECK(world.last_use() == noon + seconds(60));
}

TEST_CASE("A token that is refused was not used") {
    World world;
    const NewApiToken made = world.make();
    world.revoke(made);
    CHECK_FALSE(world.knows(made));
    CHECK_FALSE(world.last_use());
}

TEST_CASE("Many threads ask at once") {
    World world;
    const NewApiToken made = world.make();
    std::atomic<int> found = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 50; ++n) {
                const auto token = world.tokens.find(made.secret);
                if (token && *token) ++found;
            }
        });
    }
    for (int n = 0; n < 20; ++n) world.clock.advance(seconds(1));
    for (std::thread& thread : threads) thread.join();
    CHECK(found == 400);
}

}  // namespace api_tokens_test
