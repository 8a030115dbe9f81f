// What waits to be told to people: claims, order, what is overtaken, and crashes at any moment.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "store/store_fixture.h"
#include "support/case_count.h"

namespace outbox_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Instant noon = at("2026-03-02T12:00:00Z");
constexpr std::chrono::minutes claim_time{10};

OutboxMessage message_of(const std::string& id, const std::string& about, const std::string& to,
                         const std::string& method, Instant created = noon) {
    OutboxMessage message;
    message.id = id;
    message.team = "payments";
    message.kind = method.empty() ? "swap" : method == "CANCEL" ? "cancellation" : "invitation";
    message.about = about;
    message.recipient = member(to);
    message.subject = "Zürich is down";
    message.text = "one\ntwo";
    message.calendar = method.empty() ? "" : "BEGIN:VCALENDAR\r\n";
    message.calendar_method = method;
    message.created_at = created;
    return message;
}

OutboxClaim claim_at(Instant now, const std::string& worker = "one", int limit = 50) {
    return {worker, now, now + claim_time, limit};
}

std::vector<std::string> ids_of(const Result<std::vector<OutboxEntry>>& entries) {
    REQUIRE(entries.has_value());
    std::vector<std::string> ids;
    for (const OutboxEntry& entry : *entries) ids.push_back(entry.message.id);
    return ids;
}

std::map<std::string, DeliveryState> states_of(Store& store) {
    const auto entries = store.outbox("", "", 1000);
    REQUIRE(entries.has_value());
    std::map<std::string, DeliveryState> states;
    for (const OutboxEntry& entry : *entries) states[entry.message.id] = entry.state;
    return states;
}

DeliveryOutcome sent_at(Instant now) { return {DeliveryState::sent, now, {}, "", true}; }
DeliveryOutcome again_at(Instant now, Instant next) {
    return {DeliveryState::queued, now, next, "450: try again later", true};
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("A message comes out as it was written, and writing it again changes nothing") {
    const auto store = open(":memory:");
    const OutboxMessage message = message_of("a", "i1", "bob@example.com", "REQUEST");
    REQUIRE(store->add_to_outbox({message, message_of("b", "s1", "eve@example.com", "")}));
    OutboxMessage other = message;
    other.subject = "another subject";
    REQUIRE(store->add_to_outbox({other}));
    const auto claimed = store->claim_outbox(claim_at(noon)).value();
    REQUIRE(claimed.size() == 2);
    CHECK(claimed[0].message == message);
    CHECK(claimed[0].claimed_by == "one");
    CHECK(claimed[0].claimed_until == noon + claim_time);
    CHECK(ids_of(store->outbox("", "", 10)) == Ids{"b", "a"});
    CHECK(ids_of(store->outbox("payments", "s1", 10)) == Ids{"b"});
    CHECK(ids_of(store->outbox("search", "", 10)).empty());
    CHECK(ids_of(store->outbox("", "", 1)) == Ids{"b"});
}

TEST_CASE("A claim keeps others away until it expires, and whoever lost it settles nothing") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("a", "s1", "bob@example.com", "")}));
    CHECK(ids_of(store->claim_outbox(claim_at(noon - Duration(1), "one"))).empty());
    CHECK(ids_of(store->claim_outbox(claim_at(noon, "one"))) == Ids{"a"});
    CHECK(ids_of(store->claim_outbox(claim_at(noon + claim_time - Duration(1), "two"))).empty());
    CHECK(ids_of(store->claim_outbox(claim_at(noon + claim_time, "two"))) == Ids{"a"});
    CHECK(store->settle_outbox("a", "one", sent_at(noon + claim_time)).value() == false);
    CHECK(states_of(*store)["a"] == DeliveryState::queued);
    CHECK(store->settle_outbox("a", "two", sent_at(noon + claim_time)).value() == true);
    CHECK(store->settle_outbox("a", "two", sent_at(noon + claim_time)).value() == false);
    CHECK(states_of(*store)["a"] == DeliveryState::sent);
    CHECK(ids_of(store->claim_outbox(claim_at(noon + std::chrono::hours(24), "two"))).empty());
}

