#include "rotation/planning/reasons.h"

#include <catch2/catch.hpp>

#include "rotation/two_site_team.h"

namespace reasons_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

// Thu 3 Dec 2026 in Paris, winter time.
Assignment thursday(std::optional<MemberId> holder, std::vector<Reason> reasons) {
    Assignment result =
        assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", std::move(holder));
    result.reasons = std::move(reasons);
    return result;
}

std::string sentence(const Assignment& assignment) {
    return explain_in_one_sentence(two_site_team(), assignment);
}

}  // namespace

TEST_CASE("the next in turn is told with why not those who are away") {
    const Assignment given =
        thursday(bob, {reason(ReasonCode::next_turn, bob),
                       resting(alice, "2026-12-02T21:00:00Z", "2026-12-03T06:00:00Z"),
                       reason(ReasonCode::not_their_turn, carol), reason(ReasonCode::not_their_turn, dan)});
    CHECK(
        sentence(given) ==
        "Bob Durand is MRO: next in turn; Alice Martin is resting after night duty (until Thu 3 Dec 18:00); "
        "Carol Petit and Dan Moreau are later in turn.");
}

TEST_CASE("one colleague later in turn is singular, many are counted") {
    CHECK(sentence(thursday(
              bob, {reason(ReasonCode::next_turn, bob), reason(ReasonCode::not_their_turn, carol)})) ==
          "Bob Durand is MRO: next in turn; Carol Petit is later in turn.");

    CHECK(sentence(thursday(
              bob, {reason(ReasonCode::next_turn, bob), reason(ReasonCode::not_their_turn, alice),
                    reason(ReasonCode::not_their_turn, carol), reason(ReasonCode::not_their_turn, dan)})) ==
          "Bob Durand is MRO: next in turn; Alice Martin, Carol Petit and Dan Moreau are later in turn.");

    CHECK(sentence(thursday(
              bob, {reason(ReasonCode::next_turn, bob), reason(ReasonCode::not_their_turn, alice),
                    reason(ReasonCode::not_their_turn, carol), reason(ReasonCode::not_their_turn, dan),
                    reason(ReasonCode::not_their_turn, zoe), reason(ReasonCode::not_their_turn, yann)})) ==
          "Bob Durand is MRO: next in turn; Alice Martin, Carol Petit and 3 others are later in turn.");
}

TEST_CASE("a vacation of whole days is told by its first and last day") {
    // Midnight in Paris is 23:00Z in winter.
    const Assignment given =
        thursday(bob, {reason(ReasonCode::next_turn, bob),
                       absent(alice, AbsenceKind::vacation, "2026-11-29T23:00:00Z", "2026-12-04T23:00:00Z"),
                       reason(ReasonCode::not_their_turn, carol)});
    CHECK(
        sentence(given) ==
        "Bob Durand is MRO: next in turn; Alice Martin is absent (vacation, Mon 30 Nov to Fri 4 Dec); Carol "
        "Petit is later in turn.");
}

TEST_CASE("whole days are the absent member's own, hours are the rotation's") {
    Assignment given =
        assignment("remote", "2026-12-03", "2026-12-03T17:00:00Z", "2026-12-04T01:00:00Z", zoe);
    given.reasons = {reason(ReasonCode::next_turn, zoe),
                     absent(yann, AbsenceKind::sick, "2026-12-03T05:00:00Z", "2026-12-04T05:00:00Z"),
                     // A Parisian's day, seen by a rotation in Montreal.
                     absent(alice, AbsenceKind::holiday, "2026-12-02T23:00:00Z", "2026-12-03T23:00:00Z"),
                     absent(bob, AbsenceKind::out_of_office, "2026-12-03T12:00:00Z", "2026-12-03T20:30:00Z"),
                     absent(carol, AbsenceKind::other, "2026-12-03T12:00:00Z", "2026-12-04T05:00:00Z")};
    CHECK(sentence(given) ==
          "Zoé Tremblay is Remote: nobody else is available; Yann Roy is absent (sick, Thu 3 Dec); Alice "
          "Martin "
          "is absent (holiday, Thu 3 Dec); Bob Durand is absent (out of office, Thu 3 Dec 07:00 to 15:30); "
          "Carol Petit is absent (Thu 3 Dec 07:00 to Fri 4 Dec 00:00).");
}

