// Who asks, and who has agreed, where calendars are published without people or say no in the title.
#include "rotation/swap_requests.h"

#include <catch2/catch.hpp>

#include "rotation/swap_entries.h"

namespace swap_requests_test {

using namespace watchbill;
using namespace watchbill::testing;
using namespace watchbill::testing::entries;

namespace {

constexpr auto accepted = ParticipationStatus::accepted;
constexpr auto unanswered = ParticipationStatus::needs_action;
const MemberId list = id("mro-team@lists.example.com");

void check_not_applied(SwapWorld& world) {
    world.refresh();
    CHECK(applied_in(world) == 0);
    CHECK(world.overrides.empty());
    CHECK(world.holder("2026-03-02") == "alice");
    CHECK(world.holder("2026-03-03") == "bob");
    CHECK_FALSE(world.refresh());
}

}  // namespace

TEST_CASE("one UID in two calendars is one event, whatever it leaves out and whatever its title names") {
    const std::string title =
        GENERATE(as<std::string>(), "MRO cover for Alice", "MRO swap Alice and Bob", "MRO swap Alice / Bob",
                 "MRO cover Alice Bob", "MRO swap with Alice", "MRO Tausch Alice Bob");
    const std::string bobs_uid = GENERATE(as<std::string>(), "Uid-1", "uid-1", "UID-1", " uid-1 ", "uid-\t1");
    const std::string bobs_day = GENERATE(as<std::string>(), "2026-03-02", "2026-03-03");
    CAPTURE(title, bobs_uid, bobs_day);
    SwapWorld world = paris();
    world.calendars[alice] = {plain("Uid-1", title)};
    world.calendars[bob] = {plain(bobs_uid, title, bobs_day)};
    check_not_applied(world);
    // Another title in the copy, or a series of which each shows another instance.
    world.calendars[bob].front().title = "MRO swap with Alice";
    check_not_applied(world);
    world.calendars[alice].front().recurrence_id = "2026-03-02T11:00:00Z";
    world.calendars[bob].front().recurrence_id = bobs_day + "T11:00:00Z";
    check_not_applied(world);
}

TEST_CASE("an invitation to a mailing list that nobody has answered is no consent") {
    const std::string title = GENERATE(as<std::string>(), "MRO cover for Alice", "MRO swap Alice and Bob");
    const bool keeps_list = GENERATE(true, false);
    const std::string bobs_uid = GENERATE(as<std::string>(), "u", "another in this export");
    CAPTURE(title, keeps_list, bobs_uid);
    SwapWorld world = paris();
    SwapEntry entry = plain("u", title);
    entry.organizer = alice;
    entry.attendees = {{list, unanswered}};
    world.calendars[alice] = {entry};
    world.calendars[bob] = {plain(bobs_uid, title)};
    if (keeps_list) world.calendars[bob].front().attendees = {{list, accepted}};
    check_not_applied(world);
    // The organiser may be gone as well.
    world.calendars[alice].front().organizer.reset();
    world.calendars[alice].front().attendees.clear();
    world.calendars[bob].front().uid = "u";
    check_not_applied(world);
}

TEST_CASE(
    "the accepted answer in the colleague's own copy counts, also where the organiser's has no people") {
    const std::string title = GENERATE(as<std::string>(), "MRO cover for Alice", "MRO swap Alice and Bob");
    CAPTURE(title);
    SwapWorld world = paris();
    world.calendars[alice] = {plain("u", title)};
    world.calendars[bob] = {plain("U", title)};
    world.calendars[bob].front().attendees = {{bob, unanswered}};
    check_not_applied(world);
    world.calendars[bob].front().attendees = {{bob, accepted}};
    world.refresh();
    REQUIRE(world.known.size() == 1);
    CHECK(world.known.front().consent == SwapConsent::own_event);
    CHECK(world.holder("2026-03-02") == "bob");
}

TEST_CASE("two events that name each other still count") {
    SwapWorld world = paris();
    world.calendars[alice] = {plain("a", "MRO swap with Bob")};
    world.calendars[bob] = {plain("b", "MRO swap with Alice")};
    SECTION("as they are") {}
    SECTION("each inviting the other") {
        world.calendars[alice] = {invitation("a", "MRO swap", alice, bob),
                                  invitation("b", "MRO swap", bob, alice)};
        world.calendars[bob] = world.calendars[alice];
    }
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
    CHECK(world.holder("2026-03-03") == "alice");
}

TEST_CASE("what stands without an organiser in several people's calendars is nobody's own event") {
    // Deleted by Alice before her calendar was read, and left behind by the others.
    const auto [left_behind, new_title] = GENERATE(table<std::string, std::string>(
        {{"MRO swap Alice and Bob", "MRO swap with Bob"}, {"MRO cover for Alice", "MRO cover Bob"}}));
    const std::string carols_uid = GENERATE(as<std::string>(), "u1", "U1");
    CAPTURE(left_behind, carols_uid);
    SwapWorld world = paris();
    world.calendars[bob] = {plain("u1", left_behind)};
    world.calendars[carol] = {plain(carols_uid, left_behind)};
    SECTION("while both have it") { world.calendars[alice] = {plain("u2", new_title)}; }
    SECTION("once one of them has removed it") {
        world.refresh();
        world.calendars[carol].clear();
        world.calendars[alice] = {plain("u2", new_title)};
    }
    SECTION("where the other copy still has attendees") {
        world.calendars[carol].front().attendees = {{bob, unanswered}};
        world.calendars[alice] = {plain("u2", new_title)};
    }
    check_not_applied(world);
}

TEST_CASE(
    "an event of the colleague's own counts where the copy in a third calendar says that it is theirs") {
    SwapWorld world = paris();
    world.calendars[alice] = {plain("a", "MRO swap with Bob")};
    world.calendars[bob] = {plain("b", "MRO swap with Alice")};
    world.calendars[carol] = {invitation("b", "MRO swap with Alice", bob, list)};
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
    CHECK(world.holder("2026-03-03") == "alice");
}

TEST_CASE("a copy of the colleague's own invitation asks for nothing and agrees to nothing") {
    SwapWorld world = paris();
    // Bob asks, and Alice's published calendar shows it without people.
    world.calendars[bob] = {invitation("b", "MRO swap Alice and Bob", bob, alice, unanswered, "2026-03-03")};
    world.calendars[alice] = {plain("b", "MRO swap Alice and Bob", "2026-03-03")};
    check_not_applied(world);
    CHECK(world.known.size() == 1);
    CHECK(world.known.front().organizer == bob);
    // An event of Alice's own beside it, of which Bob has a copy too.
    world.calendars[alice].push_back(plain("a", "MRO swap with Bob"));
    world.calendars[bob].push_back(plain("a", "MRO swap with Bob"));
    world.calendars[bob].front().organizer.reset();
    world.calendars[bob].front().attendees.clear();
    check_not_applied(world);
}

TEST_CASE("a no in the title of the colleague's copy is a no") {
    const std::string before =
        GENERATE(as<std::string>(), "Declined: ", "[DECLINED] ",
                 "Refusé : ", "Abgelehnt: ", "Canceled: Declined: ", "AW: Abgelehnt: ");
    const std::string title = GENERATE(as<std::string>(), "MRO swap Alice / Bob", "MRO cover for Alice");
    const std::string bobs_uid = GENERATE(as<std::string>(), "u", "another");
    CAPTURE(before, title, bobs_uid);
    SwapWorld world = paris();
    world.calendars[alice] = {plain("u", title)};
    world.calendars[bob] = {plain(bobs_uid, before + title)};
    check_not_applied(world);
    if (before == "Declined: " && title.find("swap") != std::string::npos) {
        CHECK(world.known.front().state == SwapState::withdrawn);
        CHECK(world.known.front().reason == SwapReason::declined);
    }
    // The title is newer than the answer that the copy still has.
    world.calendars[bob].front().attendees = {{bob, accepted}};
    check_not_applied(world);
}

TEST_CASE("a no in the organiser's own title takes the swap back") {
    const std::string before =
        GENERATE(as<std::string>(), "Canceled: ", "[CANCELLED] ", "Annulé : ", "Declined: ", "Abgesagt: ");
    CAPTURE(before);
    SwapWorld world = paris();
    world.calendars[alice] = {invitation("u", "MRO swap", alice, bob)};
    world.calendars[bob] = {invitation("u", "MRO swap", alice, bob, accepted)};
    world.refresh();
    REQUIRE(world.holder("2026-03-02") == "bob");
    world.calendars[alice].front().title = before + "MRO swap";
    world.refresh();
    CHECK(world.known.front().state == SwapState::withdrawn);
    CHECK(world.known.front().reason == SwapReason::event_gone);
    check_not_applied(world);
}

TEST_CASE("a cancelled event of the colleague's own no longer agrees") {
    SwapWorld world = paris();
    world.calendars[alice] = {plain("a", "MRO swap with Bob")};
    world.calendars[bob] = {plain("b", "MRO swap with Alice")};
    world.refresh();
    REQUIRE(world.holder("2026-03-02") == "bob");
    world.calendars[bob].front().title = "Cancelled: MRO swap with Alice";
    check_not_applied(world);
}

}  // namespace swap_requests_test
