#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "crypto/crypto.h"
#include "store/migrations.h"
#include "store/store_fixture.h"
#include "store/swap_rows.h"
#include "support/temp_dir.h"

namespace swaps_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Instant noon = at("2026-03-01T12:00:00Z");

Swap example() {
    Swap swap;
    swap.id = "2026-03-10.mro.0123456789abcdef";
    swap.organizer = member("alice@example.com");
    swap.shift = {"mro", day("2026-03-10")};
    swap.shift_when = {at("2026-03-10T08:00:00Z"), at("2026-03-10T17:00:00Z")};
    swap.colleague = member("bob@example.com");
    swap.counter = ShiftKey{"remote", day("2026-03-11")};
    swap.counter_when = Interval{at("2026-03-11T17:00:00Z"), at("2026-03-11T22:00:00Z")};
    swap.state = SwapState::applied;
    swap.consent = SwapConsent::own_event;
    swap.proposed_at = swap.changed_at = noon;
    swap.accepted_at = noon;
    swap.turned_away = {member("carol@example.com")};
    swap.replaced = {{swap.shift, member("dan@example.com"), "dentist", "cli:ops", noon}};
    swap.events = {{"uid, \"odd\" \n one"}, {"uid-2#2026-03-10", true, 2, 5, 3}};
    return swap;
}

Override given(const Swap& swap) { return {swap.shift, *swap.colleague, "swap", "swap:" + swap.id, noon}; }

SwapDecision decision(const Swap& swap) {
    SwapDecision decision;
    decision.team = "payments";
    decision.changes = {{swap, {{noon, SwapState::applied, SwapReason::none, "It is done."}}}};
    decision.overrides = {{swap.shift, std::nullopt, given(swap)}};
    decision.entries = {{noon, "swap:" + swap.id, "", "payments", "swap.applied", "It is done."}};
    OutboxMessage mail;
    mail.id = "swap-1";
    mail.team = "payments";
    mail.kind = "swap";
    mail.about = swap.id;
    mail.recipient = *swap.colleague;
    mail.subject = "Swapped";
    mail.text = "It is done.";
    mail.created_at = noon;
    decision.notices = {mail};
    return decision;
}

}  // namespace

TEST_CASE("What has asked for a swap is remembered, the newest few hundred of each member, until it is old") {
    const TempDir dir;
    auto store = open(dir.file("watchbill.db"));
    const SwapAsk bobs{member("bob@example.com"), "u", member("alice@example.com")};
    SwapDecision one;
    one.team = "payments";
    one.asks = {bobs, {member("bob@example.com"), "u", std::nullopt}};
    one.at = noon;
    REQUIRE_FALSE(one.empty());
    REQUIRE(store->decide_swaps(one));
    REQUIRE(store->decide_swaps(one));
    CHECK(store->swap_asks("payments").value() == std::vector<SwapAsk>{one.asks[1], one.asks[0]});
    CHECK(store->swap_asks("other").value().empty());
    one.asks.clear();
    one.at = noon + std::chrono::hours(24);
    for (int i = 0; i < 300; ++i)
        one.asks.push_back({member("alice@example.com"), "u" + std::to_string(i), std::nullopt});
    REQUIRE(store->decide_swaps(one));
    const auto asks = store->swap_asks("payments").value();
    CHECK(asks.size() == 202);
    CHECK(std::find(asks.begin(), asks.end(), bobs) != asks.end());
    REQUIRE(store->forget_records({"payments", noon + std::chrono::hours(1), day("2026-01-01")}));
    CHECK(store->swap_asks("payments").value().size() == 200);
}

TEST_CASE("A decision is written whole, and read back as it was") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    {
        auto store = open(path);
        REQUIRE(store->decide_swaps(decision(example())));
    }
    auto store = open(path);
    Swap expected = example();
    expected.revision = 1;
    CHECK(store->swaps("payments", day("2026-03-11")).value() == std::vector{expected});
    CHECK(store->swaps("payments", day("2026-03-12")).value().empty());
    CHECK(store->swaps("another", day("2026-03-01")).value().empty());
    const auto history = store->swap_history("payments", expected.id).value();
    REQUIRE(history.size() == 1);
    CHECK(history.front().what == "It is done.");
    CHECK(store->overrides("payments", all_days).value() == std::vector{given(expected)});
    CHECK(store->outbox("payments", expected.id, 10).value().size() == 1);
    CHECK(store->audit_log("payments", 10).value().size() == 1);
}

