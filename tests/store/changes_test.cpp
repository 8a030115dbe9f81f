// What people change through the API: overrides, handover notes, tokens, each with its entry in the audit
// log.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <catch2/catch.hpp>

#include "store/store_fixture.h"
#include "time/format.h"
#include "watchbill/store.h"

namespace changes_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

AuditEntry entry(const char* action, const char* what = "something") {
    return {at("2026-03-02T08:00:00Z"), "token:ops bot", "192.0.2.7", "payments", action, what};
}

Override cover(const char* date, const char* email) {
    return {{"mro", day(date)},
            member(email),
            "swapped in the corridor",
            "token:ops bot",
            at("2026-03-02T08:00:00Z")};
}

constexpr DaySpan march{Day{std::chrono::days(20513)}, Day{std::chrono::days(20544)}};

}  // namespace

TEST_CASE("March is what the tests take for March") {
    CHECK(format_day(march.first) == "2026-03-01");
    CHECK(format_day(march.end) == "2026-04-01");
}

TEST_CASE("Overrides are kept by team and shift, replaced, removed, and survive a restart") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    {
        auto store = open(path);
        REQUIRE(
            store->set_override("payments", cover("2026-03-10", "bob@example.com"), entry("override.set")));
        REQUIRE(
            store->set_override("payments", cover("2026-03-05", "bob@example.com"), entry("override.set")));
        REQUIRE(
            store->set_override("payments", cover("2026-03-05", "alice@example.com"), entry("override.set")));
        REQUIRE(
            store->set_override("payments", cover("2026-04-01", "bob@example.com"), entry("override.set")));
        REQUIRE(store->set_override("search", cover("2026-03-07", "bob@example.com"), entry("override.set")));
    }
    auto store = open(path);
    CHECK(store->overrides("payments", march).value() ==
          std::vector<Override>{cover("2026-03-05", "alice@example.com"),
                                cover("2026-03-10", "bob@example.com")});

    REQUIRE(store->remove_override("payments", {"mro", day("2026-03-05")}, entry("override.removed")));
    CHECK(store->overrides("payments", march).value() ==
          std::vector<Override>{cover("2026-03-10", "bob@example.com")});
    const auto again =
        store->remove_override("payments", {"mro", day("2026-03-05")}, entry("override.removed"));
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::not_found);
    // What did not happen is not in the log: four that were set for payments, five with search's, one
    // removed.
    CHECK(store->audit_log("payments", 100).value().size() == 6);
}

TEST_CASE("A damaged override is reported: nobody is put on duty by it") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    REQUIRE(
        open(path)->set_override("payments", cover("2026-03-10", "bob@example.com"), entry("override.set")));
    {
        soci::session sql(soci::sqlite3, "db=\"" + path + "\"");
        sql << "UPDATE overrides SET member = 'eve@example.com'";
    }
    const auto found = open(path)->overrides("payments", march);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == ErrorCode::damaged);
}

TEST_CASE("Handover notes keep the order in which they were left, also within a second") {
    const TempDir dir;
    auto store = open(dir.file("watchbill.db"));
    const ShiftKey shift{"mro", day("2026-03-10")};
    for (const char* text : {"zebra", "apple", "mango"}) {
        REQUIRE(store->add_handover_note(
            "payments", {shift, text, "alice@example.com", at("2026-03-10T16:00:00Z")}, entry("note.added")));
    }
    REQUIRE(store->add_handover_note(
        "search", {shift, "not ours", "alice@example.com", at("2026-03-10T16:00:00Z")}, entry("note.added")));
    const auto notes = store->handover_notes("payments", march).value();
    REQUIRE(notes.size() == 3);
    CHECK(notes[0].text == "zebra");
    CHECK(notes[1].text == "apple");
    CHECK(notes[2] == HandoverNote{shift, "mango", "alice@example.com", at("2026-03-10T16:00:00Z")});
}

