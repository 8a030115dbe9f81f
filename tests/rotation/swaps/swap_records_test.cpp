// Which event an answer by mail is to.
#include "rotation/swaps/swap_records.h"

#include <catch2/catch.hpp>

#include "rotation/swaps/swap_entries.h"

namespace swap_records_test {

using namespace watchbill;
using namespace watchbill::testing;
using namespace watchbill::testing::entries;

namespace {

constexpr auto accepted = ParticipationStatus::accepted;

const Swap& only(const SwapWorld& world) {
    REQUIRE(world.known.size() == 1);
    return world.known.front();
}

// What the service keeps when Bob answers the event with this UID.
void answer(SwapWorld& world, const std::string& uid, bool yes, const MemberId& who = bob) {
    const SwapEventRecord* event = find_record(only(world).events, swap_event_name(uid, ""));
    REQUIRE(event != nullptr);
    std::erase_if(world.replies, [&](const SwapReply& reply) {
        return reply.event == event->name && reply.round == event->round && reply.member == who;
    });
    world.replies.push_back(
        {only(world).id, who, only(world).counter, yes, 0, world.now, event->name, event->round});
}

void check_proposed(SwapWorld& world) {
    world.refresh();
    CHECK(only(world).state == SwapState::proposed);
    CHECK(world.holder("2026-03-02") == "alice");
    CHECK(world.overrides.empty());
    CHECK_FALSE(world.refresh());
}

void check_applied(SwapWorld& world) {
    world.refresh();
    CHECK(only(world).state == SwapState::applied);
    CHECK(world.holder("2026-03-02") == "bob");
    CHECK_FALSE(world.refresh());
}

void check_declined(SwapWorld& world) {
    world.refresh();
    CHECK(only(world).state == SwapState::withdrawn);
    CHECK(only(world).reason == SwapReason::declined);
    CHECK(world.holder("2026-03-02") == "alice");
    CHECK_FALSE(world.refresh());
}

}  // namespace

TEST_CASE("a new event has no answers yet, whatever was said to the one before") {
    const std::string title = GENERATE(as<std::string>(), "MRO swap", "MRO cover");
    const bool bob_has_calendar = GENERATE(true, false);
    const bool noticed = GENERATE(true, false);  // the time between the two events
    CAPTURE(title, bob_has_calendar, noticed);
    SwapWorld world = paris();
    world.readable[bob] = bob_has_calendar;
    world.calendars[alice] = {invitation("uid-1", title, alice, bob)};
    check_proposed(world);
    answer(world, "uid-1", true);
    check_applied(world);
    world.calendars[alice].clear();
    if (noticed) {
        world.refresh();
        CHECK(only(world).state == SwapState::withdrawn);
        CHECK(only(world).reason == SwapReason::event_gone);
    }
    world.calendars[alice] = {invitation("uid-2", title, alice, bob)};
    check_proposed(world);
    CHECK(only(world).events.front().name == "uid-2");
    CHECK(find_record(only(world).events, "uid-1")->gone);
    SECTION("a no to it") {
        answer(world, "uid-2", false);
        check_declined(world);
    }
    SECTION("a yes to it") {
        answer(world, "uid-2", true);
        check_applied(world);
        answer(world, "uid-2", false);
        check_declined(world);
    }
}

TEST_CASE("after a no to one event another may be answered with yes, whether the first is there or not") {
    const bool first_stays = GENERATE(true, false);
    CAPTURE(first_stays);
    SwapWorld world = paris();
    world.calendars[alice] = {invitation("uid-a", "MRO swap", alice, bob)};
    world.refresh();
    answer(world, "uid-a", false);
    check_declined(world);
    if (!first_stays) world.calendars[alice].clear();
    world.calendars[alice].push_back(invitation("uid-b", "MRO swap", alice, bob));
    check_proposed(world);
    answer(world, "uid-b", true);
    check_applied(world);
}

TEST_CASE("an event that comes back under its UID asks anew") {
    const int sequence = GENERATE(0, 2);
    SwapWorld world = paris();
    world.calendars[alice] = {invitation("uid-1", "MRO swap", alice, bob)};
    world.refresh();
    answer(world, "uid-1", true);
    check_applied(world);
    world.calendars[alice].clear();
    world.refresh();
    world.calendars[alice] = {invitation("UID-1", "MRO swap", alice, bob)};
    world.calendars[alice].front().sequence = sequence;
    check_proposed(world);
    CHECK(only(world).events.front().round == 1);
    CHECK(only(world).events.front().first_sequence == sequence);
    answer(world, "uid-1", true);
    check_applied(world);
}

TEST_CASE("the colleague's copy of a deleted event agrees to no later one") {
    SwapWorld world = paris();
    world.calendars[alice] = {invitation("uid-1", "MRO swap", alice, bob)};
    world.calendars[bob] = {invitation("uid-1", "MRO swap", alice, bob, accepted)};
    check_applied(world);
    world.calendars[alice] = {invitation("uid-2", "MRO swap", alice, bob)};
    SECTION("which stays in their calendar") {}
    SECTION("beside that of the new one") {
        world.calendars[bob].push_back(invitation("uid-2", "MRO swap", alice, bob));
    }
    SECTION("which cannot be read now") { world.readable[bob] = false; }
    check_proposed(world);
}

TEST_CASE("a copy without people of a deleted event is no event that names the organiser") {
    SwapWorld world = paris();
    world.calendars[alice] = {plain("uid-1", "MRO swap Alice / Bob")};
    world.calendars[bob] = {plain("uid-1", "MRO swap Alice / Bob")};
    check_proposed(world);
    world.calendars[alice] = {plain("uid-2", "MRO swap Alice / Bob")};
    check_proposed(world);
}

TEST_CASE("a yes to an open cover's first event takes no second one") {
    SwapWorld world = paris();
    world.calendars[alice] = {plain("uid-1", "MRO cover")};
    check_proposed(world);
    answer(world, "uid-1", true);
    check_applied(world);
    world.readable[bob] = GENERATE(true, false);
    world.calendars[alice] = {plain("uid-2", "MRO cover")};
    check_proposed(world);
    CHECK_FALSE(only(world).colleague);
}

TEST_CASE("an answer from before events were told apart counts while there has been but one") {
    SwapWorld world = paris();
    world.calendars[alice] = {invitation("uid-1", "MRO swap", alice, bob)};
    world.refresh();
    world.replies = {{only(world).id, bob, only(world).counter, true, 0, world.now}};
    check_applied(world);
    SECTION("and is outdated by one that says it") {
        answer(world, "uid-1", false);
        check_declined(world);
    }
    SECTION("and serves no other event") {
        world.calendars[alice] = {invitation("uid-2", "MRO swap", alice, bob)};
        check_proposed(world);
    }
    SECTION("and not the same one once it was gone") {
        world.calendars[alice].clear();
        world.refresh();
        world.calendars[alice] = {invitation("uid-1", "MRO swap", alice, bob)};
        check_proposed(world);
    }
}

TEST_CASE("UIDs that differ in every export cost nothing that was agreed in calendars") {
    SwapWorld world = paris();
    world.calendars[alice] = {plain("a", "MRO swap with Bob")};
    world.calendars[bob] = {plain("b", "MRO swap with Alice")};
    for (int i = 0; i < 60; ++i) {
        world.calendars[alice].front().uid = "a" + std::to_string(i);
        world.calendars[bob].front().uid = "b" + std::to_string(i);
        world.refresh();
        CHECK(only(world).state == SwapState::applied);
    }
    CHECK(only(world).events.size() == 21);
    CHECK(only(world).events[1].name == "a58");
    CHECK(world.holder("2026-03-02") == "bob");
}

TEST_CASE("an event moved onto another shift asks for something else") {
    SwapWorld world = paris();
    REQUIRE(world.holder("2026-03-06") == "alice");
    world.calendars[alice] = {invitation("uid-1", "MRO swap", alice, bob)};
    world.refresh();
    answer(world, "uid-1", true);
    check_applied(world);
    world.calendars[alice].front().when = noon("2026-03-06");
    world.calendars[alice].front().sequence = 1;
    world.refresh();
    CHECK(applied_in(world) == 0);
    REQUIRE(world.known.size() == 2);
    CHECK(world.known[0].events.front().gone);
    CHECK(world.known[1].events.front() == SwapEventRecord{"uid-1", false, 0, 1, 1});
}

TEST_CASE("names of events compare without case and blanks, and instances belong to their series") {
    CHECK(swap_event_name(" Uid 1\t", "2026-03-02T11:00:00Z") ==
          swap_event_name("uid1", "2026-03-02t11:00:00z"));
    CHECK(names_event_of("Uid-1#2026-03-02", "uid-1"));
    CHECK(names_event_of("uid-1", "UID-1"));
    CHECK_FALSE(names_event_of("uid-10", "uid-1"));
    CHECK_FALSE(names_event_of("", ""));
}

}  // namespace swap_records_test
