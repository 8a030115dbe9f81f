#include "rotation/swaps/swap_rules.h"

#include <catch2/catch.hpp>
#include <random>

#include "rotation/swaps/swap_phrases.h"
#include "rotation/swaps/swap_world.h"

namespace swap_rules_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

constexpr auto accepted = ParticipationStatus::accepted;
constexpr auto declined = ParticipationStatus::declined;
constexpr auto tentative = ParticipationStatus::tentative;
constexpr auto unanswered = ParticipationStatus::needs_action;

// Monday 2 March 2026, the evening before.
SwapWorld paris(Instant now = at("2026-03-01T20:00:00Z")) {
    SwapWorld world(two_site_team(), now);
    world.team.notice_days = 60;
    world.refresh();
    REQUIRE(world.holder("2026-03-02") == "alice");
    REQUIRE(world.holder("2026-03-03") == "bob");
    REQUIRE(world.holder("2026-03-04") == "carol");
    REQUIRE(world.holder("2026-03-05") == "dan");
    return world;
}

Interval noon(std::string_view date) {
    const Instant start = at(std::string(date) + "T11:00:00Z");
    return {start, start + std::chrono::hours(1)};
}

SwapEntry invitation(std::string uid, std::string title, Interval when, const MemberId& organizer,
                     const MemberId& colleague, ParticipationStatus status) {
    SwapEntry entry;
    entry.uid = std::move(uid);
    entry.title = std::move(title);
    entry.when = when;
    entry.organizer = organizer;
    entry.attendees = {{organizer, accepted}, {colleague, status}};
    return entry;
}

SwapEntry plain(std::string uid, std::string title, Interval when) {
    SwapEntry entry;
    entry.uid = std::move(uid);
    entry.title = std::move(title);
    entry.when = when;
    return entry;
}

// The organiser's event, and the colleague's copy with their own answer.
void invite(SwapWorld& world, const SwapEntry& entry, ParticipationStatus answer) {
    world.calendars[*entry.organizer].push_back(entry);
    SwapEntry copy = entry;
    copy.attendees.back().second = answer;
    world.calendars[entry.attendees.back().first].push_back(copy);
}

const Swap& only(const SwapWorld& world) {
    REQUIRE(world.known.size() == 1);
    return world.known.front();
}

void check_refused(SwapWorld& world, SwapReason reason) {
    world.refresh();
    CHECK(swap_state_name(only(world).state) == "refused");
    CHECK(swap_reason_name(only(world).reason) == swap_reason_name(reason));
    CHECK(world.overrides.empty());
    CHECK_FALSE(world.refresh());
}

}  // namespace

TEST_CASE("an accepted swap trades the shift against the colleague's next one") {
    SwapWorld world = paris();
    invite(world, invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered), unanswered);
    REQUIRE(world.refresh());
    CHECK(only(world).state == SwapState::proposed);
    CHECK(only(world).counter == ShiftKey{"mro", day("2026-03-03")});
    CHECK(world.holder("2026-03-02") == "alice");
    CHECK_FALSE(world.refresh());

    world.calendars[bob].front().attendees.back().second = accepted;
    REQUIRE(world.refresh());
    CHECK(only(world).state == SwapState::applied);
    CHECK(only(world).consent == SwapConsent::own_event);
    CHECK(world.last.updates.front().steps.size() == 2);
    CHECK(world.last.updates.front().steps.front().state == SwapState::accepted);
    CHECK(world.holder("2026-03-02") == "bob");
    CHECK(world.holder("2026-03-03") == "alice");
    CHECK(world.holder("2026-03-04") == "carol");
    CHECK_FALSE(world.refresh());

    world.calendars[alice].clear();
    REQUIRE(world.refresh());
    CHECK(only(world).state == SwapState::withdrawn);
    CHECK(world.holder("2026-03-02") == "alice");
    CHECK(world.holder("2026-03-03") == "bob");
    CHECK(world.overrides.empty());
    CHECK_FALSE(world.refresh());
}

