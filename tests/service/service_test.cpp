// The refresh flow from end to end: calendars in memory, the real reader, planner, store and feed writer.
#include "service/service.h"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <thread>

#include "rotation/fair_planner.h"
#include "service/calendar_world.h"

namespace service_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");  // a Tuesday; the shift of the day runs until 17:00Z

// At the team's pace, and twice as late after each failure, an hour at most.
Instant doubling(const FetchAttempt& attempt) {
    const int doublings = std::min(attempt.failures, 6);
    return attempt.ended + std::min<Duration>(attempt.refresh * (1 << doublings), hours(1));
}

// The world outlives services, as it does when a process starts again.
struct World : CalendarWorld {
    FairPlanner planner;
};

struct Running {
    explicit Running(World& its_world, ServiceOptions options = {})
        : world(its_world),
          service({&world.source, &world.store, &world.planner, world.log.logger.get(), doubling},
                  world.clock, FeedTokens("a secret of some length"), board, std::move(options)) {
        service.set_teams({world.team});
    }

    std::shared_ptr<const TeamNotice> notice() const { return board.find("payments"); }
    std::shared_ptr<const FeedSnapshot> feed(const std::string& scope) const {
        return notice()->feeds.at(scope).snapshot;
    }
    std::string bytes(const std::string& scope = "rotation") const { return *feed(scope)->identity.bytes; }
    std::map<std::string, std::string> all_etags() const {
        std::map<std::string, std::string> etags;
        for (const auto& [scope, posted] : notice()->feeds) etags[scope] = posted.snapshot->identity.etag;
        return etags;
    }
    std::string holder(const std::string& date) const {
        for (const Assignment& assignment : notice()->plan->assignments) {
            if (assignment.shift.key.date == day(date))
                return assignment.member ? assignment.member->email() : "nobody";
        }
        return "no shift";
    }
    SourceState source_of(size_t index) const { return notice()->sources.at(index); }
    void tick_after(Duration by) {
        world.clock.advance(by);
        service.tick();
    }

    World& world;
    NoticeBoard board;
    Service service;
};

std::string event_of(const std::string& feed, const std::string& date) {
    const size_t uid = feed.find("UID:" + date);
    REQUIRE(uid != std::string::npos);
    return feed.substr(uid, feed.find("END:VEVENT", uid) - uid);
}

std::string value(const std::string& event, const std::string& property) {
    const size_t start = event.find("\r\n" + property) + 2;
    return event.substr(start, event.find("\r\n", start) - start);
}

}  // namespace

TEST_CASE("The first tick reads the calendars, plans and shows all feeds") {
    World world;
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));
    Running running(world);
    running.service.tick();

    REQUIRE(running.notice()->ready());
    CHECK(running.notice()->feeds.size() == 7);
    CHECK(running.holder("2026-11-24") == "alice@example.com");
    CHECK(running.holder("2026-11-25") == "carol@example.com");
    CHECK(running.bytes().find("SUMMARY:MRO: carol") != std::string::npos);
    CHECK(running.bytes("absences").find("bob") != std::string::npos);
    CHECK(running.bytes("absences").find("Vacation") == std::string::npos);
    for (const SourceState& source : running.notice()->sources) CHECK(source.health == SourceHealth::ok);
    CHECK(world.store.publications == 1);
}

TEST_CASE("Shifts of today that ended before the service was there are nobody's") {
    World world;
    world.clock.set(at("2026-11-24T20:00:00Z"));
    Running running(world);
    running.service.tick();
    CHECK(running.holder("2026-11-24") == "no shift");
    CHECK(running.holder("2026-11-25") != "no shift");
}

TEST_CASE("A second refresh without change writes nothing and keeps every byte") {
    World world;
    Running running(world);
    running.service.tick();
    const auto etags = running.all_etags();
    const auto snapshot = running.feed("rotation");
    const int writes = world.store.writes();
    running.tick_after(minutes(10));
    running.tick_after(minutes(10));
    CHECK(world.source.fetches("/alice.ics") == 3);
    CHECK(world.store.writes() == writes);
    CHECK(running.all_etags() == etags);
    CHECK(running.feed("rotation") == snapshot);
}

