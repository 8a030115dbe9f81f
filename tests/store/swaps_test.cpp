#include <catch2/catch.hpp>

#include "store/store_fixture.h"
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
    swap.event_uids = {"uid, \"odd\" \n one"};
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

}  // namespace swaps_test