TEST_CASE("tentative, declined and what the organiser's copy claims are no consent") {
    for (const auto answer : {unanswered, tentative, declined}) {
        SwapWorld world = paris();
        invite(world, invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, accepted), answer);
        world.refresh();
        CHECK(only(world).state == (answer == declined ? SwapState::withdrawn : SwapState::proposed));
        CHECK(world.overrides.empty());
        CHECK_FALSE(world.refresh());
    }
    SwapWorld forged = paris();
    forged.calendars[alice].push_back(invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, accepted));
    forged.refresh();
    CHECK(only(forged).state == SwapState::proposed);
    forged.team.trust_organizer_copy = true;
    forged.refresh();
    CHECK(only(forged).state == SwapState::applied);
    CHECK(only(forged).consent == SwapConsent::organizer_copy);
}

TEST_CASE("the title may say which shift is wanted, and what cannot be understood is refused") {
    SwapWorld dated = paris();
    invite(dated, invitation("u1", "MRO swap 9 March", noon("2026-03-02"), alice, bob, unanswered), accepted);
    dated.refresh();
    CHECK(dated.holder("2026-03-02") == "bob");
    CHECK(dated.holder("2026-03-09") == "alice");

    SwapWorld wrong_day = paris();
    invite(wrong_day, invitation("u1", "MRO swap", noon("2026-03-04"), alice, bob, unanswered), accepted);
    check_refused(wrong_day, SwapReason::not_your_shift);
    SwapWorld not_theirs = paris();
    invite(not_theirs, invitation("u1", "MRO swap 2026-03-04", noon("2026-03-02"), alice, bob, unanswered),
           accepted);
    check_refused(not_theirs, SwapReason::not_theirs);
    SwapWorld ambiguous = paris();
    invite(ambiguous, invitation("u1", "MRO swap 3", noon("2026-03-02"), alice, bob, unanswered), accepted);
    check_refused(ambiguous, SwapReason::ambiguous_date);
    SwapWorld two = paris();
    SwapEntry entry = invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered);
    entry.attendees.emplace_back(carol, unanswered);
    two.calendars[alice].push_back(entry);
    check_refused(two, SwapReason::several_named);
    SwapWorld nobody = paris();
    nobody.calendars[alice].push_back(plain("u1", "MRO swap", noon("2026-03-02")));
    check_refused(nobody, SwapReason::nobody_named);
}

TEST_CASE("an absent colleague is refused, and a later absence ends the swap") {
    SwapWorld world = paris();
    const Absence away{{at("2026-03-01T23:00:00Z"), at("2026-03-02T23:00:00Z")}, {}, AbsenceKind::vacation};
    world.availability[bob].absences = {away};
    invite(world, invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered), accepted);
    check_refused(world, SwapReason::absent);
    world.availability[bob].absences.clear();
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
    world.availability[bob].absences = {away};
    world.refresh();
    CHECK(only(world).reason == SwapReason::absent);
    CHECK(world.holder("2026-03-02") == "alice");
    CHECK(world.holder("2026-03-03") == "bob");
}

TEST_CASE("a chain on one day gives the shift on, and falls with its first link") {
    SwapWorld world = paris();
    invite(world, invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered), accepted);
    invite(world, invitation("u2", "MRO swap", noon("2026-03-02"), bob, carol, unanswered), accepted);
    world.refresh();
    CHECK(world.holder("2026-03-02") == "carol");
    CHECK(world.holder("2026-03-03") == "alice");
    CHECK(world.holder("2026-03-04") == "bob");
    CHECK_FALSE(world.refresh());
    SECTION("the last link is taken back alone") {
        std::erase_if(world.calendars[bob], [](const SwapEntry& entry) { return entry.uid == "u2"; });
        world.refresh();
        CHECK(world.holder("2026-03-02") == "bob");
        CHECK(world.holder("2026-03-03") == "alice");
        CHECK(world.holder("2026-03-04") == "carol");
    }
    SECTION("the first takes the last with it") {
        world.calendars[alice].clear();
        world.refresh();
        CHECK(world.holder("2026-03-02") == "alice");
        CHECK(world.holder("2026-03-03") == "bob");
        CHECK(world.holder("2026-03-04") == "carol");
        const auto built_on = std::count_if(world.known.begin(), world.known.end(), [](const Swap& swap) {
            return swap.reason == SwapReason::built_on;
        });
        CHECK(built_on == 1);
    }
    CHECK_FALSE(world.refresh());
}

