// Overrides whose member leaves the team, falls ill or needs rest afterwards: what becomes of the shift, and
// who is told.
#include <catch2/catch.hpp>
#include <set>

#include "rotation/duty_chain.h"
#include "rotation/fair_planner.h"
#include "rotation/reasons.h"
#include "service/calendar_world.h"
#include "service/service.h"
#include "service/team_actions.h"

namespace override_endings_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");  // a Tuesday; the shift of the day runs until 17:00Z
const DaySpan december{day("2026-11-01"), day("2027-01-01")};

// A night from 22:00 to 07:00 in Paris.
std::string night_of(const std::string& date, const std::string& next) {
    const auto compact = [](std::string text) {
        std::erase(text, '-');
        return text;
    };
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\nBEGIN:VEVENT\r\nUID:night@test\r\n"
           "DTSTAMP:20260101T000000Z\r\nDTSTART:" +
           compact(date) + "T210000Z\r\nDTEND:" + compact(next) +
           "T060000Z\r\nSUMMARY:Night duty\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

struct World : CalendarWorld {
    World() { start(); }
    void start() {
        service = std::make_unique<Service>(Ports{&source, &store, &planner, log.logger.get()}, clock,
                                            FeedTokens("a secret of some length"), board);
        reload();
    }
    void reload() {
        service->set_teams({team});
        service->tick();
    }
    void refresh() {
        clock.advance(minutes(5));
        service->tick();
        service->tick();
    }
    std::shared_ptr<const TeamNotice> notice() const { return board.find("payments"); }
    std::string all_bytes() const {
        std::string all;
        for (const auto& [scope, posted] : notice()->feeds) all += *posted.snapshot->identity.bytes;
        return all;
    }
    Assignment shift(const std::string& date) const {
        for (const Assignment& assignment : notice()->plan->assignments)
            if (assignment.shift.key.date == day(date)) return assignment;
        return {};
    }
    std::string holder(const std::string& date) const {
        const Assignment found = shift(date);
        return found.member ? found.member->email() : "nobody";
    }
    std::string sentence(const std::string& date) const {
        return explain_in_one_sentence(*notice()->team, shift(date));
    }
    std::vector<Override> overrides() { return store.overrides("payments", december).value(); }
    std::set<std::string> told() {
        std::set<std::string> people;
        const auto entries = store.outbox("payments", "", 100).value();
        for (const OutboxEntry& entry : entries)
            if (entry.message.kind == "override") people.insert(entry.message.recipient.email());
        return people;
    }
    std::string last_mail() { return store.outbox("payments", "", 100).value().front().message.text; }
    ActionResult<OverrideOutcome> give(const std::string& date, const std::string& name, bool force = false) {
        const auto shown = notice();
        auto outcome =
            set_override(store, {*shown->team, *shown->plan, *shown->availability},
                         {{"mro", day(date)}, name + "@example.com", "dentist", "carol@example.com", force},
                         {"token:ops", ""}, clock.now());
        clock.advance(minutes(1));
        service->tick();
        return outcome;
    }

    FairPlanner planner;
    NoticeBoard board;
    std::unique_ptr<Service> service;
};

}  // namespace

TEST_CASE("An override to somebody who falls ill or needs rest afterwards ends, and all are told") {
    World world;
    REQUIRE(world.holder("2026-12-01") != "alice@example.com");
    const std::string by_plan = world.holder("2026-12-01");
    REQUIRE(world.give("2026-12-01", "alice"));
    REQUIRE(world.holder("2026-12-01") == "alice@example.com");
    std::string why;
    SECTION("ill") {
        world.source.serve("/alice.ics", calendar_of({{"2026-12-01", "2026-12-02", "Sick"}}));
        why = "absent (sick, Tue 1 Dec)";
    }
    SECTION("on duty the night before") {
        world.source.serve("/alice.ics", night_of("2026-11-30", "2026-12-01"));
        why = "resting after night duty";
    }
    world.refresh();
    CHECK(world.holder("2026-12-01") == by_plan);
    CHECK(world.overrides().empty());
    CHECK(world.told() == std::set<std::string>{"alice@example.com", "carol@example.com", by_plan});
    CHECK_THAT(world.last_mail(),
               Catch::Contains("MRO on Tue 1 Dec 2026, which was given to alice, goes back") &&
                   Catch::Contains("alice is " + why) &&
                   Catch::Contains("carol had given it to alice (dentist)"));
    CHECK_THAT(world.sentence("2026-12-01"), Catch::Contains("people had given it to alice, who is " + why));
    CHECK_THAT(explain_at_length(*world.notice()->team, *world.notice()->plan, world.shift("2026-12-01")),
               Catch::Contains("was given this shift by people, which ended: " + why));
    CHECK(world.store.audit_log("payments", 1).value().front().action == "override.ended");

    // Nothing more comes of it, also when she is well again.
    const std::string bytes = world.all_bytes();
    const int publications = world.store.publications;
    world.refresh();
    world.start();
    world.refresh();
    CHECK(world.all_bytes() == bytes);
    CHECK(world.store.publications == publications);
    world.source.serve("/alice.ics", calendar_of({}));
    world.refresh();
    CHECK(world.holder("2026-12-01") == by_plan);
    CHECK(world.store.outbox("payments", "", 100).value().size() == world.told().size());
}

