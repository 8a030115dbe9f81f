// A calendar whose address changed: what was last read of its owner stays until the new address was read.
#include <catch2/catch.hpp>
#include <condition_variable>

#include "rotation/fair_planner.h"
#include "service/calendar_world.h"
#include "service/service.h"

namespace moved_calendar_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");
const Error no_answer{ErrorCode::timeout, "no answer", ""};

// The world outlives services, as it does when a process starts again.
struct World : CalendarWorld {
    World() {
        source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-12-09", "Vacation"}}));
        source.serve("/carol.ics", calendar_of({{"2026-12-14", "2026-12-19", "Vacation"}}));
    }
    Member& member(size_t index) { return team.members[index]; }
    CalendarRef& calendar(size_t index) { return member(index).calendars[0]; }

    FairPlanner planner;
};

struct Running {
    explicit Running(World& its_world, ServiceOptions options = {})
        : world(its_world),
          service({&world.source, &world.store, &world.planner, world.log.logger.get()}, world.clock,
                  FeedTokens("a secret of some length"), board, std::move(options)) {
        service.set_teams({world.team});
        service.tick();
    }
    std::shared_ptr<const TeamNotice> notice() const { return board.find("payments"); }
    std::string bytes(const std::string& scope = "rotation") const {
        return *notice()->feeds.at(scope).snapshot->identity.bytes;
    }
    std::string all_bytes() const {
        std::string all;
        for (const auto& [scope, posted] : notice()->feeds) all += bytes(scope);
        return all;
    }
    std::string holders() const {
        std::string all;
        for (const Assignment& assignment : notice()->plan->assignments)
            all += assignment.member ? assignment.member->email() + ' ' : "nobody ";
        return all;
    }
    std::string holder(const std::string& date) const {
        for (const Assignment& assignment : notice()->plan->assignments) {
            if (assignment.shift.key.date == day(date))
                return assignment.member ? assignment.member->email() : "nobody";
        }
        return "no shift";
    }
    SourceState source_of(size_t index) const { return notice()->sources.at(index); }
    void reload() {
        service.set_teams({world.team});
        service.tick();
    }
    void tick_after(Duration by) {
        world.clock.advance(by);
        service.tick();
    }

    World& world;
    NoticeBoard board;
    Service service;
};

CalendarRef calendar_at(const std::string& location, CalendarRef::Type type = CalendarRef::Type::file) {
    CalendarRef calendar;
    calendar.type = type;
    calendar.location = location;
    calendar.label = "a calendar";
    return calendar;
}

}  // namespace

TEST_CASE("A calendar whose new address does not answer leaves the plan as it was, until it does") {
    World world;
    Running running(world);
    const std::string before = running.all_bytes();
    const int publications = world.store.publications;
    const auto type = GENERATE(CalendarRef::Type::file, CalendarRef::Type::url, CalendarRef::Type::caldav);
    world.calendar(1) = calendar_at("/moved/bob.ics", type);
    world.source.break_down("/moved/bob.ics", no_answer);
    running.reload();
    CHECK(running.all_bytes() == before);
    CHECK(running.source_of(1).health == SourceHealth::stale);
    CHECK(running.source_of(1).last_success == noon);
    for (int i = 0; i < 3; ++i) running.tick_after(minutes(10));
    CHECK(running.all_bytes() == before);
    CHECK(world.store.publications == publications);

    SECTION("nor does a restart change it, or the next day") {
        Running again(world);
        CHECK(again.all_bytes() == before);
        CHECK(world.store.publications == publications);
        again.tick_after(hours(24));
        CHECK(again.holder("2026-11-26") != "bob@example.com");
        CHECK(again.source_of(1).health == SourceHealth::stale);
    }
    SECTION("what it says then counts, and the old address no more") {
        world.source.serve("/moved/bob.ics", calendar_of({{"2026-11-26", "2026-11-27", "Vacation"}}));
        running.tick_after(minutes(10));
        CHECK(running.source_of(1).health == SourceHealth::ok);
        CHECK(world.store.publications == publications + 1);
        CHECK(running.bytes("absences").find("20261125") == std::string::npos);
        const std::string after = running.all_bytes();
        const auto names = world.store.source_copy_names("payments").value();
        CHECK(names.size() == 3);
        // Back where it was, with no answer there: what was read last stays.
        world.calendar(1) = calendar_at("/bob.ics");
        world.source.break_down("/bob.ics", no_answer);
        running.reload();
        CHECK(running.all_bytes() == after);
    }
}

