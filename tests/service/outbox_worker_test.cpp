#include "service/outbox_worker.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "service/fakes.h"
#include "service/mail_fakes.h"

namespace outbox_worker_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Instant noon = at("2026-03-02T12:00:00Z");

OutboxMessage message(const std::string& id_of_message, Instant created = noon) {
    OutboxMessage made;
    made.id = id_of_message;
    made.team = "payments";
    made.kind = "swap";
    made.about = "about-" + id_of_message;
    made.recipient = id("bob@example.com");
    made.subject = "secret subject";
    made.text = "secret text";
    made.created_at = created;
    return made;
}

class CountingMeter final : public OutboxMeter {
public:
    void note_waiting(const OutboxSummary& waiting) override { last = waiting; }
    void note_attempt(DeliveryState state) override { ++attempts[state]; }
    OutboxSummary last;
    std::map<DeliveryState, int> attempts;
};

struct Room {
    TempDir folder;
    WatchedStore store{folder.path()};
    FakeClock clock{noon};
    FakeTransport transport;
    CountingMeter meter;
    LogCapture log;
    OutboxWorker worker = make("one", &transport);

    OutboxWorker make(const std::string& name, MessageTransport* with) {
        OutboxWorkerOptions options;
        options.name = name;
        return {store, with, clock, meter, *log.logger, [] { return 0.5; }, options};
    }
    void add(const std::vector<std::string>& ids) {
        for (const std::string& each : ids) REQUIRE(store.add_to_outbox({message(each)}));
    }
    OutboxEntry entry(const std::string& wanted) {
        const auto entries = store.outbox("", "", 1000);
        REQUIRE(entries);
        for (const OutboxEntry& each : *entries) {
            if (each.message.id == wanted) return each;
        }
        FAIL("no " + wanted);
        return {};
    }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("What waits is sent in order, once, and its connection ended") {
    Room room;
    room.add({"a", "b", "c"});
    const Instant next = room.worker.tick();
    CHECK(room.transport.given == Ids{"a", "b", "c"});
    CHECK(room.entry("b").state == DeliveryState::sent);
    CHECK(room.entry("b").settled_at == noon);
    CHECK(next > noon);
    room.clock.advance(std::chrono::hours(1));
    room.worker.tick();
    CHECK(room.transport.given.size() == 3);
    CHECK(room.meter.attempts[DeliveryState::sent] == 3);
    CHECK(room.meter.last.queued == 0);
    CHECK(room.transport.batches >= 1);
}

TEST_CASE("One refused recipient holds nobody up: for now it is tried again, for good it has failed") {
    Room room;
    room.transport.answer = [](const OutboxMessage& mail) -> DeliveryReport {
        if (mail.id == "a") return {Delivery::refused_for_now, "greylisted (451)"};
        if (mail.id == "b") return {Delivery::refused_for_good, "no such user (550)"};
        return {};
    };
    room.add({"a", "b", "c"});
    const Instant next = room.worker.tick();
    CHECK(room.entry("a").state == DeliveryState::queued);
    CHECK(room.entry("a").next_attempt == noon + Duration(5));
    CHECK(next == noon + Duration(5));
    CHECK(room.entry("b").state == DeliveryState::failed);
    CHECK(room.entry("b").last_error == "no such user (550)");
    CHECK(room.entry("c").state == DeliveryState::sent);
    room.transport.answer = [](const OutboxMessage&) { return DeliveryReport{}; };
    room.clock.advance(Duration(4));
    room.worker.tick();
    CHECK(room.entry("a").state == DeliveryState::queued);
    room.clock.advance(Duration(1));
    room.worker.tick();
    CHECK(room.entry("a").state == DeliveryState::sent);
    CHECK(room.entry("a").attempts == 1);
    CHECK(room.log.text.str().find("secret") == std::string::npos);
}

TEST_CASE("A dead server is asked once, not once a mail, and everything goes out once it is back") {
    Room room;
    room.add({"a", "b", "c"});
    room.transport.answer = [](const OutboxMessage&) -> DeliveryReport {
        return {Delivery::no_server, "no connection"};
    };
    room.worker.tick();
    CHECK(room.transport.given == Ids{"a"});
    CHECK(room.entry("b").attempts == 0);
    CHECK_FALSE(room.entry("b").claimed_until);
    for (int i = 0; i < 200; ++i) {
        room.clock.advance(Duration(3));
        room.worker.tick();
    }
    CHECK(room.transport.given.size() < 20);  // 10 minutes, a minute apart in the end
    room.transport.answer = [](const OutboxMessage&) { return DeliveryReport{}; };
    room.clock.advance(std::chrono::minutes(2));
    room.worker.tick();
    for (const char* each : {"a", "b", "c"}) CHECK(room.entry(each).state == DeliveryState::sent);
    const std::string log = room.log.text.str();
    CHECK(log.find("no mail can be sent: no connection") == log.rfind("no mail can be sent: no connection"));
    CHECK(log.find("takes mails again") != std::string::npos);
}

TEST_CASE("A mail is given up after three days, and whoever asks for it again gets some attempts") {
    Room room;
    room.add({"a"});
    room.transport.answer = [](const OutboxMessage&) -> DeliveryReport {
        return {Delivery::refused_for_now, "full (452)"};
    };
    const auto run_for = [&](Duration time) {
        const Instant end = room.clock.now() + time;
        while (room.clock.now() < end) {
            const Instant next = room.worker.tick();
            // Until then it looks every 5 s, and finds nothing to do.
            const OutboxEntry entry = room.entry("a");
            const Instant due = entry.state == DeliveryState::queued ? entry.next_attempt : end;
            room.clock.set(std::max({next, due, room.clock.now() + Duration(1)}));
        }
    };
    run_for(std::chrono::hours(71));
    CHECK(room.entry("a").state == DeliveryState::queued);
    CHECK(room.entry("a").attempts > 100);
    CHECK(room.entry("a").attempts < 300);
    run_for(std::chrono::hours(2));
    CHECK(room.entry("a").state == DeliveryState::failed);
    const size_t before = room.transport.given.size();
    REQUIRE(room.store.retry_outbox("a", room.clock.now()));
    run_for(std::chrono::hours(1));
    CHECK(room.transport.given.size() == before + 5);
    CHECK(room.entry("a").state == DeliveryState::failed);
}

TEST_CASE("Another worker's claim is left alone until it expires") {
    Room room;
    room.add({"a"});
    REQUIRE(room.store.claim_outbox({"dead", noon, noon + Duration(10), 10}));
    room.worker.tick();
    CHECK(room.transport.given.empty());
    room.clock.advance(Duration(9));
    CHECK(room.worker.tick() > room.clock.now());  // it does not spin meanwhile
    CHECK(room.transport.given.empty());
    room.clock.advance(Duration(1));
    room.worker.tick();
    CHECK(room.transport.given == Ids{"a"});
}

TEST_CASE("A slow server does not make the worker outstay its claims") {
    Room room;
    room.add({"a", "b", "c", "d"});
    room.transport.answer = [&](const OutboxMessage&) {
        room.clock.advance(Duration(59));
        return DeliveryReport{};
    };
    OutboxWorkerOptions options;
    options.name = "hurried";
    options.claim = Duration(120);
    OutboxWorker worker(
        room.store, &room.transport, room.clock, room.meter, *room.log.logger, [] { return 0.5; }, options);
    worker.tick();
    // Two fit into a claim; the rest was given back and claimed anew.
    CHECK(room.transport.given == Ids{"a", "b", "c", "d"});
    for (const char* each : {"a", "b", "c", "d"}) CHECK(room.entry(each).attempts == 0);
    CHECK(room.log.text.str().find("expired") == std::string::npos);
}

TEST_CASE("A mail that was sent and could not be settled is settled later, and not sent again") {
    Room room;
    room.add({"a", "b"});
    room.transport.answer = [&](const OutboxMessage&) {
        room.store.failing = true;
        return DeliveryReport{};
    };
    room.worker.tick();
    room.transport.answer = [](const OutboxMessage&) { return DeliveryReport{}; };
    for (int i = 0; i < 20; ++i) {
        room.clock.advance(Duration(30));
        room.worker.tick();
    }
    CHECK(room.transport.given == Ids{"a"});
    room.store.failing = false;
    CHECK(room.entry("a").state == DeliveryState::queued);
    room.clock.advance(Duration(30));
    room.worker.tick();
    CHECK(room.transport.given == Ids{"a", "b"});
    CHECK(room.entry("a").state == DeliveryState::sent);
    CHECK(room.entry("a").attempts == 0);
}

TEST_CASE(
    "A mail that was sent by a process that died before it was settled is sent again, under the same id") {
    Room room;
    room.add({"a"});
    room.transport.answer = [&](const OutboxMessage&) {
        room.store.failing = true;
        return DeliveryReport{};
    };
    room.worker.tick();
    room.store.failing = false;
    CHECK(room.entry("a").state == DeliveryState::queued);
    room.transport.answer = [](const OutboxMessage&) { return DeliveryReport{}; };
    room.clock.advance(Duration(10));
    OutboxWorker next = room.make("two", &room.transport);
    next.tick();
    CHECK(room.transport.given == Ids{"a", "a"});
    CHECK(room.entry("a").state == DeliveryState::sent);
    CHECK(room.entry("a").attempts == 1);
}

TEST_CASE("Without a transport mails wait and are counted") {
    Room room;
    room.add({"a"});
    OutboxWorker counting = room.make("two", nullptr);
    counting.tick();
    CHECK(room.entry("a").state == DeliveryState::queued);
    CHECK(room.meter.last.queued == 1);
    CHECK(room.meter.last.oldest_queued == noon);
}

TEST_CASE(
    "A worker on its thread sends when it is rung, and ends when told, giving back what it did not send") {
    Room room;
    room.add({"a", "b"});
    room.transport.answer = [&](const OutboxMessage&) {
        room.worker.stop();
        return DeliveryReport{};
    };
    std::thread thread([&] { room.worker.run(); });
    room.worker.ring();
    thread.join();
    CHECK(room.transport.given == Ids{"a"});
    CHECK(room.entry("a").state == DeliveryState::sent);
    CHECK(room.entry("b").attempts == 0);
    CHECK_FALSE(room.entry("b").claimed_until);
}

TEST_CASE("Delays double up to their caps and never end early") {
    CHECK(retry_delay(1, Duration(0), 0.5) == Duration(5));
    CHECK(retry_delay(2, Duration(0), 0.5) == Duration(10));
    CHECK(retry_delay(7, Duration(600), 0.5) == std::chrono::minutes(5));
    CHECK(retry_delay(100, Duration(600), 0.5) == std::chrono::minutes(5));
    CHECK(retry_delay(100, std::chrono::hours(5), 0.5) == std::chrono::minutes(30));
    CHECK(retry_delay(100, std::chrono::hours(72), 0.5) == std::nullopt);
    CHECK(retry_delay(4, std::chrono::hours(100), 0.5) == Duration(40));
    CHECK(retry_delay(5, std::chrono::hours(100), 0.5) == std::nullopt);
    CHECK(retry_delay(1, Duration(0), 0.0) == Duration(4));
    CHECK(retry_delay(1, Duration(0), 0.999) == Duration(6));
    CHECK(server_pause(1, 0.5) == Duration(5));
    CHECK(server_pause(1000, 0.5) == Duration(60));
}

}  // namespace outbox_worker_test
