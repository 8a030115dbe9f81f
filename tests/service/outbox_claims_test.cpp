// What the outbox's worker does when processes die, clocks are set, recipients hang and disks are full.
#include <catch2/catch.hpp>
#include <condition_variable>
#include <deque>
#include <set>
#include <thread>

#include "service/fakes.h"
#include "service/mail_fakes.h"
#include "service/outbox_worker.h"

namespace outbox_claims_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;

namespace {

const Instant noon = at("2026-03-02T12:00:00Z");

OutboxMessage message(const std::string& name, MessagePriority priority = MessagePriority::normal) {
    OutboxMessage made;
    made.id = name;
    made.team = "payments";
    made.kind = "swap";
    made.about = "about-" + name;
    made.recipient = id("bob@example.com");
    made.subject = "subject";
    made.text = "text";
    made.created_at = noon;
    made.priority = priority;
    return made;
}

class QuietMeter final : public OutboxMeter {
public:
    std::atomic<int> rounds = 0;  // of the worker: each ends with this
    void note_waiting(const OutboxSummary&) override { ++rounds; }
    void note_attempt(DeliveryState) override {}
};

// A mail server over several connections, which hangs at some mails until it is told otherwise.
class Server {
public:
    class Connection final : public MessageTransport {
    public:
        explicit Connection(Server& server) : server_(server) {}
        DeliveryReport deliver(const OutboxMessage& message, const std::stop_token&) override {
            return server_.deliver(message.id);
        }
        void end_batch() override { server_.end_batch(); }
        Duration longest_delivery() const override { return Duration(60); }

    private:
        Server& server_;
    };

    explicit Server(size_t connections) : connections_(connections, Connection(*this)) {}
    std::vector<MessageTransport*> connections() {
        std::vector<MessageTransport*> all;
        for (Connection& one : connections_) all.push_back(&one);
        return all;
    }
    void hang_at(std::set<std::string> ids) {
        const std::lock_guard lock(mutex_);
        hanging_ = std::move(ids);
        changed_.notify_all();
    }
    void hang_at_ends(bool hang) {
        const std::lock_guard lock(mutex_);
        hanging_at_ends_ = hang;
        changed_.notify_all();
    }
    // Until it holds; false: it did not for half a minute.
    bool wait_until(const std::function<bool(const Server&)>& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return condition(*this); });
    }

    // For conditions, and once the worker has ended.
    std::vector<std::string> begun;
    std::set<std::string> ended;
    size_t under_way = 0;
    size_t most_under_way = 0;
    int ends = 0;  // of connections, begun
    std::function<DeliveryReport(const std::string&)> answer = [](const std::string&) {
        return DeliveryReport{};
    };

private:
    DeliveryReport deliver(const std::string& name) {
        std::unique_lock lock(mutex_);
        begun.push_back(name);
        most_under_way = std::max(most_under_way, ++under_way);
        changed_.notify_all();
        changed_.wait(lock, [&] { return !hanging_.contains(name); });
        --under_way;
        ended.insert(name);
        changed_.notify_all();
        return answer(name);
    }

    void end_batch() {
        std::unique_lock lock(mutex_);
        ++ends;
        changed_.notify_all();
        changed_.wait(lock, [&] { return !hanging_at_ends_; });
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> hanging_;
    bool hanging_at_ends_ = false;
    std::deque<Connection> connections_;
};

struct World {
    TempDir folder;
    WatchedStore store{folder.path()};
    FakeClock clock{noon};
    QuietMeter meter;
    LogCapture log;
    FakeTransport transport;
    StoreHealth health;