TEST_CASE("An override to somebody who was away already was forced: it stays, and says so") {
    World world;
    world.source.serve("/alice.ics", calendar_of({{"2026-12-01", "2026-12-02", "Vacation"}}));
    world.refresh();
    REQUIRE_FALSE(world.give("2026-12-01", "alice"));
    REQUIRE(world.give("2026-12-01", "alice", true));
    REQUIRE(world.overrides().size() == 1);
    CHECK(world.overrides().front().forced);
    for (int i = 0; i < 2; ++i) {
        world.refresh();
        const Assignment shift = world.shift("2026-12-01");
        CHECK(shift.member == id("alice@example.com"));
        CHECK(is_forced(shift));
        REQUIRE(shift.reasons.size() > 1);
        CHECK(shift.reasons[0].code == ReasonCode::override_set);
        CHECK(shift.reasons[1].code == ReasonCode::absent);
        CHECK(shift.reasons[1].member == id("alice@example.com"));
        CHECK_THAT(world.sentence("2026-12-01"),
                   Catch::Contains("FORCED although absent (vacation, Tue 1 Dec)"));
        CHECK_THAT(explain_at_length(*world.notice()->team, *world.notice()->plan, shift),
                   Catch::Contains("forced, although absent (vacation, Tue 1 Dec)"));
        CHECK(world.told().empty());
        world.start();
    }
    // Asked for again it stands.
    const auto again = world.give("2026-12-01", "alice");
    REQUIRE(again);
    CHECK_FALSE(again->changed);
}

TEST_CASE("Force where nothing stands in the way holds no longer than any other override") {
    World world;
    REQUIRE(world.give("2026-12-01", "alice", true));
    CHECK_FALSE(world.overrides().front().forced);
    world.source.serve("/alice.ics", calendar_of({{"2026-12-01", "2026-12-02", "Sick"}}));
    world.refresh();
    CHECK(world.holder("2026-12-01") != "alice@example.com");
    // Now that it is known it may be forced, even before any plan was made.
    REQUIRE(world.give("2026-12-01", "alice", true));
    CHECK(world.holder("2026-12-01") == "alice@example.com");
    CHECK(is_forced(world.shift("2026-12-01")));
}

TEST_CASE("Whoever leaves the team serves nothing from the reload on, whatever people had decided") {
    World world;
    REQUIRE(world.holder("2026-11-24") == "alice@example.com");  // runs
    const std::string by_plan = world.holder("2026-12-01");
    REQUIRE(by_plan == "bob@example.com");
    REQUIRE(world.give("2026-12-01", "alice", GENERATE(false, true)));
    world.team.members.erase(world.team.members.begin());
    world.team.rotations[0].members.erase(world.team.rotations[0].members.begin());
    world.reload();
    for (const Assignment& assignment : world.notice()->plan->assignments)
        if (assignment.shift.when.start > noon) CHECK(assignment.member != id("alice@example.com"));
    CHECK(world.overrides().empty());
    CHECK(world.holder("2026-11-24") == "alice@example.com");  // on paper
    CHECK(world.told() ==
          std::set<std::string>{"alice@example.com", "carol@example.com", world.holder("2026-12-01")});
    CHECK_THAT(world.sentence("2026-12-01"), Catch::Contains("not a member of the team any more"));
    const DutyChain chain = duty_chain_at(
        {world.notice()->team.get(), world.notice()->plan.get(), world.notice()->availability.get()},
        world.clock.now());
    CHECK(chain.links.empty());
    const int publications = world.store.publications;
    world.service->tick();
    world.refresh();
    CHECK(world.store.publications == publications);
}

TEST_CASE("An override to somebody who is not on the roster any more, but in the team, stays") {
    World world;
    REQUIRE(world.give("2026-12-01", "alice"));
    world.team.rotations[0].members.erase(world.team.rotations[0].members.begin());
    world.reload();
    CHECK(world.holder("2026-12-01") == "alice@example.com");
    CHECK(world.overrides().size() == 1);
    for (const Assignment& assignment : world.notice()->plan->assignments)
        if (assignment.shift.when.start > noon && !assignment.overridden)
            CHECK(assignment.member != id("alice@example.com"));
}

}  // namespace override_endings_test
