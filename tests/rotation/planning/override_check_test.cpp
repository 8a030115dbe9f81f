// Who may be given a shift by hand, and with which words it is refused.
#include "rotation/planning/override_check.h"

#include <catch2/catch.hpp>

#include "rotation/two_site_team.h"
#include "time/zone.h"

namespace override_check_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

const Instant wednesday_noon = at("2026-12-02T11:00:00Z");

struct Given {
    Team team = two_site_team();
    Plan plan;
    TeamAvailability availability;
    Instant now = wednesday_noon;

    Given() {
        plan.assignments = {
            assignment("mro", "2026-12-01", "2026-12-01T08:00:00Z", "2026-12-01T17:00:00Z", dan),
            assignment("mro", "2026-12-02", "2026-12-02T08:00:00Z", "2026-12-02T17:00:00Z", alice),
            assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", bob),
            assignment("remote", "2026-12-03", "2026-12-03T16:00:00Z", "2026-12-04T01:00:00Z", zoe),
        };
    }

    auto check(std::string rotation, std::string_view date, const MemberId& member,
               bool force = false) const {
        return check_override(team, plan, availability, {{std::move(rotation), day(date)}, member, force},
                              now);
    }
    std::string refusal(std::string rotation, std::string_view date, const MemberId& member) const {
        const auto verdict = check(std::move(rotation), date, member);
        REQUIRE_FALSE(verdict);
        return std::string(obstacle_name(verdict.error().obstacle)) + ": " + verdict.error().sentence;
    }
};

using Sentences = std::vector<std::string>;

}  // namespace

TEST_CASE("a planned shift may be given to any member who is there") {
    const Given given;
    const auto verdict = given.check("mro", "2026-12-03", carol);
    REQUIRE(verdict);
    CHECK(verdict->member == carol);
    CHECK(verdict->now_held == given.plan.assignments[2]);
    CHECK(verdict->warnings.empty());
}

TEST_CASE("a member is recognised by an alias and fixed by identity") {
    Given given;
    given.team.members[2].aliases = {id("c.petit@example.org")};
    CHECK(given.check("mro", "2026-12-03", id("c.petit@example.org")).value().member == carol);
}

TEST_CASE("rotations and shifts that do not exist are refused, each with its reason") {
    const Given given;
    CHECK(given.refusal("night", "2026-12-03", carol) ==
          "no_such_rotation: There is no rotation \"night\" in this team; there is mro and remote.");
    CHECK(given.refusal("mro", "2026-12-05", carol) ==
          "no_such_shift: There is no MRO on Sat 5 Dec 2026: the rotation has that day off.");
    CHECK(given.refusal("mro", "2027-12-03", carol) ==
          "no_such_shift: MRO on Fri 3 Dec 2027 is not planned yet: plans reach 180 days ahead. Try again "
          "nearer to it.");
}

TEST_CASE("who is not in the team is refused by name") {
    const Given given;
    CHECK(given.refusal("mro", "2026-12-03", id("mallory@example.com")) ==
          "unknown_person: mallory@example.com is not a member of this team: name one of its members.");
}

TEST_CASE("a shift may change hands until it ends, and not from then on") {
    Given given;
    const std::string ended =
        "shift_ended: MRO on Wed 2 Dec 2026 ended at Wed 2 Dec 18:00 (Europe/Paris): it is history, which "
        "never changes.";
    given.now = at("2026-12-02T16:59:59Z");
    CHECK(given.check("mro", "2026-12-02", carol));
    given.now = at("2026-12-02T17:00:00Z");
    CHECK(given.refusal("mro", "2026-12-02", carol) == ended);
    // Also one that nobody was told of, so that no plan has it.
    given.plan.assignments.clear();
    CHECK(given.refusal("mro", "2026-12-02", carol) == ended);
}