    OutboxWorkerOptions options(const std::string& name) {
        OutboxWorkerOptions made;
        made.name = name;
        made.health = &health;
        made.is_gone = [](const std::string& worker) { return worker.starts_with("ended"); };
        return made;
    }
    OutboxWorker make(const std::string& name) {
        return {store, &transport, clock, meter, *log.logger, [] { return 0.5; }, options(name)};
    }
    OutboxWorker make(const std::string& name, Server& server) {
        return {store, server.connections(), clock, meter, *log.logger, [] { return 0.5; }, options(name)};
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
    int complaints() const {
        int lines = 0;
        const std::string text = log.text.str();
        for (size_t at = text.find("[error]"); at != std::string::npos; at = text.find("[error]", at + 1))
            ++lines;
        return lines;
    }
};

// A worker at work on threads of its own, until the end of the block.
class Running {
public:
    explicit Running(OutboxWorker& worker) : worker_(worker), thread_([this] { worker_.run(); }) {}
    ~Running() {
        worker_.stop();
        thread_.join();
    }

private:
    OutboxWorker& worker_;
    std::thread thread_;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("What an ended process had taken is sent at once, and what another one has is left alone") {
    World world;
    world.add({"a", "b"});
    REQUIRE(world.store.claim_outbox({"ended", noon, noon + Duration(10), 1}));
    REQUIRE(world.store.claim_outbox({"alive", noon, noon + Duration(10), 1}));
    OutboxWorker worker = world.make("one");
    worker.tick();
    CHECK(world.transport.given == Ids{"a"});
    // It may have been sent before: that counts as an attempt.
    CHECK(world.entry("a").attempts == 1);
    world.clock.advance(Duration(10));
    worker.tick();
    CHECK(world.transport.given == Ids{"a", "b"});
}

TEST_CASE("Only what is under way is claimed, for seconds, and the claim is renewed as long as that lasts") {
    World world;
    world.add({"a", "b", "c", "d", "e", "f"});
    Server server(2);
    server.hang_at({"a"});
    OutboxWorker worker = world.make("one", server);
    {
        const Running running(worker);
        REQUIRE(server.wait_until([](const Server& s) { return s.ended.size() == 5 && s.under_way == 1; }));
        CHECK(world.entry("a").claimed_until == noon + Duration(10));
        OutboxWorker other = world.make("two");
        for (int renewal = 1; renewal <= 5; ++renewal) {
            world.clock.advance(Duration(9));
            const int before = world.store.renewals;
            while (world.store.renewals == before) {
                worker.ring();
                std::this_thread::yield();
            }
            other.tick();
        }
        CHECK(world.transport.given.empty());
        server.hang_at({});
        REQUIRE(server.wait_until([](const Server& s) { return s.ended.size() == 6; }));
    }
    CHECK(world.entry("a").state == DeliveryState::sent);
    CHECK(server.begun.size() == 6);
}

TEST_CASE("A recipient that hangs holds up nobody else, at its retries too") {
    World world;
    Server server(4);
    server.hang_at({"a"});
    world.add({"a", "b", "c", "d", "e", "f", "g", "h"});
    OutboxWorker worker = world.make("one", server);
    const Running running(worker);
    CHECK(server.wait_until([](const Server& s) { return s.ended.size() == 7 && s.under_way == 1; }));
    CHECK(server.most_under_way <= 4);
    server.hang_at({});
}

TEST_CASE("Mails claimed while all connections are being ended go over them once they have ended") {
    World world;
    Server server(2);
    world.add({"a", "b"});
    OutboxWorker worker = world.make("one", server);
    {
        const Running running(worker);
        REQUIRE(server.wait_until([](const Server& s) { return s.ends == 2; }));
        server.hang_at_ends(true);
        world.add({"c", "d"});
        worker.ring();
        REQUIRE(server.wait_until([](const Server& s) { return s.ended.size() == 4; }));
        // Both connections are kept for a second: what is claimed by then has one, at first.
        const auto both_are_ending = [](const Server& s) { return s.ends == 4; };
        world.store.before_claim = [&] { server.wait_until(both_are_ending); };
        world.add({"e", "f"});
        worker.ring();
        REQUIRE(server.wait_until(both_are_ending));
        for (const int before = world.meter.rounds; world.meter.rounds == before; std::this_thread::yield())
            worker.ring();
        server.hang_at_ends(false);
        CHECK(server.wait_until([](const Server& s) { return s.ended.size() == 6; }));
    }
    CHECK(server.begun.size() == 6);
}

TEST_CASE("What is claimed while the worker is told to stop is given back") {
    World world;
    Server server(1);
    OutboxWorker worker = world.make("one", server);
    world.add({"a", "b"});
    int claims = 0;
    world.store.before_claim = [&] {
        if (++claims != 2) return;
        worker.stop();
        // The last that a sender's thread does is to end its connection.
        server.wait_until([](const Server& one) { return one.ends > 0; });
    };
    worker.run();
    CHECK(server.begun == Ids{"a"});
    CHECK(world.entry("b").state == DeliveryState::queued);
    CHECK_FALSE(world.entry("b").claimed_until);
}

TEST_CASE("Retries leave half of the connections to what was never tried") {
    World world;
    Server server(4);
    world.add({"r1", "r2", "r3", "r4"});
    for (const char* name : {"r1", "r2", "r3", "r4"}) {
        REQUIRE(world.store.claim_outbox({"before", noon, noon + Duration(10), 1}));
        REQUIRE(world.store.settle_outbox(name, "before", {DeliveryState::queued, noon, noon, "450", true}));
    }
    server.hang_at({"r1", "r2", "r3", "r4"});
    OutboxWorker worker = world.make("one", server);
    const Running running(worker);
    REQUIRE(server.wait_until([](const Server& s) { return s.under_way == 2; }));
    world.add({"a", "b"});
    worker.ring();
    CHECK(server.wait_until([](const Server& s) { return s.ended.contains("a") && s.ended.contains("b"); }));
    server.hang_at({});
    CHECK(server.wait_until([](const Server& s) { return s.ended.size() == 6; }));
}

TEST_CASE("A server that takes two connections at a time gets two, and nobody waits for the others") {
    World world;
    Server server(4);
    world.add({"a", "b", "c", "d", "e", "f", "g", "h"});
    std::atomic<int> refused = 0;
    server.answer = [&](const std::string&) -> DeliveryReport {
        // Asked with the server's lock held, after this one's count was taken away.
        if (server.under_way < 2) return {};
        ++refused;
        return {Delivery::no_server, "the mail server ended the session (421)"};
    };
    server.hang_at({"a", "b", "c", "d"});
    OutboxWorker worker = world.make("one", server);
    {
        const Running running(worker);
        REQUIRE(server.wait_until([](const Server& s) { return s.under_way == 4; }));
        server.hang_at({});
        CHECK(server.wait_until([](const Server& s) { return s.ended.size() == 8; }));
        for (int tries = 0; world.store.outbox_summary(Transport::mail)->queued > 0 && tries < 100'000;
             ++tries) {
            worker.ring();
            std::this_thread::yield();
        }
    }
    CHECK(world.store.outbox_summary(Transport::mail)->queued == 0);
    CHECK(refused > 0);
    CHECK(world.complaints() == 0);
    for (const char* name : {"a", "b", "c", "d"}) CHECK(world.entry(name).attempts == 0);
}

TEST_CASE("The commander and sev1 go first, then what was never tried, then the oldest") {
    World world;
    world.add({"tried", "old", "new"});
    REQUIRE(world.store.claim_outbox({"before", noon, noon + Duration(10), 1}));
    REQUIRE(world.store.settle_outbox("tried", "before", {DeliveryState::queued, noon, noon, "450", true}));
    REQUIRE(world.store.add_to_outbox({message("urgent", MessagePriority::urgent)}));
    OutboxWorker worker = world.make("one");
    worker.tick();
    CHECK(world.transport.given == Ids{"urgent", "old", "new", "tried"});
}

TEST_CASE("A mail at which the server breaks off does not make the others wait") {
    World world;
    REQUIRE(world.store.add_to_outbox({message("bad", MessagePriority::urgent)}));
    world.add({"a", "b"});
    world.transport.answer = [](const OutboxMessage& mail) -> DeliveryReport {
        if (mail.id == "bad") return {Delivery::no_server, "closed", true};
        return {};
    };
    OutboxWorker worker = world.make("one");
    worker.tick();
    CHECK(world.transport.given == Ids{"bad", "a", "b"});
    CHECK(world.entry("bad").next_attempt == noon + Duration(5));
    CHECK(world.entry("bad").last_error == "closed");
    CHECK(world.complaints() == 0);
}

TEST_CASE("Whether a server works again is tried with a mail that it did not fail at") {
    World world;
    REQUIRE(world.store.add_to_outbox({message("bad", MessagePriority::urgent)}));
    world.add({"a", "b"});
    world.transport.answer = [](const OutboxMessage& mail) -> DeliveryReport {
        if (mail.id == "bad") return {Delivery::no_server, "421"};
        return {};
    };
    OutboxWorker worker = world.make("one");
    worker.tick();
    CHECK(world.transport.given == Ids{"bad"});
    world.clock.advance(Duration(5));
    worker.tick();
    CHECK(world.entry("a").state == DeliveryState::sent);
}

TEST_CASE("A wall clock that is set holds up no mail") {
    World world;
    OutboxWorker worker = world.make("one");
    const Duration step = std::chrono::minutes(GENERATE(-24 * 60, -2 * 60, -20, -2, 2 * 60, 24 * 60));
    CAPTURE(step.count());
    SECTION("one that was refused for now") {
        world.add({"a"});
        world.transport.answer = [](const OutboxMessage&) -> DeliveryReport {
            return {Delivery::refused_for_now, "450"};
        };
        worker.tick();
        world.transport.answer = [](const OutboxMessage&) { return DeliveryReport{}; };
        world.clock.step_wall(step);
        world.clock.advance(Duration(6));
        worker.tick();
        CHECK(world.entry("a").state == DeliveryState::sent);
    }
    SECTION("while no server answers") {
        world.add({"a", "b"});
        world.transport.answer = [](const OutboxMessage&) -> DeliveryReport {
            return {Delivery::no_server, "no connection"};
        };
        worker.tick();
        world.transport.answer = [](const OutboxMessage&) { return DeliveryReport{}; };
        world.clock.step_wall(step);
        worker.tick();
        CHECK(world.transport.given == Ids{"a"});  // the pause holds
        world.clock.advance(Duration(6));
        worker.tick();
        CHECK(world.entry("b").state == DeliveryState::sent);
        CHECK(world.entry("a").state == DeliveryState::sent);
    }
    SECTION("one that a dead process of another machine had taken") {
        world.add({"a"});
        REQUIRE(world.store.claim_outbox({"elsewhere", noon, noon + Duration(10), 1}));
        world.clock.step_wall(step);
        world.clock.advance(Duration(10));
        worker.tick();
        CHECK(world.entry("a").state == DeliveryState::sent);
    }
    SECTION("one that was written before the step, and one after it") {
        world.add({"a"});
        world.clock.step_wall(step);
        OutboxMessage later = message("b");
        later.created_at = world.clock.now();
        REQUIRE(world.store.add_to_outbox({later}));
        worker.tick();
        CHECK(world.entry("a").state == DeliveryState::sent);
        CHECK(world.entry("b").state == DeliveryState::sent);
    }
}

TEST_CASE("A wall clock that is set forward by days fails no mail as tried for three days") {
    World world;
    world.add({"a"});
    world.transport.answer = [](const OutboxMessage&) -> DeliveryReport {
        return {Delivery::refused_for_now, "450"};
    };
    OutboxWorker worker = world.make("one");
    for (int attempt = 0; attempt < 6; ++attempt) {
        worker.tick();
        world.clock.advance(std::chrono::minutes(6));
    }
    world.clock.step_wall(hours(24 * 4));
    for (int attempt = 0; attempt < 6; ++attempt) {
        worker.tick();
        world.clock.advance(std::chrono::minutes(6));
    }
    CHECK(world.entry("a").state == DeliveryState::queued);
    CHECK(world.entry("a").attempts >= 10);
    for (int hour = 0; hour < 73 * 2; ++hour) {
        worker.tick();
        world.clock.advance(std::chrono::minutes(31));
    }
    CHECK(world.entry("a").state == DeliveryState::failed);  // in the end it does
}

TEST_CASE("A step of the wall clock makes nobody send what is under way a second time") {
    World world;
    world.add({"a", "b"});
    Server server(2);
    server.hang_at({"a"});
    OutboxWorker worker = world.make("one", server);
    {
        const Running running(worker);
        REQUIRE(server.wait_until([](const Server& s) { return s.ended.contains("b") && s.under_way == 1; }));
        for (const Duration step : {Duration(hours(24)), Duration(-hours(48))}) {
            const int before = world.store.renewals;
            world.clock.step_wall(step);
            while (world.store.renewals == before) {
                worker.ring();
                std::this_thread::yield();
            }
            CHECK(world.entry("a").claimed_until == world.clock.now() + Duration(10));
        }
        server.hang_at({});
        REQUIRE(server.wait_until([](const Server& s) { return s.ended.size() == 2; }));
    }
    CHECK(server.begun.size() == 2);
    CHECK(world.entry("a").state == DeliveryState::sent);
}

TEST_CASE("While the store cannot be written the worker backs off, says so once a minute, and recovers") {
    World world;
    OutboxWorker worker = world.make("one");
    worker.tick();
    CHECK(world.health.troubles().empty());
    world.add({"a"});
    world.store.failing = true;
    int looks = 0;
    const Instant end = noon + std::chrono::minutes(10);
    while (world.clock.now() < end) {
        const Instant next = worker.tick();
        REQUIRE(next > world.clock.now());
        world.clock.set(next);
        ++looks;
    }
    CHECK(looks < 120);
    CHECK(world.complaints() <= 11);
    CHECK(world.complaints() >= 5);
    CHECK(world.health.troubles() == Ids{"the disk is full"});
    CHECK(world.transport.given.empty());
    world.store.failing = false;
    world.clock.advance(Duration(8));
    worker.tick();
    CHECK(world.health.troubles().empty());
    CHECK(world.entry("a").state == DeliveryState::sent);
}

}  // namespace outbox_claims_test