TEST_CASE("two events that name each other are a swap, however Outlook publishes them") {
    SwapWorld world = paris();
    world.calendars[alice].push_back(plain("a", "MRO swap with Bob", noon("2026-03-02")));
    world.refresh();
    CHECK(only(world).state == SwapState::proposed);
    SECTION("on the organiser's day") {
        world.calendars[bob].push_back(plain("b", "MRO swap with Alice", noon("2026-03-02")));
    }
    SECTION("on the colleague's day") {
        world.calendars[bob].push_back(plain("b", "MRO Tausch alice@example.com", noon("2026-03-03")));
    }
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
    CHECK(world.holder("2026-03-03") == "alice");
    CHECK(only(world).consent == SwapConsent::matching_event);
    // Other UIDs with the next export.
    world.calendars[alice].front().uid = "a2";
    world.calendars[bob].front().uid = "b2";
    world.refresh();
    CHECK(only(world).state == SwapState::applied);
    CHECK(world.holder("2026-03-02") == "bob");
}

TEST_CASE("an invitation whose people were lost on the way consents to nothing") {
    SwapWorld world = paris();
    world.calendars[alice].push_back(
        invitation("u", "MRO swap with Alice", noon("2026-03-02"), alice, bob, unanswered));
    world.calendars[bob].push_back(plain("x", "MRO swap with Alice", noon("2026-03-02")));
    world.refresh();
    CHECK(only(world).state == SwapState::proposed);
    // Without the original, Exchange's own mark of an unanswered invitation.
    world.calendars[alice] = {plain("a", "MRO swap with Bob", noon("2026-03-02"))};
    world.calendars[bob].front().busy = BusyStatus::tentative;
    world.refresh();
    CHECK(world.overrides.empty());
}

TEST_CASE("differing UIDs are matched by organiser, start and title") {
    SwapWorld world = paris();
    SwapEntry entry = invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered);
    invite(world, entry, accepted);
    world.calendars[bob].front().uid = "another";
    world.refresh();
    CHECK(only(world).consent == SwapConsent::like_event);
    CHECK(say_swap_state(world.team, only(world)).find("UID differs") != std::string::npos);
    CHECK(world.holder("2026-03-02") == "bob");
}

TEST_CASE("of a series one instance may be accepted") {
    SwapWorld world = paris();
    for (const auto* date : {"2026-03-02", "2026-03-06"}) {
        SwapEntry entry = invitation("series", "MRO swap", noon(date), alice, bob, unanswered);
        entry.recurrence_id = std::string(date) + "T11:00:00Z";
        invite(world, entry, date == std::string("2026-03-06") ? accepted : unanswered);
    }
    REQUIRE(world.holder("2026-03-06") == "alice");
    world.refresh();
    CHECK(world.holder("2026-03-02") == "alice");
    CHECK(world.holder("2026-03-06") == "bob");
}

TEST_CASE("an open cover goes to the first, and the other is told") {
    SwapWorld world = paris();
    world.calendars[alice].push_back(plain("a", "MRO cover", noon("2026-03-02")));
    world.refresh();
    CHECK(only(world).state == SwapState::proposed);
    SwapEntry bobs = plain("b", "MRO cover for Alice", noon("2026-03-02"));
    bobs.changed_at = at("2026-02-20T10:00:00Z");
    SwapEntry carols = plain("c", "MRO cover for Alice Martin", noon("2026-03-02"));
    carols.changed_at = at("2026-02-20T09:00:00Z");
    world.calendars[bob].push_back(bobs);
    world.calendars[carol].push_back(carols);
    world.refresh();
    CHECK(world.holder("2026-03-02") == "carol");
    CHECK(only(world).turned_away == std::vector{bob});
    CHECK(world.last.updates.front().tell == std::vector{alice, carol, bob});
    CHECK_FALSE(world.refresh());
    world.calendars[carol].clear();
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
    world.calendars[carol].push_back(carols);
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
}