TEST_CASE("The audit log tells a team's changes, the newest first") {
    const TempDir dir;
    auto store = open(dir.file("watchbill.db"));
    for (const char* date : {"2026-03-10", "2026-03-11", "2026-03-12"}) {
        REQUIRE(store->set_override("payments", cover(date, "bob@example.com"), entry("override.set", date)));
    }
    const auto log = store->audit_log("payments", 2).value();
    REQUIRE(log.size() == 2);
    CHECK(log[0] == entry("override.set", "2026-03-12"));
    CHECK(log[1] == entry("override.set", "2026-03-11"));
    CHECK(store->audit_log("search", 2).value().empty());
}

TEST_CASE("The change counter rises with each change of its team, and only with those that happen") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    auto store = open(path);
    auto other_process = open(path);
    const auto counter = [&other_process] { return other_process->change_counter("payments").value(); };
    CHECK(counter() == 0);
    REQUIRE(store->set_override("payments", cover("2026-03-10", "bob@example.com"), entry("override.set")));
    const long long after_one = counter();
    CHECK(after_one > 0);
    REQUIRE_FALSE(store->remove_override("payments", {"mro", day("2026-03-11")}, entry("override.removed")));
    AuditEntry theirs = entry("override.set");
    theirs.team = "search";
    REQUIRE(store->set_override("search", cover("2026-03-10", "bob@example.com"), theirs));
    CHECK(counter() == after_one);
    REQUIRE(store->remove_override("payments", {"mro", day("2026-03-10")}, entry("override.removed")));
    CHECK(counter() > after_one);
}

TEST_CASE("A feed's URL that could not be revoked is not in the log as revoked, nor the other way round") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    auto store = open(path);
    soci::session sql(soci::sqlite3, "db=\"" + path + "\"");
    for (const char* table : {"feed_generations", "audit_log"}) {
        INFO(table);
        sql << std::string("CREATE TRIGGER refuse BEFORE INSERT ON ") + table +
                   " BEGIN SELECT RAISE(ABORT, 'no'); END";
        CHECK_FALSE(store->raise_feed_generation("payments", "rotation", revocation()));
        CHECK(store->feed_generation("payments", "rotation").value() == 0);
        CHECK(store->audit_log("payments", 10).value().empty());
        sql << "DROP TRIGGER refuse";
    }
    CHECK(store->raise_feed_generation("payments", "rotation", revocation()));
}

TEST_CASE("API tokens are found by their digest, note their use and are revoked once") {
    const TempDir dir;
    auto store = open(dir.file("watchbill.db"));
    ApiToken token;
    token.id = "3f9a";
    token.name = "ops bot";
    token.digest = std::string(64, 'a');
    token.scopes = {"read", "incident"};
    token.created_at = at("2026-03-01T00:00:00Z");
    token.expires_at = at("2027-03-01T00:00:00Z");
    REQUIRE(store->add_api_token(token, entry("token.created")));
    CHECK(store->find_api_token(token.digest).value() == token);
    CHECK(store->find_api_token(std::string(64, 'b')).value() == std::nullopt);
    CHECK(store->api_tokens().value() == std::vector<ApiToken>{token});

    REQUIRE(store->touch_api_token("3f9a", at("2026-03-05T00:00:00Z")));
    REQUIRE(store->revoke_api_token("3f9a", entry("token.revoked")));
    token.last_used_at = at("2026-03-05T00:00:00Z");
    token.revoked_at = at("2026-03-02T08:00:00Z");
    CHECK(store->find_api_token(token.digest).value() == token);

    AuditEntry later = entry("token.revoked");
    later.at = at("2026-04-01T00:00:00Z");
    REQUIRE(store->revoke_api_token("3f9a", later));
    CHECK(store->find_api_token(token.digest).value() == token);
    const auto unknown = store->revoke_api_token("beef", later);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::not_found);
}

}  // namespace changes_test
