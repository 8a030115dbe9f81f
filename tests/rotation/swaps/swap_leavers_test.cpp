// Swaps with people who have left the team.
#include <catch2/catch.hpp>

#include "rotation/swaps/swap_rules.h"
#include "rotation/swaps/swap_world.h"

namespace swap_leavers_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

constexpr auto accepted = ParticipationStatus::accepted;

// Alice holds Monday 2 March 2026, Bob Tuesday; she asks him, and he has answered so.
SwapWorld asked(const std::string& title, ParticipationStatus answer) {
    SwapWorld world(two_site_team(), at("2026-03-01T20:00:00Z"));
    world.team.notice_days = 60;
    world.refresh();
    REQUIRE(world.holder("2026-03-02") == "alice");
    SwapEntry entry;
    entry.uid = "u1";
    entry.title = title;
    entry.when = {at("2026-03-02T11:00:00Z"), at("2026-03-02T12:00:00Z")};
    entry.organizer = alice;
    entry.attendees = {{alice, accepted}, {bob, ParticipationStatus::needs_action}};
    world.calendars[alice].push_back(entry);
    entry.attendees.back().second = answer;
    world.calendars[bob].push_back(entry);
    world.refresh();
    REQUIRE(world.known.size() == 1);
    return world;
}

void leaves(SwapWorld& world, const MemberId& who) {
    std::erase_if(world.team.members, [&who](const Member& member) { return member.id == who; });
    for (Rotation& rotation : world.team.rotations) std::erase(rotation.members, who);
    world.refresh();
}

bool is_over(const SwapWorld& world) {
    for (const Swap& swap : world.known) {
        const bool is_first = swap.organizer == alice && swap.colleague == bob;
        if (is_first && (swap.state == SwapState::applied || swap.state == SwapState::proposed)) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("an applied swap ends when either of the two leaves the team, and serves nobody") {
    const std::string title = GENERATE("MRO swap", "MRO cover");
    const MemberId leaver = GENERATE(alice, bob);
    INFO(title << ' ' << leaver.email());
    SwapWorld world = asked(title, accepted);
    REQUIRE(world.holder("2026-03-02") == "bob");
    leaves(world, leaver);
    CHECK(is_over(world));
    CHECK(world.overrides.empty());
    for (const Assignment& row : world.plan.assignments) CHECK(row.member != leaver);
    CHECK_FALSE(world.refresh());
}

TEST_CASE("a proposed swap ends when either of the two leaves the team") {
    const MemberId leaver = GENERATE(alice, bob);
    INFO(leaver.email());
    SwapWorld world = asked("MRO swap", ParticipationStatus::needs_action);
    REQUIRE(world.known.front().state == SwapState::proposed);
    leaves(world, leaver);
    CHECK(is_over(world));
    CHECK_FALSE(world.refresh());
}

}  // namespace swap_leavers_test