TEST_CASE("A calendar whose new address answers slowly leaves the plan as it was meanwhile") {
    World world;
    ServiceOptions options;
    options.patience = std::chrono::milliseconds(1);
    Running running(world, std::move(options));
    REQUIRE(running.service.wait_for_fetches(std::chrono::seconds(20)));
    running.service.tick();
    REQUIRE(running.notice()->ready());
    const std::string before = running.all_bytes();
    const int publications = world.store.publications;

    std::mutex mutex;
    std::condition_variable changed;
    bool go = false;
    world.source.set("/moved/bob.ics", [&](const Validators& last) -> Result<Fetched> {
        CHECK(last == Validators());  // of the old address they mean nothing
        std::unique_lock lock(mutex);
        changed.wait(lock, [&go] { return go; });
        return Fetched{false, calendar_of({{"2026-11-25", "2026-12-09", "Vacation"}}), {}};
    });
    world.calendar(1).location = "/moved/bob.ics";
    running.reload();
    for (int i = 0; i < 20; ++i) running.service.tick();
    CHECK(running.all_bytes() == before);
    {
        const std::lock_guard lock(mutex);
        go = true;
        changed.notify_all();
    }
    REQUIRE(running.service.wait_for_fetches(std::chrono::seconds(20)));
    running.service.tick();
    CHECK(running.source_of(1).health == SourceHealth::ok);
    CHECK(running.all_bytes() == before);
    CHECK(world.store.publications == publications);
}

TEST_CASE("Where all calendars move at once, as with a folder, nothing is published") {
    World world;
    world.team.holidays.push_back({calendar_at("/holidays.ics"), ""});
    world.source.serve("/holidays.ics", calendar_of({{"2026-12-21", "2026-12-22", "Founders' day"}}));
    std::string before;
    {
        Running running(world);
        before = running.all_bytes();
        REQUIRE(running.holder("2026-12-21") == "nobody");
    }
    const int publications = world.store.publications;
    for (Member& member : world.team.members) {
        CalendarRef& calendar = member.calendars[0];
        const std::string moved = "/restored" + calendar.location;
        world.source.break_down(moved, no_answer);
        calendar.location = moved;
    }
    world.team.holidays[0].calendar.location = "/restored/holidays.ics";
    SECTION("the files are not there yet") { world.source.break_down("/restored/holidays.ics", no_answer); }
    SECTION("the files are the same") {
        world.source.serve("/restored/alice.ics", calendar_of({}));
        world.source.serve("/restored/bob.ics", calendar_of({{"2026-11-25", "2026-12-09", "Vacation"}}));
        world.source.serve("/restored/carol.ics", calendar_of({{"2026-12-14", "2026-12-19", "Vacation"}}));
        world.source.serve("/restored/holidays.ics",
                           calendar_of({{"2026-12-21", "2026-12-22", "Founders' day"}}));
    }
    Running again(world);
    CHECK(again.all_bytes() == before);
    CHECK(world.store.publications == publications);
}

TEST_CASE("Two members whose addresses are exchanged keep what was read of them until they are read again") {
    World world;
    Running running(world);
    const std::string before = running.all_bytes();
    std::swap(world.calendar(0).location, world.calendar(1).location);
    world.source.break_down("/alice.ics", no_answer);
    world.source.break_down("/bob.ics", no_answer);
    running.reload();
    CHECK(running.all_bytes() == before);
    world.source.serve("/alice.ics", calendar_of({}));
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-12-09", "Vacation"}}));
    running.tick_after(minutes(10));
    CHECK(running.holder("2026-11-25") != "alice@example.com");
    CHECK(running.holders().find("bob") != std::string::npos);
    CHECK(running.bytes("absences").find("alice") != std::string::npos);
    CHECK(running.bytes("absences").find("bob") == std::string::npos);
}

TEST_CASE("Of several calendars each keeps what was read at its place") {
    World world;
    world.source.serve("/more.ics", calendar_of({{"2026-12-21", "2026-12-24", "Vacation"}}));
    world.member(1).calendars.push_back(calendar_at("/more.ics"));
    Running running(world);
    const std::string before = running.all_bytes();
    const int publications = world.store.publications;
    auto& calendars = world.member(1).calendars;
    world.source.break_down("/new.ics", no_answer);

    SECTION("in another order") {
        std::swap(calendars[0], calendars[1]);
        running.reload();
        CHECK(running.all_bytes() == before);
    }
    SECTION("in another order, and one moved") {
        calendars = {calendars[1], calendar_at("/new.ics")};
        running.reload();
        CHECK(running.all_bytes() == before);
    }
    SECTION("both moved, and one of them answers") {
        calendars = {calendar_at("/new.ics"), calendar_at("/other.ics")};
        world.source.serve("/other.ics", calendar_of({}));
        running.reload();
        CHECK(running.bytes("absences").find("20261125") != std::string::npos);
        CHECK(running.bytes("absences").find("20261221") == std::string::npos);
    }
    SECTION("one for two: nobody knows which of them it is") {
        calendars = {calendar_at("/new.ics")};
        running.reload();
        CHECK(running.all_bytes() == before);
        CHECK(world.store.publications == publications);
        world.source.serve("/new.ics", calendar_of({}));
        running.tick_after(minutes(10));
        CHECK(running.bytes("absences").find("bob") == std::string::npos);
    }
    SECTION("one taken away goes at once") {
        calendars.pop_back();
        running.reload();
        CHECK(running.bytes("absences").find("20261221") == std::string::npos);
        CHECK(running.bytes("absences").find("20261125") != std::string::npos);
    }
    SECTION("one that is added is waited for, and leaves the others be") {
        calendars.insert(calendars.begin(), calendar_at("/new.ics"));
        running.reload();
        CHECK(running.all_bytes() == before);
        CHECK(running.source_of(1).health == SourceHealth::failing);
    }
}

