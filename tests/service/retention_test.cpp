#include "service/retention.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"

namespace service_retention_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::days;
using std::chrono::hours;

namespace {

struct World {
    TempDir folder;
    FakeClock clock{at("2026-12-01T12:00:00Z")};
    WatchedStore store{folder.path()};
    LogCapture log;
    Retention retention{store, clock, *log.logger};

    void note_of(const std::string& team, const std::string& date) {
        const Instant then = at(date + "T12:00:00Z");
        REQUIRE(store.add_handover_note(team, {{"mro", day(date)}, "a note", "alice", then},
                                        {then, "alice", "", team, "note", "a note"}));
    }
    size_t notes_of(const std::string& team) {
        return store.handover_notes(team, {day("2000-01-01"), day("2100-01-01")}).value().size();
    }
    void save_copy(const CalendarRef& calendar) {
        REQUIRE(store.save_source_copy({source_key(calendar), "BEGIN:VCALENDAR", {}, clock.now()}));
    }
    bool has_copy(const CalendarRef& calendar) {
        return store.source_copy(source_key(calendar)).value().has_value();
    }
    // Until there is nothing more to do for now.
    SteadyInstant work() {
        for (int i = 0; i < 100; ++i) {
            const SteadyInstant next = retention.step();
            if (next > clock.steady_now()) return next;
        }
        FAIL("it never comes to an end");
        return {};
    }
};

Team team_of(const std::string& name, Duration retention) {
    Team team = example_team();
    team.name = name;
    team.retention = retention;
    return team;
}

}  // namespace

TEST_CASE("Each team's records go at their age, once a day by the steady clock") {
    World world;
    world.retention.set_teams({team_of("short", days(60)), team_of("long", days(400))});
    for (const char* team : {"short", "long"}) {
        world.note_of(team, "2025-01-01");
        world.note_of(team, "2026-09-01");
        world.note_of(team, "2026-11-30");
    }
    CHECK(world.work() == world.clock.steady_now() + std::chrono::minutes(5));
    world.clock.advance(std::chrono::minutes(5));
    const SteadyInstant next = world.work();
    CHECK(next == world.clock.steady_now() + hours(24));
    CHECK(world.notes_of("short") == 1);
    CHECK(world.notes_of("long") == 2);
    CHECK(world.log.text.str().find("records were removed") != std::string::npos);

    world.note_of("short", "2025-01-01");
    world.clock.step_wall(days(1));  // nobody waits for a day because a clock was set
    world.clock.advance(hours(23));
    CHECK(world.work() == next);
    CHECK(world.notes_of("short") == 2);
    world.clock.advance(hours(1));
    world.work();
    CHECK(world.notes_of("short") == 1);
}

TEST_CASE("The calendar of who left goes with the next set of teams, and others stay") {
    World world;
    Team team = team_of("payments", days(400));
    CalendarRef holidays;
    holidays.location = "/holidays.ics";
    team.holidays.push_back({holidays, ""});
    for (const Member& m : team.members) world.save_copy(m.calendars[0]);
    world.save_copy(holidays);
    world.retention.set_teams({team});
    world.work();
    for (const Member& m : team.members) CHECK(world.has_copy(m.calendars[0]));

    const CalendarRef carols = team.members[2].calendars[0];
    team.members.pop_back();
    world.retention.set_teams({team});
    world.work();
    CHECK_FALSE(world.has_copy(carols));
    CHECK(world.has_copy(team.members[0].calendars[0]));
    CHECK(world.has_copy(holidays));

    world.retention.set_teams({team_of("billing", days(400))});
    world.work();
    CHECK_FALSE(world.has_copy(holidays));
}

TEST_CASE("What a team that is gone has left goes by age") {
    World world;
    Publication publication;
    publication.team = "gone";
    publication.at = at("2024-01-01T00:00:00Z");
    publication.versions["shift@watchbill"] = {1, publication.at, std::string(64, 'a')};
    REQUIRE(world.store.publish(publication));
    world.note_of("gone", "2024-01-01");
    world.note_of("gone", "2026-11-01");
    world.retention.set_teams({team_of("payments", days(400))});
    world.work();
    CHECK(world.notes_of("gone") == 1);
    CHECK(world.store.event_versions("gone").value().empty());
}

TEST_CASE("A store that fails is asked again soon, and it is logged") {
    World world;
    world.retention.set_teams({team_of("payments", days(60))});
    world.note_of("payments", "2025-01-01");
    world.store.failing = true;
    CHECK(world.work() == world.clock.steady_now() + std::chrono::minutes(10));
    CHECK(world.log.text.str().find("cannot be removed") != std::string::npos);
    world.store.failing = false;
    world.clock.advance(std::chrono::minutes(10));
    world.work();
    CHECK(world.notes_of("payments") == 0);
}

}  // namespace service_retention_test