TEST_CASE("A calendar without conditional GET that sends the same again is no change") {
    World world;
    world.source.serve_always("/alice.ics", calendar_of({}));
    Running running(world);
    running.service.tick();
    const auto plan = running.notice()->plan;
    const int writes = world.store.writes();
    running.tick_after(minutes(10));
    CHECK(world.store.writes() == writes);
    CHECK(running.notice()->plan == plan);
}

TEST_CASE("A restart shows the same bytes before any source has answered") {
    World world;
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-27", "Vacation"}}));
    std::map<std::string, std::string> etags;
    Instant modified;
    {
        Running running(world);
        running.service.tick();
        etags = running.all_etags();
        modified = running.feed("rotation")->last_modified;
    }
    world.clock.advance(minutes(3));
    for (const char* location : {"/alice.ics", "/bob.ics", "/carol.ics"})
        world.source.break_down(location, {ErrorCode::timeout, "no answer", ""});
    const int publications = world.store.publications;

    Running again(world);
    again.service.tick();
    CHECK(again.all_etags() == etags);
    CHECK(again.feed("rotation")->last_modified == modified);
    CHECK(world.store.publications == publications);
    for (const SourceState& source : again.notice()->sources) {
        CHECK(source.health == SourceHealth::stale);
        CHECK(source.last_success == noon);
        REQUIRE(source.last_error);
        CHECK(source.last_error->code == ErrorCode::timeout);
    }
}

TEST_CASE("A restart shows feeds before it asks any source") {
    World world;
    { Running(world).service.tick(); }
    std::atomic<bool> shown = false;
    std::atomic<int> asked_too_early = 0;
    for (const char* location : {"/alice.ics", "/bob.ics", "/carol.ics"}) {
        world.source.set(location, [&](const Validators& last) -> Result<Fetched> {
            if (!shown) ++asked_too_early;
            return Fetched{true, "", last};
        });
    }
    ServiceOptions options;
    options.on_posted = [&](const TeamNotice& notice) { shown = shown || notice.ready(); };
    Running again(world, std::move(options));
    again.service.tick();
    CHECK(shown);
    CHECK(asked_too_early == 0);
}

TEST_CASE("A moved shift keeps its UID and raises SEQUENCE, and the feed's date moves") {
    World world;
    Running running(world);
    running.service.tick();
    const std::string before = event_of(running.bytes(), "2026-11-25");
    CHECK(value(before, "SUMMARY") == "SUMMARY:MRO: bob");
    CHECK(value(before, "SEQUENCE") == "SEQUENCE:0");
    const std::string etag = running.feed("rotation")->identity.etag;

    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));
    running.tick_after(minutes(10));
    const std::string after = event_of(running.bytes(), "2026-11-25");
    CHECK(value(after, "UID") == value(before, "UID"));
    CHECK(value(after, "SUMMARY") != value(before, "SUMMARY"));
    CHECK(value(after, "SEQUENCE") == "SEQUENCE:1");
    CHECK(value(after, "LAST-MODIFIED") == "LAST-MODIFIED:20261124T121000Z");
    CHECK(running.feed("rotation")->identity.etag != etag);
    CHECK(running.feed("rotation")->last_modified == noon + minutes(10));

    // The absence is withdrawn after all: a third version, never an older number.
    world.source.serve("/bob.ics", calendar_of({}));
    running.tick_after(minutes(10));
    const std::string back = event_of(running.bytes(), "2026-11-25");
    if (value(back, "SUMMARY") != value(after, "SUMMARY")) CHECK(value(back, "SEQUENCE") == "SEQUENCE:2");
}

