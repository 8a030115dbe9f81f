// What people change by hand, from the store to the feeds: as a service notices it that was not asked to.
#include <catch2/catch.hpp>

#include "rotation/fair_planner.h"
#include "service/calendar_world.h"
#include "service/service.h"
#include "service/team_actions.h"

namespace team_changes_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");  // a Tuesday; the shift of the day runs until 17:00Z

struct World : CalendarWorld {
    World() { start(); }

    void start() {
        service = std::make_unique<Service>(Ports{&source, &store, &planner, log.logger.get()}, clock,
                                            FeedTokens("a secret of some length"), board);
        service->set_teams({team});
        service->tick();
    }
    void tick_after(Duration by) {
        clock.advance(by);
        service->tick();
    }
    std::shared_ptr<const TeamNotice> notice() const { return board.find("payments"); }
    std::string bytes(const std::string& scope) const {
        return *notice()->feeds.at(scope).snapshot->identity.bytes;
    }
    // The properties of an event, unfolded.
    std::string event(const std::string& scope, const std::string& uid) const {
        std::string text = bytes(scope);
        for (size_t fold = text.find("\r\n "); fold != std::string::npos; fold = text.find("\r\n "))
            text.erase(fold, 3);
        const size_t start = text.find("UID:" + uid);
        return start == std::string::npos ? "none"
                                          : text.substr(start, text.find("END:VEVENT", start) - start);
    }
    std::string value(const std::string& event, const std::string& property) const {
        const size_t start = event.find("\r\n" + property + ":") + property.size() + 3;
        return event.substr(start, event.find("\r\n", start) - start);
    }
    std::string summary(const std::string& date) const {
        return value(event("rotation", date + ".mro"), "SUMMARY");
    }
    int sequence(const std::string& date) const {
        return std::stoi(value(event("rotation", date + ".mro"), "SEQUENCE"));
    }

    // As another process does, `watchbill override` say.
    ActionResult<OverrideOutcome> give(const std::string& date, const std::string& name, bool force = false) {
        return set_override(store, known(), {{"mro", day(date)}, name + "@example.com", "", "", force},
                            {"cli:ann", ""}, clock.now());
    }
    ActionResult<void> take_back(const std::string& date) {
        return remove_override(store, known(), {"mro", day(date)}, {"cli:ann", ""}, clock.now());
    }
    KnownTeam known() {
        shown = notice();
        return {*shown->team, *shown->plan, *shown->availability};
    }

    FairPlanner planner;
    NoticeBoard board;
    std::shared_ptr<const TeamNotice> shown;
    std::unique_ptr<Service> service;
};

}  // namespace

TEST_CASE("an override is in the feeds within a minute, and is gone a minute after it is taken back") {
    World world;
    REQUIRE(world.summary("2026-11-25") == "MRO: bob");
    const auto description = [&world] {
        return world.value(world.event("rotation", "2026-11-25.mro"), "DESCRIPTION");
    };
    const std::string before = description();
    const std::string friday = world.event("rotation", "2026-11-27.mro");
    REQUIRE(world.give("2026-11-25", "alice"));
    world.tick_after(minutes(1));
    CHECK(world.summary("2026-11-25") == "MRO: alice (for bob)");
    CHECK(world.sequence("2026-11-25") == 1);
    CHECK(world.event("rotation", "2026-11-27.mro") == friday);
    CHECK(world.event("member/alice@example.com", "2026-11-25.mro") ==
          world.event("rotation", "2026-11-25.mro"));
    CHECK(world.event("member/bob@example.com", "2026-11-25.mro") == "none");

    REQUIRE(world.take_back("2026-11-25"));
    world.tick_after(minutes(1));
    CHECK(world.summary("2026-11-25") == "MRO: bob");
    CHECK(world.sequence("2026-11-25") == 2);
    CHECK(description() == before);
}

TEST_CASE("where nobody changed anything no plan is made") {
    World world;
    REQUIRE(world.give("2026-11-25", "alice"));
    world.tick_after(minutes(1));
    const auto plan = world.notice()->plan;
    const int writes = world.store.writes();
    world.tick_after(minutes(1));
    CHECK(world.notice()->plan == plan);
    CHECK_FALSE(world.give("2026-11-25", "alice").value().changed);
    world.tick_after(minutes(1));
    CHECK(world.notice()->plan == plan);
    CHECK(world.store.writes() == writes);
}

TEST_CASE("an override survives a restart, and a calendar that changes") {
    World world;
    REQUIRE(world.give("2026-11-25", "alice"));
    world.tick_after(minutes(1));
    const std::string bytes = world.bytes("rotation");
    world.start();
    CHECK(world.bytes("rotation") == bytes);
    world.source.serve("/carol.ics", calendar_of({{"2026-11-26", "2026-11-27", "Vacation"}}));
    world.tick_after(minutes(10));
    CHECK(world.summary("2026-11-25") == "MRO: alice (for bob)");
}

TEST_CASE("the shift that runs changes hands, and stays with who took it over") {
    World world;
    REQUIRE(world.summary("2026-11-24") == "MRO: alice");
    REQUIRE(world.give("2026-11-24", "carol"));
    world.tick_after(minutes(1));
    CHECK(world.summary("2026-11-24") == "MRO: carol (for alice)");
    CHECK(world.sequence("2026-11-24") == 1);
    const std::string event = world.event("rotation", "2026-11-24.mro");
    world.tick_after(std::chrono::hours(24));
    CHECK(world.event("rotation", "2026-11-24.mro") == event);
    const auto rows = world.store.assignments("payments", {day("2026-11-24"), day("2026-11-25")}).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].assignment.member == id("carol@example.com"));
    CHECK(world.give("2026-11-24", "bob").error().code == "shift_ended");
}

TEST_CASE("a note is in the handover's event of everybody who is concerned, and once") {
    World world;
    const auto handover = [&world](const std::string& scope) {
        return world.event(scope, "2026-11-24.mro.payments.handover");
    };
    const std::string before = handover("handovers");
    const std::string after_that = world.event("handovers", "2026-11-25.mro.payments.handover");
    REQUIRE(world.value(before, "SEQUENCE") == "0");
    REQUIRE(add_note(world.store, world.known(), {{}, "Deploys are frozen;\nask Bob", ""}, {"cli:ann", ""},
                     noon));
    world.tick_after(minutes(1));
    const std::string after = handover("handovers");
    CHECK(world.value(after, "SEQUENCE") == "1");
    CHECK(world.value(after, "SUMMARY") == "MRO handover: alice to bob");
    CHECK(world.value(after, "DESCRIPTION") ==
          "alice\\, MRO\\, hands over to bob (shift starts Wed 25 Nov 09:00).\\n\\n"
          "Notes:\\n- ann\\, Tue 24 Nov 13:00: Deploys are frozen\\;\\n  ask Bob");
    CHECK(handover("member/alice@example.com") == after);
    CHECK(handover("member/bob@example.com") == after);
    CHECK(handover("member/carol@example.com") == "none");
    CHECK(world.event("handovers", "2026-11-25.mro.payments.handover") == after_that);

    // It stays as it is while time goes by, also when the handover is over.
    world.tick_after(minutes(5));
    world.tick_after(std::chrono::hours(24));
    CHECK(handover("handovers") == after);
}

}  // namespace team_changes_test