TEST_CASE("What failed for now waits for its next attempt, and what was given back counts as never tried") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("a", "s1", "bob@example.com", "")}));
    REQUIRE(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"a"});
    const Instant later = noon + std::chrono::minutes(1);
    REQUIRE(store->settle_outbox("a", "one", again_at(noon, later)).value());
    CHECK(store->outbox_summary(Transport::mail).value() == OutboxSummary{1, 0, noon, later});
    CHECK(ids_of(store->claim_outbox(claim_at(later - Duration(1)))).empty());
    const auto claimed = store->claim_outbox(claim_at(later)).value();
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].attempts == 1);
    CHECK(claimed[0].last_error == "450: try again later");
    CHECK(store->outbox_summary(Transport::mail).value().next_due == later + claim_time);
    REQUIRE(store->settle_outbox("a", "one", {DeliveryState::queued, later, later, "", false}).value());
    CHECK(store->claim_outbox(claim_at(later)).value().at(0).attempts == 1);
    REQUIRE(store->settle_outbox("a", "one", {DeliveryState::failed, later, {}, "550: no such user", true})
                .value());
    CHECK(store->outbox_summary(Transport::mail).value() == OutboxSummary{0, 1, std::nullopt, std::nullopt});

    CHECK(store->retry_outbox("b", later).error().code == ErrorCode::not_found);
    REQUIRE(store->retry_outbox("a", later));
    CHECK(store->claim_outbox(claim_at(later)).value().at(0).attempts == 0);
}

TEST_CASE("Whatever waits can be asked for again, unless somebody is sending it or it is settled") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("a", "s1", "bob@example.com", "")}));
    const OutboxClaim claim{"one", noon, noon + Duration(10), 1};
    REQUIRE(ids_of(store->claim_outbox(claim)) == Ids{"a"});
    const auto refused = store->retry_outbox("a", noon + Duration(9));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().message == "the message is being sent right now: look again in a minute");
    SECTION("its claim has expired") { CHECK(store->retry_outbox("a", noon + Duration(10))); }
    SECTION("its process has ended") {
        CHECK(store->outbox_claimants().value() == Ids{"one"});
        REQUIRE(store->free_outbox_claims("one", noon + Duration(1)));
        CHECK(store->retry_outbox("a", noon + Duration(1)));
        CHECK(ids_of(store->claim_outbox(claim_at(noon + Duration(1), "two"))) == Ids{"a"});
    }
    SECTION("its claim is from before the clock was set back") {
        CHECK(store->retry_outbox("a", noon - std::chrono::hours(2)));
        CHECK(ids_of(store->claim_outbox({"two", noon - std::chrono::hours(2),
                                          noon - std::chrono::hours(2) + Duration(10)})) == Ids{"a"});
    }
    SECTION("it waits for its next attempt") {
        REQUIRE(store->settle_outbox("a", "one", again_at(noon, noon + Duration(300))).value());
        REQUIRE(store->retry_outbox("a", noon + Duration(5)));
        const auto again = store->claim_outbox(claim_at(noon + Duration(5))).value();
        REQUIRE(again.size() == 1);
        CHECK(again[0].attempts == 1);  // what takes it back is still to be sent
    }
    SECTION("it was sent") {
        REQUIRE(store->settle_outbox("a", "one", sent_at(noon)).value());
        CHECK(store->retry_outbox("a", noon).error().code == ErrorCode::conflict);
    }
}

TEST_CASE("Claims are renewed by who has them, and by nobody else") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("a", "s1", "bob@example.com", "")}));
    REQUIRE(store->claim_outbox({"one", noon, noon + Duration(10), 1}));
    REQUIRE(store->renew_outbox_claims("two", {"a"}, noon + Duration(100)));
    CHECK(store->outbox("", "", 1).value()[0].claimed_until == noon + Duration(10));
    REQUIRE(store->renew_outbox_claims("one", {"a", "unknown"}, noon + Duration(19)));
    CHECK(store->outbox("", "", 1).value()[0].claimed_until == noon + Duration(19));
    REQUIRE(store->settle_outbox("a", "one", again_at(noon, noon)).value());
    REQUIRE(store->renew_outbox_claims("one", {"a"}, noon + Duration(29)));
    CHECK_FALSE(store->outbox("", "", 1).value()[0].claimed_until);
}

TEST_CASE("A later change does not wait behind the claim of a process that has ended") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("a0", "i1", "bob@example.com", "REQUEST")}));
    REQUIRE(ids_of(store->claim_outbox(claim_at(noon, "ended"))) == Ids{"a0"});
    REQUIRE(store->add_to_outbox({message_of("a1", "i1", "bob@example.com", "CANCEL")}));
    CHECK_FALSE(store->has_due_outbox(claim_at(noon, "two")).value());
    REQUIRE(store->free_outbox_claims("ended", noon));
    CHECK(store->has_due_outbox(claim_at(noon, "two")).value());
    // It may have been sent: what takes it back goes out.
    CHECK(ids_of(store->claim_outbox(claim_at(noon, "two"))) == Ids{"a1"});
    CHECK(states_of(*store)["a0"] == DeliveryState::dropped);
}