TEST_CASE("An event that vanishes moves Last-Modified too") {
    World world;
    world.source.serve("/bob.ics", calendar_of({{"2026-11-28", "2026-11-29", "Vacation"}}));
    Running running(world);
    running.service.tick();
    CHECK(running.feed("absences")->last_modified == noon);
    world.source.serve("/bob.ics", calendar_of({}));
    running.tick_after(minutes(10));
    CHECK(running.bytes("absences").find("VEVENT") == std::string::npos);
    CHECK(running.feed("absences")->last_modified == noon + minutes(10));
    Running again(world);
    again.service.tick();
    CHECK(again.feed("absences")->last_modified == noon + minutes(10));
}

TEST_CASE("A source that fails keeps the feeds, is shown as stale, and is asked less and less") {
    World world;
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));
    Running running(world);
    running.service.tick();
    const auto etags = running.all_etags();
    const int fetches = world.source.fetches("/bob.ics");

    world.source.break_down("/bob.ics", {ErrorCode::unavailable, "the server answers 500", ""});
    for (int i = 0; i < 36; ++i) running.tick_after(minutes(10));
    CHECK(running.all_etags() == etags);
    CHECK(running.source_of(1).health == SourceHealth::stale);
    CHECK(running.source_of(1).last_success == noon);
    CHECK(running.source_of(1).last_attempt > noon + hours(4));
    CHECK(running.source_of(0).health == SourceHealth::ok);
    // Every ten minutes would be 36 more.
    CHECK(world.source.fetches("/bob.ics") - fetches < 15);
    CHECK(world.source.fetches("/alice.ics") == 37);

    world.source.serve("/bob.ics", calendar_of({}));
    running.tick_after(hours(2));
    CHECK(running.source_of(1).health == SourceHealth::ok);
    CHECK_FALSE(running.source_of(1).last_error);
}

TEST_CASE("A page that is no calendar does not replace the last good copy") {
    World world;
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));
    {
        Running running(world);
        running.service.tick();
        const auto etags = running.all_etags();
        world.source.serve("/bob.ics", login_page);
        running.tick_after(minutes(10));
        CHECK(running.all_etags() == etags);
        CHECK(running.source_of(1).health == SourceHealth::stale);
        CHECK(running.source_of(1).last_error->code == ErrorCode::not_a_calendar);
    }
    Running again(world);
    again.service.tick();
    CHECK(again.holder("2026-11-25") == "carol@example.com");
    CHECK(again.source_of(1).health == SourceHealth::stale);
}

TEST_CASE("One bad calendar stops neither the others nor the feeds") {
    World world;
    world.source.serve("/alice.ics", login_page);
    world.source.set("/carol.ics", [](const Validators&) -> Result<Fetched> { throw std::bad_alloc(); });
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));
    Running running(world);
    running.service.tick();
    REQUIRE(running.notice()->ready());
    CHECK(running.source_of(0).health == SourceHealth::failing);
    CHECK(running.source_of(1).health == SourceHealth::ok);
    CHECK(running.source_of(2).health == SourceHealth::failing);
    CHECK(running.holder("2026-11-25") == "carol@example.com");
}

TEST_CASE("A first plan waits for the slow calendar, and news of the others does not wait later") {
    World world;
    std::mutex mutex;
    std::condition_variable changed;
    bool go = false;
    world.source.set("/carol.ics", [&](const Validators&) -> Result<Fetched> {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&go] { return go; });
        return Fetched{false, calendar_of({{"2026-11-26", "2026-11-27", "Vacation"}}), {}};
    });
    const auto let_go = [&](bool value) {
        const std::lock_guard lock(mutex);
        go = value;
        changed.notify_all();
    };
    ServiceOptions options;
    options.patience = std::chrono::milliseconds(1);
    Running running(world, std::move(options));
    running.service.tick();
    CHECK_FALSE(running.notice()->ready());
    // Its feeds exist already, and ask for patience.
    CHECK(running.notice()->feeds.at("rotation").snapshot == nullptr);
    CHECK(running.notice()->feeds.at("rotation").token.size() == 32);

    let_go(true);
    REQUIRE(running.service.wait_for_fetches(std::chrono::seconds(20)));
    running.service.tick();
    REQUIRE(running.notice()->ready());
    CHECK(running.holder("2026-11-26") != "carol@example.com");

    let_go(false);
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));
    running.tick_after(minutes(10));
    // Bob's news may need another moment than one tick's patience, carol's answer never comes.
    for (int i = 0; i < 2000 && running.holder("2026-11-25") == "bob@example.com"; ++i) {
        running.service.wait_for_fetches(std::chrono::milliseconds(10));
        running.service.tick();
    }
    CHECK(running.holder("2026-11-25") == "carol@example.com");
    let_go(true);
}