TEST_CASE("A new member's calendar is waited for until it was asked, once for all restarts") {
    World world;
    ServiceOptions options;
    options.patience = std::chrono::milliseconds(1);
    std::mutex mutex;
    std::condition_variable changed;
    bool go = false;
    {
        Running running(world);
        const std::string before = running.bytes();
        const int publications = world.store.publications;
        world.source.set("/dave.ics", [&](const Validators&) -> Result<Fetched> {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&go] { return go; });
            return tl::unexpected(no_answer);
        });
        world.team.members.push_back(member("dave"));
        world.team.rotations[0].members.push_back(id("dave@example.com"));
        Running later(world, std::move(options));
        CHECK(world.store.publications == publications);
        {
            const std::lock_guard lock(mutex);
            go = true;
            changed.notify_all();
        }
        REQUIRE(later.service.wait_for_fetches(std::chrono::seconds(20)));
        later.service.tick();
        CHECK(later.holders().find("dave") != std::string::npos);
        CHECK(world.store.publications == publications + 1);
    }
    // Held back for ever: an earlier process has asked already.
    go = false;
    {
        ServiceOptions impatient;
        impatient.patience = std::chrono::milliseconds(1);
        Running again(world, std::move(impatient));
        for (int i = 0; i < 2000 && !again.notice()->ready(); ++i) again.service.tick();
        CHECK(again.notice()->ready());
        const std::lock_guard lock(mutex);
        go = true;
        changed.notify_all();
    }
}

TEST_CASE("Copies from before they had owners are used, and found again at another address") {
    World world;
    // A running database as the version before left it: copies by address alone.
    { Running running(world); }
    std::vector<std::string> keys;
    for (const Member& member : world.team.members) {
        const CalendarRef& calendar = member.calendars[0];
        auto copy = world.store.source_copy(copy_key({"payments", member.id.email(), 0}, calendar)).value();
        REQUIRE(copy.has_value());
        keys.push_back(copy->key);
        copy->key = source_key(calendar);
        copy->team.clear();
        copy->owner.clear();
        REQUIRE(world.store.save_source_copy(*copy));
        world.source.break_down(calendar.location, no_answer);
    }
    REQUIRE(world.store.forget_source_copies(keys));
    const int publications = world.store.publications;
    Running running(world);
    CHECK(running.source_of(1).health == SourceHealth::stale);
    world.calendar(1).location = "/moved/bob.ics";
    world.source.break_down("/moved/bob.ics", no_answer);
    running.reload();
    CHECK(running.source_of(1).health == SourceHealth::stale);
    CHECK(world.store.publications == publications);
    CHECK(running.bytes("absences").find("bob") != std::string::npos);
}

TEST_CASE("A member whose address changed keeps their calendar's copy if the old one is an alias") {
    World world;
    Running running(world);
    world.source.break_down("/bob.ics", no_answer);
    world.member(1).id = id("robert@example.com");
    world.member(1).aliases = {id("bob@example.com")};
    world.team.rotations[0].members[1] = id("robert@example.com");
    running.reload();
    CHECK(running.bytes("absences").find("20261125") != std::string::npos);
    CHECK(running.holder("2026-11-26") != "robert@example.com");
}

TEST_CASE("Calendars are asked, and stores tried again, by time that passes and not by the wall clock") {
    World world;
    Running running(world);
    for (const hours step : {hours(-2), hours(-24), hours(26)}) {
        INFO(step.count());
        const int fetches = world.source.fetches("/alice.ics");
        world.clock.step_wall(step);
        running.service.tick();
        CHECK(world.source.fetches("/alice.ics") == fetches);
        running.tick_after(minutes(5));
        CHECK(world.source.fetches("/alice.ics") == fetches + 1);
        const SourceState state = running.source_of(0);
        CHECK(state.last_success == world.clock.now());
        CHECK(state.next_attempt == world.clock.now() + minutes(5));
        world.source.break_down("/alice.ics", no_answer);
        world.clock.step_wall(-step);
        running.tick_after(minutes(5));
        CHECK(running.source_of(0).last_success == world.clock.now() - minutes(5));
        world.clock.step_wall(step);
        world.source.serve("/alice.ics", calendar_of({}));
        running.tick_after(minutes(5));
    }
    world.store.failing = true;
    world.source.serve("/alice.ics", calendar_of({{"2026-12-02", "2026-12-03", "Vacation"}}));
    running.tick_after(minutes(5));
    world.store.failing = false;
    world.clock.step_wall(hours(-2));
    running.tick_after(minutes(1));
    CHECK(running.bytes("absences").find("alice") != std::string::npos);
}

}  // namespace moved_calendar_test