TEST_CASE("an absent person is refused with kind and dates, unless it is forced") {
    Given given;
    const DaySpan week{day("2026-11-30"), day("2026-12-05")};
    given.availability[carol].absences = {
        {Zone::get("Europe/Paris").interval_of(week), week, AbsenceKind::vacation}};
    CHECK(given.refusal("mro", "2026-12-03", carol) ==
          "absent: Carol Petit cannot take MRO on Thu 3 Dec 2026: absent (vacation, Mon 30 Nov to Fri 4 "
          "Dec). Name somebody else, or force it.");
    const auto forced = given.check("mro", "2026-12-03", carol, true);
    REQUIRE(forced);
    CHECK(forced->warnings ==
          Sentences{"Forced: Carol Petit is absent (vacation, Mon 30 Nov to Fri 4 Dec)."});
    CHECK(given.check("mro", "2026-12-03", dan));
}

TEST_CASE("an hour at the dentist's takes nobody's shift away") {
    Given given;
    given.availability[carol].absences = {
        {{at("2026-12-03T09:00:00Z"), at("2026-12-03T10:00:00Z")}, std::nullopt, AbsenceKind::unavailable}};
    CHECK(given.check("mro", "2026-12-03", carol));
}

TEST_CASE("whoever was on duty in the night before must rest, unless it is forced") {
    Given given;
    given.availability[carol].night_duties = {{at("2026-12-02T21:00:00Z"), at("2026-12-03T06:00:00Z")}};
    CHECK(given.refusal("mro", "2026-12-03", carol) ==
          "resting: Carol Petit cannot take MRO on Thu 3 Dec 2026: resting after night duty (until Thu 3 Dec "
          "18:00). Name somebody else, or force it.");
    CHECK(given.check("mro", "2026-12-02", carol));
    CHECK(given.check("mro", "2026-12-03", carol, true).value().warnings ==
          Sentences{"Forced: Carol Petit is resting after night duty (until Thu 3 Dec 18:00)."});

    // Eleven hours after it they may.
    given.availability[carol].night_duties = {{at("2026-12-02T16:00:00Z"), at("2026-12-02T21:00:00Z")}};
    CHECK(given.check("mro", "2026-12-03", carol));
}

TEST_CASE("a member who is not on the roster may stand in, and it is said") {
    const Given given;
    CHECK(given.check("mro", "2026-12-03", yann).value().warnings ==
          Sentences{"Yann Roy is not on the roster of MRO."});
}

TEST_CASE("rest and absence count for those off the roster too") {
    Given given;
    given.availability[yann].night_duties = {{at("2026-12-02T21:00:00Z"), at("2026-12-03T06:00:00Z")}};
    CHECK(given.check("mro", "2026-12-03", yann).error().obstacle == OverrideObstacle::resting);
}

TEST_CASE("holding an overlapping shift of another rotation is a warning, not a refusal") {
    const Given given;
    CHECK(given.check("mro", "2026-12-03", zoe).value().warnings ==
          Sentences{"Zoé Tremblay is not on the roster of MRO.",
                    "Zoé Tremblay also holds Remote on Thu 3 Dec 2026, at the same time."});
    // The shift before touches it and does not overlap.
    CHECK(given.check("mro", "2026-12-02", zoe).value().warnings ==
          Sentences{"Zoé Tremblay is not on the roster of MRO."});
}

TEST_CASE("an override can be taken back until the shift starts") {
    Given given;
    const auto removal = [&given](std::string_view date) {
        return check_override_removal(given.team, given.plan, {"mro", day(date)}, given.now);
    };
    CHECK(removal("2026-12-03").value() == given.plan.assignments[2]);
    const auto started = removal("2026-12-02");
    REQUIRE_FALSE(started);
    CHECK(obstacle_name(started.error().obstacle) == "shift_started");
    CHECK(started.error().sentence ==
          "MRO on Wed 2 Dec 2026 has started and does not go back by itself: fix it to the person who goes "
          "on.");
    CHECK(obstacle_name(removal("2026-12-01").error().obstacle) == "shift_ended");
    CHECK(obstacle_name(removal("2026-12-06").error().obstacle) == "no_such_shift");
}

}  // namespace override_check_test