TEST_CASE("When the day turns the horizon moves on and history stays") {
    World world;
    Running running(world);
    running.service.tick();
    CHECK(running.holder("2026-12-23") != "no shift");
    CHECK(running.holder("2026-12-24") == "no shift");
    std::map<std::string, std::string> before;
    for (const char* date : {"2026-11-24", "2026-11-25", "2026-11-26"}) before[date] = running.holder(date);
    const std::string today = event_of(running.bytes(), "2026-11-24");

    // 23:00Z is midnight in Paris.
    world.clock.set(at("2026-11-24T23:00:00Z"));
    running.service.tick();
    CHECK(running.holder("2026-12-24") != "no shift");
    for (const auto& [date, holder] : before) CHECK(running.holder(date) == holder);
    CHECK(event_of(running.bytes(), "2026-11-24") == today);
}

TEST_CASE("The flow wakes when a day turns, and never sleeps longer than a minute") {
    World world;
    Running running(world);
    CHECK(running.service.tick() <= noon + minutes(1));
    world.clock.set(at("2026-11-24T22:59:30Z"));
    CHECK(running.service.tick() <= at("2026-11-24T23:00:00Z"));
}

TEST_CASE("After a month the feed shows thirty days back and old versions are forgotten") {
    World world;
    Running running(world);
    running.service.tick();
    for (int i = 10; i <= 40; i += 10) {
        world.clock.set(noon + std::chrono::days(i));
        running.service.tick();
    }
    // Today is 3 January.
    CHECK(running.bytes().find("UID:2026-12-03.") == std::string::npos);
    CHECK(running.bytes().find("UID:2026-12-04.") != std::string::npos);
    for (int i = 60; i <= 120; i += 20) {
        world.clock.set(noon + std::chrono::days(i));
        running.service.tick();
    }
    const auto versions = world.store.event_versions("payments");
    REQUIRE(versions);
    for (const auto& [uid, version] : *versions) {
        INFO(uid);
        CHECK_FALSE(uid.starts_with("2026-11"));
    }
    CHECK(world.store.assignments("payments", {day("2026-11-24"), day("2026-11-25")})->size() == 1);
}

TEST_CASE("A reload keeps unchanged teams as they are and replans changed ones") {
    World world;
    Running running(world);
    running.service.tick();
    const auto plan = running.notice()->plan;
    const int fetches = world.source.fetches("/alice.ics");
    running.service.set_teams({world.team});
    running.service.tick();
    CHECK(running.notice()->plan == plan);
    CHECK(world.source.fetches("/alice.ics") == fetches);

    Team smaller = world.team;
    smaller.rotations[0].members.erase(smaller.rotations[0].members.begin() + 1);
    running.service.set_teams({smaller});
    running.service.tick();
    for (const Assignment& assignment : running.notice()->plan->assignments) {
        if (assignment.shift.when.start > noon) CHECK(assignment.member != id("bob@example.com"));
    }
}

TEST_CASE("A reload adds and removes teams") {
    World world;
    Running running(world);
    running.service.tick();
    Team other = world.team;
    other.name = "search";
    running.service.set_teams({world.team, other});
    running.service.tick();
    REQUIRE(running.board.find("search"));
    CHECK(running.board.find("search")->ready());
    CHECK(running.board.find("search")->feeds.at("rotation").token !=
          running.notice()->feeds.at("rotation").token);
    running.service.set_teams({other});
    running.service.tick();
    CHECK_FALSE(running.board.find("payments"));
}