TEST_CASE("a date in another year than the shift's says so") {
    const Assignment given =
        thursday(bob, {reason(ReasonCode::next_turn, bob), reason(ReasonCode::not_their_turn, carol),
                       absent(alice, AbsenceKind::vacation, "2026-11-30T23:00:00Z", "2027-01-03T23:00:00Z")});
    CHECK_THAT(sentence(given), Catch::Contains("(vacation, Tue 1 Dec to Sun 3 Jan 2027)"));
}

TEST_CASE("who is still on night duty during the shift is not called resting") {
    const Assignment given = thursday(bob, {reason(ReasonCode::next_turn, bob),
                                            resting(alice, "2026-12-02T23:00:00Z", "2026-12-03T09:00:00Z")});
    CHECK(sentence(given) ==
          "Bob Durand is MRO: nobody else is available; Alice Martin is on night duty (Thu 3 Dec 00:00 to "
          "10:00).");
}

TEST_CASE("an uncovered shift is loud and says where everybody is") {
    const Assignment given = thursday(
        std::nullopt, {reason(ReasonCode::uncovered, MemberId()),
                       absent(alice, AbsenceKind::vacation, "2026-11-29T23:00:00Z", "2026-12-04T23:00:00Z"),
                       absent(bob, AbsenceKind::holiday, "2026-12-02T23:00:00Z", "2026-12-03T23:00:00Z")});
    CHECK(sentence(given) ==
          "NOBODY is MRO on Thu 3 Dec (uncovered): nobody is available; Alice Martin is absent (vacation, "
          "Mon 30 "
          "Nov to Fri 4 Dec); Bob Durand is absent (holiday, Thu 3 Dec).");
    CHECK(explain_at_length(two_site_team(), Plan(), given) ==
          "NOBODY: UNCOVERED, nobody is available.\n"
          "Alice Martin: absent (vacation, Mon 30 Nov to Fri 4 Dec).\n"
          "Bob Durand: absent (holiday, Thu 3 Dec).\n");
}

TEST_CASE("a broken rest is loud and says until when they should rest") {
    Reason broken = resting(bob, "2026-12-02T21:00:00Z", "2026-12-03T06:00:00Z");
    broken.code = ReasonCode::rest_broken;
    Assignment given = thursday(
        bob, {broken, absent(alice, AbsenceKind::sick, "2026-12-02T23:00:00Z", "2026-12-03T23:00:00Z")});
    given.rest_broken = true;
    CHECK(
        sentence(given) ==
        "Bob Durand is MRO WITHOUT REST after night duty (rest due until Thu 3 Dec 18:00): nobody rested is "
        "there; Alice Martin is absent (sick, Thu 3 Dec).");

    given.reasons = {};
    CHECK_THAT(sentence(given), Catch::Contains("WITHOUT REST"));
}

TEST_CASE("an override says that people agreed on it") {
    Assignment given =
        thursday(carol, {reason(ReasonCode::override_set, carol), reason(ReasonCode::not_their_turn, alice)});
    given.overridden = true;
    CHECK(sentence(given) == "Carol Petit is MRO: agreed by people (a swap, a cover or a change by hand).");
}

TEST_CASE("an override without rest is loud, and does not claim that nobody rested was there") {
    Assignment given =
        thursday(carol, {reason(ReasonCode::override_set, carol), reason(ReasonCode::not_their_turn, bob),
                         reason(ReasonCode::replaced, bob)});
    given.overridden = true;
    CHECK(sentence(given) ==
          "Carol Petit is MRO: agreed by people (a swap, a cover or a change by hand), for Bob "
          "Durand.");
    given.rest_broken = true;
    CHECK(
        sentence(given) ==
        "Carol Petit is MRO WITHOUT REST after night duty: agreed by people (a swap, a cover or a change by "
        "hand), for Bob Durand.");
}

TEST_CASE("a replacement names whom it replaces and why they are away") {
    const Assignment given =
        thursday(bob, {reason(ReasonCode::next_turn, bob), reason(ReasonCode::replaced, alice),
                       absent(alice, AbsenceKind::sick, "2026-12-02T23:00:00Z", "2026-12-03T23:00:00Z"),
                       reason(ReasonCode::not_their_turn, carol)});
    CHECK(sentence(given) ==
          "Bob Durand is MRO: standing in for Alice Martin; Alice Martin is absent (sick, Thu 3 Dec); Carol "
          "Petit is later in turn.");
    CHECK(explain_at_length(two_site_team(), Plan(), given) ==
          "Bob Durand: next in turn.\n"
          "Alice Martin: held this shift before; absent (sick, Thu 3 Dec).\n"
          "Carol Petit: available, later in turn.\n");
}