TEST_CASE("An invitation that was claimed and never settled counts as tried, also when it is given back") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("r0", "i1", "bob@example.com", "REQUEST")}));
    REQUIRE(store->claim_outbox(claim_at(noon, "ended")));
    REQUIRE(store->free_outbox_claims("ended", noon));
    REQUIRE(store->claim_outbox(claim_at(noon, "two")));
    REQUIRE(store->settle_outbox("r0", "two", {DeliveryState::queued, noon, noon, "", false}).value());
    REQUIRE(store->add_to_outbox({message_of("c1", "i1", "bob@example.com", "CANCEL")}));
    CHECK(ids_of(store->claim_outbox(claim_at(noon, "two"))) == Ids{"c1"});
}

TEST_CASE("What waits goes by priority, then what was never tried, then the oldest") {
    const auto store = open(":memory:");
    const auto add = [&](const std::string& id, MessagePriority priority, bool tried) {
        OutboxMessage message = message_of(id, "about-" + id, "bob@example.com", "");
        message.priority = priority;
        REQUIRE(store->add_to_outbox({message}));
        if (!tried) return;
        REQUIRE(store->retry_outbox(id, noon - Duration(1)));  // due before all others
        REQUIRE(ids_of(store->claim_outbox({"one", noon - Duration(1), noon, 1})) == Ids{id});
        REQUIRE(store->settle_outbox(id, "one", again_at(noon, noon)).value());
    };
    add("n0t", MessagePriority::normal, true);
    add("n1t", MessagePriority::normal, true);
    add("u2t", MessagePriority::urgent, true);
    add("n3", MessagePriority::normal, false);
    add("u4", MessagePriority::urgent, false);
    add("n5", MessagePriority::normal, false);
    OutboxClaim claim = claim_at(noon);
    SECTION("in that order") {
        CHECK(ids_of(store->claim_outbox(claim)) == Ids{"u4", "u2t", "n3", "n5", "n0t", "n1t"});
        CHECK(store->outbox("", "about-u4", 1).value()[0].message.priority == MessagePriority::urgent);
    }
    SECTION("with few that were tried") {
        claim.most_retries = 1;
        CHECK(ids_of(store->claim_outbox(claim)) == Ids{"u4", "u2t", "n3", "n5"});
    }
    SECTION("with none, though those fill the number") {
        claim.most_retries = 0;
        claim.limit = 2;
        CHECK(ids_of(store->claim_outbox(claim)) == Ids{"u4", "n3"});
        CHECK(ids_of(store->claim_outbox(claim)) == Ids{"n5"});
        CHECK_FALSE(store->has_due_outbox(claim).value());
        claim.most_retries = 1;
        CHECK(store->has_due_outbox(claim).value());
    }
    SECTION("whatever their priority, to see whether the server works") {
        claim.untried_first = true;
        claim.limit = 4;
        CHECK(ids_of(store->claim_outbox(claim)) == Ids{"u4", "n3", "n5", "u2t"});
    }
}

TEST_CASE(
    "Plain mails about one thing to one person stay in order, and wait for no more than some refusals") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox(
        {message_of("a", "s1", "bob@example.com", ""), message_of("b", "s1", "bob@example.com", ""),
         message_of("c", "s2", "bob@example.com", ""), message_of("d", "s1", "eve@example.com", "")}));
    CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"a", "c", "d"});
    for (int refusal = 1; refusal <= 4; ++refusal) {
        CHECK(ids_of(store->claim_outbox(claim_at(noon))).empty());
        REQUIRE(store->settle_outbox("a", "one", again_at(noon, noon + Duration(60))).value());
        if (refusal == 4) break;
        CHECK(ids_of(store->claim_outbox(claim_at(noon))).empty());
        REQUIRE(store->retry_outbox("a", noon));
        REQUIRE(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"a"});
    }
    CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"b"});
}