TEST_CASE("Holiday calendars take everybody of their site away") {
    World world;
    world.team.members[0].site = "paris";
    CalendarRef holidays;
    holidays.location = "/fr.ics";
    world.team.holidays = {{holidays, "paris"}};
    world.source.serve("/fr.ics", calendar_of({{"2026-11-24", "2026-12-10", "Long holiday"}}));
    Running running(world);
    running.service.tick();
    for (const Assignment& assignment : running.notice()->plan->assignments) {
        if (assignment.shift.key.date < day("2026-12-10"))
            CHECK(assignment.member != id("alice@example.com"));
    }
}

TEST_CASE("A store that cannot be written keeps what is shown and is tried again") {
    World world;
    Running running(world);
    running.service.tick();
    const auto etags = running.all_etags();
    world.store.failing = true;
    world.source.serve("/bob.ics", calendar_of({{"2026-11-25", "2026-11-26", "Vacation"}}));
    running.tick_after(minutes(10));
    CHECK(running.all_etags() == etags);
    CHECK(running.holder("2026-11-25") == "bob@example.com");
    CHECK(world.log.text.str().find("the disk is full") != std::string::npos);

    world.store.failing = false;
    running.tick_after(std::chrono::seconds(10));
    CHECK(running.all_etags() == etags);
    running.tick_after(std::chrono::seconds(20));
    CHECK(running.holder("2026-11-25") == "carol@example.com");
}

TEST_CASE("A start on a full disk shows what was published, and plans once there is room") {
    World world;
    std::string before;
    {
        Running running(world);
        running.service.tick();
        before = running.bytes();
    }
    world.clock.advance(hours(48));
    world.source.serve("/bob.ics", calendar_of({{"2026-12-01", "2026-12-02", "Vacation"}}));
    world.store.full = true;
    Running running(world);
    running.service.tick();
    REQUIRE(running.notice()->ready());
    CHECK(running.holder("2026-11-24") == "alice@example.com");
    CHECK(running.holder("2026-12-23") != "no shift");
    CHECK(running.holder("2026-12-25") == "no shift");  // beyond the horizon that was published
    for (const char* date : {"2026-11-25", "2026-12-01", "2026-12-23"})
        CHECK(event_of(running.bytes(), date) == event_of(before, date));
    CHECK(running.bytes("absences").find("BEGIN:VCALENDAR") == 0);
    world.store.full = false;
    running.tick_after(Duration(31));
    CHECK(running.holder("2026-12-25") != "no shift");
    CHECK(running.holder("2026-12-01") != "bob@example.com");
}

TEST_CASE("Raising a feed's generation changes its token at the next tick") {
    World world;
    Running running(world);
    running.service.tick();
    const auto token = [&](const std::string& scope) { return running.notice()->feeds.at(scope).token; };
    const std::string rotation = token("rotation");
    const std::string absences = token("absences");
    REQUIRE(world.store.raise_feed_generation(
        "payments", "rotation",
        {at("2026-11-24T12:00:00Z"), "cli:test", "", "payments", "feed.revoked", ""}));
    running.tick_after(minutes(1));
    CHECK(token("rotation") != rotation);
    CHECK(token("absences") == absences);
}

TEST_CASE("The flow runs in a thread of its own until it is stopped") {
    World world;
    std::mutex mutex;
    std::condition_variable posted;
    bool ready = false;
    ServiceOptions options;
    options.on_posted = [&](const TeamNotice& notice) {
        const std::lock_guard lock(mutex);
        ready = ready || notice.ready();
        posted.notify_all();
    };
    Running running(world, std::move(options));
    std::thread flow([&running] { running.service.run(); });
    {
        std::unique_lock lock(mutex);
        CHECK(posted.wait_for(lock, std::chrono::seconds(20), [&ready] { return ready; }));
    }
    // Readers and reloads while it works.
    for (int i = 0; i < 20; ++i) {
        running.service.set_teams({world.team});
        CHECK(running.notice()->ready());
    }
    running.service.stop();
    flow.join();
}

}  // namespace service_test