TEST_CASE("the sentence stays the same while an assignment is published, kept and becomes history") {
    const std::vector<Reason> others = {reason(ReasonCode::not_their_turn, carol)};
    std::vector<std::string> sentences;
    for (const ReasonCode code :
         {ReasonCode::next_turn, ReasonCode::kept_published, ReasonCode::in_the_past}) {
        Reason holder = reason(code, bob);
        holder.balance = static_cast<double>(sentences.size());
        sentences.push_back(sentence(thursday(bob, {holder, others.front()})));
    }
    CHECK(sentences[0] == sentences[1]);
    CHECK(sentences[0] == sentences[2]);

    // Also for somebody who was the only one.
    const Reason away = absent(alice, AbsenceKind::sick, "2026-12-02T23:00:00Z", "2026-12-03T23:00:00Z");
    CHECK(sentence(thursday(bob, {reason(ReasonCode::only_candidate, bob), away})) ==
          sentence(thursday(bob, {reason(ReasonCode::kept_published, bob), away})));
}

TEST_CASE("at length every person has a line, the holder first, with the balance") {
    Reason next = reason(ReasonCode::next_turn, bob);
    next.balance = 0.5;
    Reason later = reason(ReasonCode::not_their_turn, carol);
    later.balance = -0.001;
    const Assignment given =
        thursday(bob, {next, resting(alice, "2026-12-02T21:00:00Z", "2026-12-03T06:00:00Z"), later});
    CHECK(explain_at_length(two_site_team(), Plan(), given) ==
          "Bob Durand: next in turn (balance +0.50).\n"
          "Alice Martin: resting after night duty (until Thu 3 Dec 18:00).\n"
          "Carol Petit: available, later in turn (balance +0.00).\n");
}

TEST_CASE("at length people who could serve are told when they do, in the same rotation") {
    const Assignment given =
        thursday(bob, {reason(ReasonCode::next_turn, bob), reason(ReasonCode::not_their_turn, carol),
                       absent(alice, AbsenceKind::sick, "2026-12-02T23:00:00Z", "2026-12-03T23:00:00Z")});
    Plan plan;
    const auto add = [&](const char* date, const MemberId& holder, const char* rotation = "mro") {
        Assignment other = given;
        other.shift.key = {rotation, day(date)};
        other.member = holder;
        plan.assignments.push_back(other);
    };
    add("2026-11-27", bob);
    add("2026-12-01", carol);
    add("2026-12-02", bob, "remote");
    add("2026-12-03", bob);
    add("2026-12-04", alice);
    add("2026-12-07", carol);
    add("2026-12-14", carol);
    CHECK(explain_at_length(two_site_team(), plan, given) ==
          "Bob Durand: next in turn; served last on Fri 27 Nov.\n"
          "Carol Petit: available, later in turn; served last on Tue 1 Dec, serves next on Mon 7 Dec.\n"
          "Alice Martin: absent (sick, Thu 3 Dec).\n");
}

TEST_CASE("at length an agreed change tells whose shift it was by plan, and nobody's turn") {
    Assignment given =
        thursday(carol, {reason(ReasonCode::override_set, carol), reason(ReasonCode::not_their_turn, bob),
                         reason(ReasonCode::replaced, bob)});
    given.overridden = true;
    CHECK(explain_at_length(two_site_team(), Plan(), given) ==
          "Carol Petit: agreed by people (a swap, a cover or a change by hand).\n"
          "Bob Durand: available; held this shift by plan.\n");
}

TEST_CASE("every reason code has words") {
    for (const ReasonCode code :
         {ReasonCode::next_turn, ReasonCode::only_candidate, ReasonCode::kept_published,
          ReasonCode::override_set, ReasonCode::in_the_past, ReasonCode::rest_broken, ReasonCode::uncovered,
          ReasonCode::replaced, ReasonCode::absent, ReasonCode::resting, ReasonCode::not_their_turn}) {
        INFO(reason_name(code));
        const std::string text =
            explain_at_length(two_site_team(), Plan(), thursday(bob, {reason(code, bob)}));
        CHECK_THAT(text, Catch::StartsWith("Bob Durand: ") || Catch::Contains("NOBODY: "));
        CHECK(text.find(": .") == std::string::npos);
    }
}

TEST_CASE("people and rotations that left the team are still named") {
    Assignment given = assignment("gone", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z",
                                  id("eve@example.com"));
    CHECK(sentence(given) == "eve@example.com is gone: next in turn.");
    CHECK(explain_at_length(two_site_team(), Plan(), given) == "eve@example.com: assigned.\n");
}

}  // namespace reasons_test