TEST_CASE("What is to wait for longer than anything does is due: the wall clock was set back") {
    const auto store = open(":memory:");
    REQUIRE(
        store->add_to_outbox({message_of("a", "s1", "bob@example.com", "", noon - std::chrono::hours(1))}));
    const OutboxClaim claim{"one", noon, noon + Duration(10), 1};
    REQUIRE(store->claim_outbox(claim));
    const auto due_at = [&](Instant now) {
        return store->has_due_outbox({"two", now, now + Duration(10), 1}).value();
    };
    CHECK_FALSE(due_at(noon - Duration(10)));  // the clocks of two machines are never the same
    CHECK(due_at(noon - Duration(11)));
    REQUIRE(store->settle_outbox("a", "one", again_at(noon, noon + Duration(5))).value());
    CHECK_FALSE(due_at(noon));
    CHECK_FALSE(due_at(noon - Duration(85)));
    CHECK(due_at(noon - Duration(86)));
    CHECK(due_at(noon + Duration(5)));
    // After many attempts it may wait for long.
    for (int attempt = 1; attempt < 8; ++attempt) {
        REQUIRE(store->retry_outbox("a", noon));
        REQUIRE(store->claim_outbox(claim)->size() == 1);
        REQUIRE(store->settle_outbox("a", "one", again_at(noon, noon + std::chrono::minutes(30))).value());
    }
    CHECK_FALSE(due_at(noon));
    CHECK(due_at(noon - std::chrono::minutes(10)));
    // What was never tried waits for nothing.
    REQUIRE(store->add_to_outbox({message_of("b", "s2", "bob@example.com", "", noon)}));
    CHECK_FALSE(due_at(noon - Duration(1)));
    CHECK(due_at(noon - Duration(11)));
}

TEST_CASE("Whether the database can be written is asked without a change, and a lock is no trouble") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    CHECK(store->check_writable());
    soci::session sql(soci::sqlite3, "db=\"" + dir.file("watchbill.db") + "\"");
    sql << "BEGIN IMMEDIATE";
    CHECK(store->check_writable());
    sql << "ROLLBACK";
    REQUIRE(store->add_to_outbox({message_of("a", "s1", "bob@example.com", "")}));
}

TEST_CASE("A newer invitation overtakes the older one that waits") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("a0", "i1", "bob@example.com", "REQUEST"),
                                  message_of("b0", "i1", "eve@example.com", "REQUEST"),
                                  message_of("c0", "i2", "bob@example.com", "REQUEST"),
                                  message_of("d0", "i1", "bob@example.com", "")}));
    REQUIRE(store->add_to_outbox({message_of("a1", "i1", "bob@example.com", "REQUEST")}));
    CHECK(states_of(*store)["a0"] == DeliveryState::dropped);
    CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"b0", "c0", "d0", "a1"});
}

TEST_CASE("A newer invitation waits for the older one that a worker is at, and then overtakes it") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox({message_of("a0", "i1", "bob@example.com", "REQUEST")}));
    REQUIRE(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"a0"});
    REQUIRE(store->add_to_outbox({message_of("a1", "i1", "bob@example.com", "CANCEL")}));
    CHECK(ids_of(store->claim_outbox(claim_at(noon, "two"))).empty());
    SECTION("it was sent") {
        REQUIRE(store->settle_outbox("a0", "one", sent_at(noon)).value());
        CHECK(ids_of(store->claim_outbox(claim_at(noon, "two"))) == Ids{"a1"});
        CHECK(states_of(*store)["a0"] == DeliveryState::sent);
    }
    SECTION("it failed for now: it may have arrived, so that the cancellation goes out") {
        REQUIRE(store->settle_outbox("a0", "one", again_at(noon, noon)).value());
        CHECK(ids_of(store->claim_outbox(claim_at(noon, "two"))) == Ids{"a1"});
        CHECK(states_of(*store)["a0"] == DeliveryState::dropped);
    }
    SECTION("the worker died") {
        CHECK(ids_of(store->claim_outbox(claim_at(noon + claim_time, "two"))) == Ids{"a1"});
        CHECK(states_of(*store)["a0"] == DeliveryState::dropped);
        CHECK_FALSE(store->settle_outbox("a0", "one", sent_at(noon)).value());
    }
}

