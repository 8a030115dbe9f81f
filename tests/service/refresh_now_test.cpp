// What requests ask of the running service and wait for: a refresh now, a new plan now.
#include <catch2/catch.hpp>
#include <future>

#include "service/running_service.h"
#include "watchbill/call_deadline.h"

namespace refresh_now_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::minutes;

namespace {

// Takes out of `all` those who are answered while nobody can be but with a refusal, until they are so many.
void wait_for_refusals(std::vector<std::future<Result<RefreshReport>>>& all, int expected) {
    int refused = 0;
    while (refused < expected) {
        for (auto& one : all) {
            if (!one.valid() || one.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
                continue;
            const auto answer = one.get();
            REQUIRE_FALSE(answer);
            CHECK(answer.error().code == ErrorCode::unavailable);
            ++refused;
        }
    }
}

}  // namespace

TEST_CASE("A refresh that was asked for reads every calendar, due or not, and plans") {
    RunningService running;
    running.start();
    const std::string holder = running.holder("2026-11-25");
    const std::string name = holder.substr(0, holder.find('@'));
    running.source.serve("/" + name + ".ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));

    const auto report = running.refresh();
    REQUIRE(report);
    CHECK(report->changed_shifts >= 1);
    CHECK(report->sources.size() == 3);
    for (const SourceState& source : report->sources) CHECK(source.health == SourceHealth::ok);
    // It is there to be read when the answer is.
    CHECK(running.holder("2026-11-25") != holder);
    for (const char* location : {"/alice.ics", "/bob.ics", "/carol.ics"})
        CHECK(running.source.fetches(location) == 2);

    const auto again = running.refresh();
    REQUIRE(again);
    CHECK(again->changed_shifts == 0);
    CHECK(again->withdrawn_shifts == 0);
}

TEST_CASE("A calendar that cannot be read does not keep the others from being refreshed") {
    RunningService running;
    running.start();
    running.source.break_down("/bob.ics", {ErrorCode::timeout, "no answer", ""});
    const auto report = running.refresh();
    REQUIRE(report);
    CHECK(report->sources.at(0).health == SourceHealth::ok);
    CHECK(report->sources.at(1).health == SourceHealth::stale);
    CHECK(report->sources.at(1).last_error->code == ErrorCode::timeout);
}

TEST_CASE("A refresh waits for slow calendars, and counts what the fast ones changed meanwhile") {
    Gate gate;  // outlives the fetches that wait at it
    RunningService running;
    running.start();
    const std::string holder = running.holder("2026-11-25");
    const std::string name = holder.substr(0, holder.find('@'));
    const std::string slow = name == "alice" ? "/bob.ics" : "/alice.ics";
    running.source.set(slow, [&](const Validators& last) -> Result<Fetched> {
        gate.wait();
        return Fetched{true, "", last};
    });
    running.source.serve("/" + name + ".ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));

    auto answer = running.refresh_later();
    // The fast calendars' news is planned while the slow one is still being asked.
    while (running.holder("2026-11-25") == holder) std::this_thread::yield();
    CHECK(gate.arrived == 1);
    CHECK(answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    gate.open();
    const auto report = answer.get();
    REQUIRE(report);
    CHECK(report->changed_shifts >= 1);
}

TEST_CASE("Whoever asks while a refresh is under way shares the next one") {
    Gate gate;  // outlives the fetches that wait at it
    RunningService running;
    running.start();
    running.source.set("/alice.ics", [&](const Validators& last) -> Result<Fetched> {
        gate.wait();
        return Fetched{true, "", last};
    });
    auto first = running.refresh_later();
    gate.wait_for_arrival();
    std::vector<std::future<Result<RefreshReport>>> others;
    for (int i = 0; i < 5; ++i) others.push_back(running.refresh_later());
    gate.open();
    CHECK(first.get());
    for (auto& other : others) CHECK(other.get());
    // One at the start, the first round, and at least one for the others; each of them alone would make
    // seven.
    const int fetches = running.source.fetches("/alice.ics");
    CHECK(fetches >= 3);
    CHECK(fetches <= 7);
}

TEST_CASE("Nobody waits longer than they want, and the refresh goes on") {
    Gate gate;  // outlives the fetches that wait at it
    RunningService running;
    running.start();
    running.source.set("/alice.ics", [&](const Validators&) -> Result<Fetched> {
        gate.wait();
        return Fetched{false, calendar_of({{"2026-12-01", "2026-12-20", "Vacation"}}), {}};
    });
    const auto answer = running.service.refresh_now("payments", std::chrono::milliseconds(1));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::timeout);
    gate.open();
    REQUIRE(running.refresh());
    for (const char* date : {"2026-12-01", "2026-12-10", "2026-12-19"})
        CHECK(running.holder(date) != "alice@example.com");
}

TEST_CASE("A new plan that was asked for takes in what the store has learned") {
    RunningService running;
    running.start();
    const std::string date = "2026-11-30";
    const std::string other =
        running.holder(date) == "alice@example.com" ? "bob@example.com" : "alice@example.com";
    const AuditEntry entry{running.clock.now(), "token:test", "", "payments", "override.set", "a test"};
    REQUIRE(running.store.set_override(
        "payments", {{"mro", day(date)}, id(other), "", "token:test", running.clock.now()}, entry));
    REQUIRE(running.service.replan_now("payments", patience));
    CHECK(running.holder(date) == other);
    CHECK(running.source.fetches("/alice.ics") == 1);
}

TEST_CASE("While another process holds the database nobody waits beyond their deadline, else they do") {
    Gate gate;  // outlives the planner that waits at it
    RunningService running;
    std::atomic<bool> held = false;
    running.planner.before = [&] {
        if (held) gate.wait();
    };
    running.start();
    held = true;
    running.store.taken = true;
    const auto ask = [&](std::chrono::milliseconds time, bool refresh) {
        const CallDeadline deadline(std::chrono::steady_clock::now() + time);
        return refresh ? running.refresh() : running.service.replan_now("payments", patience);
    };
    const auto began = std::chrono::steady_clock::now();
    for (const bool refresh : {true, false}) {
        const auto report = ask(std::chrono::milliseconds(1000), refresh);
        REQUIRE_FALSE(report);
        CHECK(report.error().code == ErrorCode::unavailable);
    }
    CHECK(std::chrono::steady_clock::now() - began < patience / 2);
    // What takes long for another reason is waited for.
    running.store.taken = false;
    auto slow = std::async(std::launch::async, [&] { return ask(std::chrono::milliseconds(0), true); });
    gate.open();
    CHECK(slow.get());
}

TEST_CASE("One plan serves all who asked for one before it was made") {
    Gate gate;  // outlives the planner that waits at it
    RunningService running;
    std::atomic<bool> held = false;
    running.planner.before = [&] {
        if (held) gate.wait();
    };
    running.start();
    const int before = running.planner.plans;
    held = true;
    const auto replan_later = [&running] {
        return std::async(std::launch::async,
                          [&] { return running.service.replan_now("payments", patience); });
    };
    auto first = replan_later();
    gate.wait_for_arrival();
    // As many as may wait, with the first; once the others are sent away, all of them do.
    std::vector<std::future<Result<RefreshReport>>> all;
    for (int i = 0; i < 20; ++i) all.push_back(replan_later());
    wait_for_refusals(all, 5);
    held = false;
    gate.open();
    CHECK(first.get());
    for (auto& one : all)
        if (one.valid()) CHECK(one.get());
    CHECK(running.planner.plans - before == 2);
}

TEST_CASE("A store that fails is told to whoever asks, and what was shown stays") {
    RunningService running;
    running.start();
    const auto plan = running.board.find("payments")->plan;
    running.store.failing = true;
    for (const auto& answer : {running.refresh(), running.service.replan_now("payments", patience)}) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::unavailable);
    }
    CHECK(running.board.find("payments")->plan == plan);
    running.store.failing = false;
    CHECK(running.refresh());
}

TEST_CASE("A team that is not there is not refreshed") {
    RunningService running;
    running.start();
    for (const auto& answer :
         {running.service.refresh_now("nobody", patience), running.service.replan_now("nobody", patience)}) {
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::not_found);
    }
}

