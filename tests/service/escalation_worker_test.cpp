// Calls go on by a clock of their own, whatever else the process does.
#include "service/escalation_worker.h"

#include <catch2/catch.hpp>
#include <condition_variable>

#include "service/running_service.h"
#include "service/team_actions.h"

namespace escalation_worker_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Actor ops_bot{"token:ops bot", "192.0.2.7"};

struct ServiceWithBackup : RunningService {
    ServiceWithBackup() {
        team.backup = {id("alice@example.com"), id("bob@example.com")};  // one at least has no shift
        start();
    }
};

// Of the running service's team, in a thread of its own.
struct Calls {
    explicit Calls(RunningService& its_service) : service(its_service) {}
    ~Calls() {
        worker.stop();
        if (thread.joinable()) thread.join();
    }

    void start() {
        thread = std::thread([this] { worker.run(); });
    }
    std::string open() {
        const auto notice = service.board.find("payments");
        IncidentOrder order;
        order.title = "Checkout fails";
        const auto opened = desk.open(
            {*notice->team, *notice->plan, *notice->availability}, order,
            {"", "{}", [](const Incident&, Transport, const EscalationOutlook&) { return std::string(); }},
            ops_bot);
        REQUIRE(opened);
        return opened->id;
    }
    size_t asked(const std::string& identity) {
        return service.store.find_incident("payments", identity).value().value().invitations.size();
    }
    void on_changed() {
        const std::lock_guard lock(mutex);
        ++changes;
        changed.notify_one();
    }
    bool wait_for_changes(int number) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, patience, [&] { return changes >= number; });
    }

    RunningService& service;
    std::mutex mutex;
    std::condition_variable changed;
    int changes = 0;  // guarded by mutex
    IncidentLinks links{"a secret of some length"};
    IncidentDesk desk{service.store,
                      service.clock,
                      links,
                      {id("rota@example.com"), service.log.logger.get(), nullptr, [this] { on_changed(); }}};
    EscalationWorker worker{desk, service.board, service.clock, *service.log.logger};
    std::thread thread;
};

}  // namespace

TEST_CASE("While a plan is being made the next one is called when their time comes") {
    Gate gate;  // outlives the service, which may plan once more
    ServiceWithBackup service;
    Calls calls(service);
    calls.start();
    service.planner.before = [&gate] { gate.wait(); };
    auto slow = service.refresh_later();
    gate.wait_for_arrival();

    const std::string identity = calls.open();
    CHECK(calls.asked(identity) == 1);
    service.clock.advance(service.team.ack_timeout);
    calls.worker.ring();
    CHECK(calls.wait_for_changes(2));
    CHECK(calls.asked(identity) == 2);

    gate.open();
    CHECK(slow.get());
}

TEST_CASE("A call that was due while nobody ran is made as soon as it is known who is on duty") {
    ServiceWithBackup service;
    Calls calls(service);
    const std::string identity = calls.open();
    service.clock.advance(std::chrono::hours(1));
    // Another process: it has no plan yet.
    const auto notice = service.board.find("payments");
    service.board.remove("payments");
    calls.start();
    calls.worker.ring();
    service.board.post(notice);
    calls.worker.ring();
    CHECK(calls.wait_for_changes(2));
    CHECK(calls.asked(identity) == 2);
}

TEST_CASE("What a failing store kept the calls from is made when it works again") {
    ServiceWithBackup service;
    Calls calls(service);
    const std::string identity = calls.open();
    service.clock.advance(service.team.ack_timeout);
    service.store.failing = true;
    CHECK_FALSE(calls.desk.escalate_due(service.board, service.clock.now()));
    calls.start();
    service.store.failing = false;
    calls.worker.ring();
    CHECK(calls.wait_for_changes(2));
    CHECK(calls.asked(identity) == 2);
}

}  // namespace escalation_worker_test