TEST_CASE("Of two processes that decide at once one is told, and writes nothing") {
    const TempDir dir;
    auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->decide_swaps(decision(example())));
    SECTION("about the same swap") {
        SwapDecision late = decision(example());
        late.overrides.clear();
        const auto refused = store->decide_swaps(late);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
    }
    SECTION("about the same shift") {
        Swap other = example();
        other.id = "another";
        const auto refused = store->decide_swaps(decision(other));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::conflict);
    }
    CHECK(store->swaps("payments", day("2026-03-01")).value().size() == 1);
    CHECK(store->swap_history("payments", example().id).value().size() == 1);
    CHECK(store->audit_log("payments", 10).value().size() == 1);

    Swap next = store->swaps("payments", day("2026-03-01")).value().front();
    next.state = SwapState::withdrawn;
    SwapDecision withdrawal = decision(next);
    withdrawal.overrides = {{next.shift, given(next), std::nullopt}};
    REQUIRE(store->decide_swaps(withdrawal));
    CHECK(store->overrides("payments", all_days).value().empty());
}

TEST_CASE("Of two answers by mail the newer is kept") {
    const TempDir dir;
    auto store = open(dir.file("watchbill.db"));
    SwapReply reply{example().id, member("bob@example.com"), example().counter, true, 1, noon};
    CHECK(store->keep_swap_reply("payments", reply, revocation()).value());
    CHECK_FALSE(store->keep_swap_reply("payments", reply, revocation()).value());
    SwapReply older = reply;
    older.sequence = 0;
    older.dtstamp = noon + std::chrono::hours(1);
    CHECK_FALSE(store->keep_swap_reply("payments", older, revocation()).value());
    reply.dtstamp += std::chrono::minutes(1);
    reply.accepted = false;
    CHECK(store->keep_swap_reply("payments", reply, revocation()).value());
    CHECK(store->swap_replies("payments").value() == std::vector{reply});
    CHECK(store->audit_log("payments", 10).value().size() == 2);
}

TEST_CASE("Answers to several events of one swap, and to one that came back, stand side by side") {
    const TempDir dir;
    auto store = open(dir.file("watchbill.db"));
    const SwapReply first{
        example().id, member("bob@example.com"), example().counter, true, 5, noon, "uid-1", 0};
    SwapReply second = first;
    second.event = "uid-2";
    second.sequence = 0;
    second.dtstamp -= std::chrono::hours(1);
    second.accepted = false;
    SwapReply again = second;
    again.event = first.event;
    again.round = 1;
    for (const SwapReply& reply : {first, second, again})
        CHECK(store->keep_swap_reply("payments", reply, revocation()).value());
    CHECK_FALSE(store->keep_swap_reply("payments", again, revocation()).value());
    CHECK(store->swap_replies("payments").value() == std::vector{first, again, second});
}

TEST_CASE("Swaps and answers of a database from before events were told apart are read") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const auto steps = store::migrations();
    size_t old = steps.size();
    // The step that makes the table of today.
    while (old > 0 && steps[old - 1].front().find("swap_event_replies") == std::string::npos) --old;
    REQUIRE(old > 0);
    {
        soci::session sql(soci::sqlite3, "db=\"" + path + "\"");
        REQUIRE(store::migrate(sql, steps.first(old - 1), "here"));
        Swap swap = example();
        swap.revision = 1;
        store::SwapRow row = store::to_row("payments", swap);
        nlohmann::json body = nlohmann::json::parse(row.body);
        body["event_uids"] = {"uid-1", "uid-2"};
        row.body = body.dump();
        const std::string text =
            row.team + '\n' + row.id + '\n' + row.shift_date + '\n' + row.last_date + "\n1\n" + row.body;
        row.digest = crypto::sha256_hex(text).substr(0, 16);
        sql << "INSERT INTO swaps (team, id, shift_date, last_date, revision, body, digest)"
               " VALUES (:team, :id, :date, :last, 1, :body, :digest)",
            soci::use(row.team), soci::use(row.id), soci::use(row.shift_date), soci::use(row.last_date),
            soci::use(row.body), soci::use(row.digest);
        sql << "INSERT INTO swap_replies (team, swap_id, member, counter_date, counter_rotation, accepted,"
               " sequence, dtstamp) VALUES ('payments', :id, 'bob@example.com', '2026-03-11', 'remote', 1, 4,"
               " 1772366400)",
            soci::use(row.id);
    }
    auto store = open(path);
    const auto swaps = store->swaps("payments", day("2026-03-01")).value();
    REQUIRE(swaps.size() == 1);
    CHECK(swaps.front().events == std::vector<SwapEventRecord>{{"uid-1"}, {"uid-2"}});
    const SwapReply expected{example().id, member("bob@example.com"), example().counter, true, 4, noon};
    CHECK(store->swap_replies("payments").value() == std::vector{expected});
}

}  // namespace swaps_test