TEST_CASE("Before the first calendars are read there is nothing to plan with") {
    Gate gate;  // outlives the fetches that wait at it
    RunningService running;
    running.source.set("/alice.ics", [&](const Validators& last) -> Result<Fetched> {
        gate.wait();
        return Fetched{true, "", last};
    });
    running.start(false);
    const auto answer = running.service.replan_now("payments", patience);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
    gate.open();
}

TEST_CASE("Stopping lets go of everybody who waits") {
    Gate gate;  // outlives the fetches that wait at it
    RunningService running;
    running.start();
    running.source.set("/alice.ics", [&](const Validators& last) -> Result<Fetched> {
        gate.wait();
        return Fetched{true, "", last};
    });
    auto waiting = running.refresh_later();
    gate.wait_for_arrival();
    running.service.stop();
    const auto answer = waiting.get();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
    CHECK_FALSE(running.refresh());
    gate.open();
}

TEST_CASE("So many may wait that readers keep their threads") {
    Gate gate;  // outlives the fetches that wait at it
    RunningService running;
    running.start();
    running.source.set("/alice.ics", [&](const Validators& last) -> Result<Fetched> {
        gate.wait();
        return Fetched{true, "", last};
    });
    std::vector<std::future<Result<RefreshReport>>> all;
    for (int i = 0; i < 20; ++i) all.push_back(running.refresh_later());
    // Sixteen wait for the gate, so whoever is answered now is one of four who were sent away.
    wait_for_refusals(all, 4);
    gate.open();
    int done = 0;
    for (auto& one : all)
        if (one.valid() && one.get()) ++done;
    CHECK(done == 16);
}

TEST_CASE("What people read shows who is away, from the same moment as the plan") {
    RunningService running;
    running.source.serve("/bob.ics", calendar_of({{"2026-12-01", "2026-12-03", "Vacation"}}));
    running.start();
    const auto notice = running.board.find("payments");
    REQUIRE(notice->availability);
    REQUIRE(notice->availability->at(id("bob@example.com")).absences.size() == 1);
    CHECK(notice->availability->at(id("bob@example.com")).absences.front().kind == AbsenceKind::vacation);
}

}  // namespace refresh_now_test