TEST_CASE("shifts of rotations in different zones are swapped, across a change of the clocks too") {
    // Paris changes its clocks on Sunday 29 March 2026.
    SwapWorld world(two_site_team(), at("2026-03-26T20:00:00Z"));
    world.team.notice_days = 60;
    world.refresh();
    const auto friday = world.holder("2026-03-27");
    const auto remote = world.holder("2026-03-30", "remote");
    const MemberId giver = id(friday + "@example.com");
    const MemberId taker = id(remote + "@example.com");
    invite(world, invitation("u", "MRO swap 30 March", noon("2026-03-27"), giver, taker, unanswered),
           accepted);
    world.refresh();
    CHECK(world.holder("2026-03-27") == remote);
    CHECK(world.holder("2026-03-30", "remote") == friday);
    for (const Assignment& row : world.plan.assignments) {
        if (row.shift.key == ShiftKey{"remote", day("2026-03-30")})
            CHECK(row.shift.when.start == at("2026-03-30T16:00:00Z"));
    }
}

TEST_CASE("a started shift stays, and an unreadable calendar says nothing") {
    SwapWorld world = paris();
    invite(world, invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered), accepted);
    world.refresh();
    for (const MemberId& member : {alice, bob}) {
        world.readable[member] = false;
        CHECK_FALSE(world.refresh());
    }
    world.readable[alice] = world.readable[bob] = true;
    world.now = at("2026-03-02T09:00:00Z");
    world.calendars.clear();
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
    CHECK(world.holder("2026-03-03") == "alice");
    SwapWorld late = paris();
    late.now = at("2026-03-02T09:00:00Z");
    late.refresh();
    invite(late, invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered), accepted);
    check_refused(late, SwapReason::too_late);
}

TEST_CASE("an override by hand is put back, and one set later ends the swap") {
    SwapWorld world = paris();
    const Override by_hand{{"mro", day("2026-03-02")}, dan, "dentist", "cli:ops", world.now};
    world.overrides = {by_hand};
    world.refresh();
    invite(world, invitation("u1", "MRO cover", noon("2026-03-02"), dan, bob, unanswered), accepted);
    world.refresh();
    CHECK(world.holder("2026-03-02") == "bob");
    world.calendars.clear();
    world.refresh();
    CHECK(world.overrides == std::vector{by_hand});
    CHECK(world.holder("2026-03-02") == "dan");

    SwapWorld ended = paris();
    invite(ended, invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered), accepted);
    ended.refresh();
    std::erase_if(ended.overrides,
                  [](const Override& fixed) { return fixed.shift.date == day("2026-03-02"); });
    ended.overrides.push_back(by_hand);
    ended.refresh();
    CHECK(ended.holder("2026-03-02") == "dan");
    CHECK(ended.holder("2026-03-03") == "bob");
    CHECK(only(ended).state == SwapState::refused);
}

TEST_CASE("an answer by mail is a consent to what the swap was then") {
    SwapWorld world = paris();
    world.calendars[alice].push_back(
        invitation("u1", "MRO swap", noon("2026-03-02"), alice, bob, unanswered));
    world.refresh();
    world.replies.push_back({only(world).id, bob, ShiftKey{"mro", day("2026-03-09")}, true, 0, world.now});
    world.refresh();
    CHECK(only(world).state == SwapState::proposed);
    world.replies.front().counter = only(world).counter;
    world.refresh();
    CHECK(only(world).consent == SwapConsent::reply);
    CHECK(world.holder("2026-03-02") == "bob");
    world.replies.front().accepted = false;
    world.refresh();
    CHECK(only(world).state == SwapState::withdrawn);
    CHECK(world.holder("2026-03-02") == "alice");
}

}  // namespace swap_rules_test