TEST_CASE("Who was provably never sent an invitation is not sent its cancellation") {
    const auto store = open(":memory:");
    const auto add = [&](const std::string& id, const std::string& method) {
        REQUIRE(store->add_to_outbox({message_of(id, "i1", "bob@example.com", method)}));
    };
    SECTION("never tried") {
        add("r0", "REQUEST");
        add("r1", "REQUEST");
        add("c2", "CANCEL");
        CHECK(ids_of(store->claim_outbox(claim_at(noon))).empty());
        CHECK(store->outbox_summary(Transport::mail).value() == OutboxSummary{});
        add("r3", "REQUEST");  // invited after all
        CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"r3"});
    }
    SECTION("an earlier one was sent") {
        add("r0", "REQUEST");
        REQUIRE(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"r0"});
        REQUIRE(store->settle_outbox("r0", "one", sent_at(noon)).value());
        add("r1", "REQUEST");
        add("c2", "CANCEL");
        CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"c2"});
        CHECK(states_of(*store)["r1"] == DeliveryState::dropped);
    }
    SECTION("an earlier one was tried, and overtaken") {
        add("r0", "REQUEST");
        REQUIRE(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"r0"});
        REQUIRE(store->settle_outbox("r0", "one", again_at(noon, noon + claim_time)).value());
        add("r1", "REQUEST");
        add("c2", "CANCEL");
        CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"c2"});
    }
    SECTION("an earlier one was given back untouched") {
        add("r0", "REQUEST");
        REQUIRE(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"r0"});
        REQUIRE(store->settle_outbox("r0", "one", {DeliveryState::queued, noon, noon, "", false}).value());
        add("c2", "CANCEL");
        CHECK(ids_of(store->claim_outbox(claim_at(noon))).empty());
    }
    SECTION("nothing was ever written: it may have been invited another way") {
        add("c2", "CANCEL");
        CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"c2"});
    }
}

TEST_CASE("A damaged message is not sent and does not hold up the others") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->add_to_outbox(
        {message_of("a", "s1", "bob@example.com", ""), message_of("b", "s1", "bob@example.com", "")}));
    {
        soci::session sql(soci::sqlite3, "db=\"" + dir.file("watchbill.db") + "\"");
        sql << "UPDATE outbox SET recipient = 'eve@example.com' WHERE id = 'a'";
    }
    CHECK(ids_of(store->claim_outbox(claim_at(noon))) == Ids{"b"});
    CHECK(store->outbox_summary(Transport::mail).value().failed == 1);
    CHECK(store->outbox("", "", 10).error().code == ErrorCode::damaged);
}

TEST_CASE("Settled messages are forgotten with their content") {
    const auto store = open(":memory:");
    REQUIRE(store->add_to_outbox(
        {message_of("a", "s1", "bob@example.com", ""), message_of("b", "s1", "bob@example.com", "")}));
    REQUIRE(store->claim_outbox(claim_at(noon)));
    REQUIRE(store->settle_outbox("a", "one", sent_at(noon)));
    REQUIRE(store->forget_outbox(noon));
    CHECK(states_of(*store).size() == 2);
    REQUIRE(store->forget_outbox(noon + Duration(1)));
    CHECK(ids_of(store->outbox("", "", 10)) == Ids{"b"});
}

TEST_CASE("Workers of several processes share the outbox: each message is taken by exactly one") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    constexpr int messages = 120;
    {
        const auto store = open(path);
        std::vector<OutboxMessage> all;
        for (int i = 0; i < messages; ++i)
            all.push_back(
                message_of("m" + std::to_string(i), "s" + std::to_string(i), "bob@example.com", ""));
        REQUIRE(store->add_to_outbox(all));
    }
    std::mutex mutex;
    std::map<std::string, int> taken;
    std::atomic<int> failures = 0;
    std::vector<std::thread> workers;
    for (int number = 0; number < 3; ++number) {
        workers.emplace_back([&, number] {
            const std::string name = "worker" + std::to_string(number);
            const auto store = open_store("sqlite:" + path, StoreOptions{std::chrono::seconds(60)});
            if (!store) {
                ++failures;
                return;
            }
            for (;;) {
                const auto claimed = (*store)->claim_outbox(claim_at(noon, name, 7));
                if (!claimed) {
                    ++failures;
                    return;
                }
                if (claimed->empty()) return;
                for (const OutboxEntry& entry : *claimed) {
                    {
                        const std::lock_guard lock(mutex);
                        ++taken[entry.message.id];
                    }
                    const auto settled = (*store)->settle_outbox(entry.message.id, name, sent_at(noon));
                    if (!settled || !*settled) ++failures;
                }
            }
        });
    }
    for (std::thread& worker : workers) worker.join();
    CHECK(failures == 0);
    CHECK(taken.size() == messages);
    for (const auto& [id, times] : taken) CHECK(times == 1);
}

namespace {

// Random workers that crash before, during and after the delivery, and what a recipient's calendar makes of
// the mails: the highest SEQUENCE counts.
class Schedule {
public:
    explicit Schedule(unsigned seed) : random_(seed) {}

    void run() {
        const int steps = 10 + number(40);
        for (int i = 0; i < steps; ++i) step();
        drain();
        check();
    }

private:
    struct Held {
        std::string worker;
        OutboxEntry entry;
    };

    int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    void step() {
        switch (number(5)) {
            case 0: write(); break;
            case 1: claim("w" + std::to_string(number(3))); break;
            case 2:
            case 3: finish(); break;
            default: now_ += std::chrono::seconds(number(900)); break;
        }
    }

    void write() {
        const std::string about = "i" + std::to_string(number(2));
        const std::string to = number(2) == 0 ? "bob@example.com" : "eve@example.com";
        const std::string method = number(3) == 0 ? "CANCEL" : "REQUEST";
        const int sequence = next_sequence_++;
        const std::string id = about + "-" + std::to_string(sequence);
        REQUIRE(store_->add_to_outbox({message_of(id, about, to, method, now_)}));
        written_[about + to].push_back({sequence, method});
    }

    void claim(const std::string& worker) {
        const auto claimed = store_->claim_outbox(claim_at(now_, worker, 1 + number(3)));
        REQUIRE(claimed.has_value());
        for (const OutboxEntry& entry : *claimed) {
            for (const Held& held : held_) {
                if (held.entry.message.id == entry.message.id) CHECK(held.entry.claimed_until <= now_);
            }
            held_.push_back({worker, entry});
        }
    }

    void finish() {
        if (held_.empty()) return;
        const size_t index = static_cast<size_t>(number(static_cast<int>(held_.size())));
        const Held held = held_[index];
        held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(index));
        const int fate = number(5);
        if (fate == 0) return;  // it died before it did anything
        // A worker lets go of what it can no longer finish in time.
        if (held.entry.claimed_until <= now_) return;
        if (fate == 1) {
            REQUIRE(store_->settle_outbox(held.entry.message.id, held.worker,
                                          {DeliveryState::queued, now_, now_, "", false}));
            return;
        }
        if (fate != 2) deliver(held.entry.message);
        if (fate == 3) return;  // it died before it could say so
        REQUIRE(store_->settle_outbox(
            held.entry.message.id, held.worker,
            fate == 2 ? again_at(now_, now_ + std::chrono::seconds(number(300))) : sent_at(now_)));
    }

    void deliver(const OutboxMessage& message) {
        const int sequence = std::stoi(message.id.substr(message.id.find('-') + 1));
        std::vector<int>& received = received_[message.about + message.recipient.email()];
        if (!received.empty()) CHECK(received.back() <= sequence);  // never out of order
        received.push_back(sequence);
    }

    void drain() {
        held_.clear();
        now_ += std::chrono::hours(1);
        for (;;) {
            const auto claimed = store_->claim_outbox(claim_at(now_, "last"));
            REQUIRE(claimed.has_value());
            if (claimed->empty()) break;
            for (const OutboxEntry& entry : *claimed) {
                deliver(entry.message);
                REQUIRE(store_->settle_outbox(entry.message.id, "last", sent_at(now_)).value());
            }
        }
        CHECK(store_->outbox_summary(Transport::mail).value().queued == 0);
    }

    void check() {
        for (const auto& [who, messages] : written_) {
            INFO(who);
            const auto& [sequence, method] = messages.back();
            const std::vector<int>& received = received_[who];
            if (method == "REQUEST" || !received.empty() || messages.size() == 1) {
                REQUIRE_FALSE(received.empty());
                CHECK(received.back() == sequence);
            }
        }
    }

    std::mt19937 random_;
    std::unique_ptr<Store> store_ = open(":memory:");
    Instant now_ = noon;
    int next_sequence_ = 0;
    std::vector<Held> held_;
    std::map<std::string, std::vector<std::pair<int, std::string>>> written_;
    std::map<std::string, std::vector<int>> received_;
};

}  // namespace

TEST_CASE("Whenever workers die, everybody's calendar ends with the newest message, in order") {
    for (unsigned seed = 1; seed <= test::case_count(1000U); ++seed) {
        INFO("seed " << seed);
        Schedule(seed).run();
    }
}

}  // namespace outbox_test
