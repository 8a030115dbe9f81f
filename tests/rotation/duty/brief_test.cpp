// What the next person reads at a handover.
#include "rotation/duty/brief.h"

#include <catch2/catch.hpp>

#include "rotation/duty/team_feeds.h"
#include "rotation/two_site_team.h"

namespace brief_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

HandoverNote note(std::string rotation, std::string_view date, std::string text, std::string author,
                  std::string_view when) {
    return {{std::move(rotation), day(date)}, std::move(text), std::move(author), at(when)};
}

Assignment replaced(Assignment assignment, const MemberId& before, bool by_people) {
    assignment.overridden = by_people;
    assignment.reasons = {
        reason(by_people ? ReasonCode::override_set : ReasonCode::next_turn, *assignment.member),
        reason(ReasonCode::replaced, before)};
    return assignment;
}

// Thu 3 Dec 2026 in Paris and Montreal, and Paris's days until a week later.
struct Given {
    Team team = two_site_team();
    Plan plan;
    std::vector<HandoverNote> notes;

    Given() {
        plan.assignments = {
            assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", bob),
            assignment("remote", "2026-12-03", "2026-12-03T17:00:00Z", "2026-12-04T01:00:00Z", zoe),
            assignment("mro", "2026-12-04", "2026-12-04T08:00:00Z", "2026-12-04T17:00:00Z", carol),
            assignment("mro", "2026-12-07", "2026-12-07T08:00:00Z", "2026-12-07T17:00:00Z", alice),
            assignment("remote", "2026-12-10", "2026-12-10T17:00:00Z", "2026-12-11T01:00:00Z", yann),
        };
    }

    Handover handover(std::string rotation = "mro", std::string_view date = "2026-12-03") const {
        return handover_after(handovers_of(team, plan), {std::move(rotation), day(date)}).value();
    }
    Brief brief() const { return brief_of(team, plan, notes, handover()); }
    std::string text() const { return say_brief(team, brief()); }
    FeedInput input() const {
        return {&team, &plan, {}, {at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z")}, notes};
    }
};

std::string description(const Feed& feed, const std::string& uid) {
    for (const FeedEvent& event : feed.events) {
        if (event.uid == uid) return event.description;
    }
    return "no such event";
}

const std::string thursday = "2026-12-03.mro.payments.handover@watchbill";

}  // namespace

TEST_CASE("a brief without news is the two people and the checklist") {
    const Given given;
    CHECK(given.text() ==
          "Bob Durand, MRO, hands over to Zoé Tremblay, Remote, 12:00 there.\n"
          "\n"
          "Checklist:\n"
          "- Tickets opened overnight\n"
          "- Mail to ops@");
    CHECK(given.brief().notes.empty());
    CHECK(given.brief().changes.empty());
    CHECK(given.brief().checklist == given.team.checklist);
}

TEST_CASE("notes stand in the brief in the order they were left, with author and time") {
    Given given;
    given.team.checklist.clear();
    given.notes = {
        note("mro", "2026-12-03", "Disk of db1 is filling.\nSee the runbook.", "bob@example.com",
             "2026-12-03T15:30:00Z"),
        note("remote", "2026-12-03", "Not for this one", "zoe@example.com", "2026-12-03T15:35:00Z"),
        note("mro", "2026-12-03", "Deploys are frozen", "token:ops bot", "2026-12-03T16:00:00Z"),
    };
    CHECK(given.text() ==
          "Bob Durand, MRO, hands over to Zoé Tremblay, Remote, 12:00 there.\n"
          "\n"
          "Notes:\n"
          "- Bob Durand, Thu 3 Dec 16:30: Disk of db1 is filling.\n"
          "  See the runbook.\n"
          "- ops bot, Thu 3 Dec 17:00: Deploys are frozen");
}

TEST_CASE("authors are called by what people know of them") {
    const Team team = two_site_team();
    CHECK(say_author(team, "alice@example.com") == "Alice Martin");
    CHECK(say_author(team, "gone@example.com") == "gone@example.com");
    CHECK(say_author(team, "token:ops bot") == "ops bot");
    CHECK(say_author(team, "cli:alice") == "alice");
    CHECK(say_author(team, "somebody") == "somebody");
}

TEST_CASE("a brief tells what changed for the two people in the week after it") {
    Given given;
    given.team.checklist.clear();
    auto& shifts = given.plan.assignments;
    shifts[2] = replaced(shifts[2], bob, false);   // Carol, for Bob who became absent
    shifts[3] = replaced(shifts[3], carol, true);  // Alice for Carol: concerns neither of the two
    shifts[4] = replaced(shifts[4], zoe, true);    // Yann for Zoé, a week later to the minute
    CHECK(given.text() ==
          "Bob Durand, MRO, hands over to Zoé Tremblay, Remote, 12:00 there.\n"
          "\n"
          "Changes in the week after:\n"
          "- Fri 4 Dec, MRO: Carol Petit instead of Bob Durand");

    shifts[4].shift.when.start -= std::chrono::seconds(1);
    const auto changes = given.brief().changes;
    REQUIRE(changes.size() == 2);
    CHECK(changes[0] == PlanChange{shifts[2].shift, carol, bob, false});
    CHECK(changes[1] == PlanChange{shifts[4].shift, yann, zoe, true});
    CHECK_THAT(given.text(),
               Catch::EndsWith("\n- Thu 10 Dec, Remote: Yann Roy instead of Zoé Tremblay (agreed by "
                               "people)"));
}

TEST_CASE("a change that gives somebody a shift is told to them as well") {
    Given given;
    auto& shifts = given.plan.assignments;
    shifts[3] = replaced(shifts[3], carol, true);
    CHECK(given.brief().changes.empty());
    shifts[3].member = bob;
    CHECK(given.brief().changes == std::vector<PlanChange>{{shifts[3].shift, bob, carol, true}});
}

TEST_CASE("what changed before the handover is no news at it") {
    Given given;
    given.plan.assignments[0] = replaced(given.plan.assignments[0], alice, true);
    CHECK(given.brief().changes.empty());
    // The receiver's own shift starts with the handover: it is.
    given.plan.assignments[1] = replaced(given.plan.assignments[1], yann, true);
    CHECK(given.brief().changes.size() == 1);
}

TEST_CASE("the next handover is that of the shift that runs, or of the next shift") {
    const Given given;
    const auto handovers = handovers_of(given.team, given.plan);
    const auto next = [&](std::string_view rotation, std::string_view now) {
        const auto found = next_handover(handovers, rotation, at(now));
        return found ? found->from.shift.key.rotation + " " + format_day(found->from.shift.key.date) : "none";
    };
    CHECK(next("", "2026-12-03T12:00:00Z") == "mro 2026-12-03");
    CHECK(next("", "2026-12-03T16:59:59Z") == "mro 2026-12-03");
    CHECK(next("", "2026-12-03T17:00:00Z") == "remote 2026-12-03");
    CHECK(next("mro", "2026-12-03T17:00:00Z") == "mro 2026-12-04");
    CHECK(next("", "2026-12-01T00:00:00Z") == "mro 2026-12-03");
    CHECK(next("", "2026-12-31T00:00:00Z") == "none");
    CHECK(next("night", "2026-12-03T12:00:00Z") == "none");
    CHECK_FALSE(handover_after(handovers, {"remote", day("2026-12-10")}));
}

TEST_CASE("the brief is in the handover's event, in the team's feed and in both people's own") {
    Given given;
    given.notes = {
        note("mro", "2026-12-03", "Deploys are frozen", "bob@example.com", "2026-12-03T15:30:00Z")};
    CHECK(description(handovers_feed(given.input()), thursday) == given.text());
    CHECK(description(member_feed(given.input(), bob), thursday) == given.text());
    CHECK(description(member_feed(given.input(), zoe), thursday) == given.text());
    CHECK(description(member_feed(given.input(), carol), thursday) == "no such event");
    CHECK_THAT(given.text(), Catch::Contains("Deploys are frozen"));
}

TEST_CASE("a note makes a handover visible where the same person goes on") {
    Given given;
    given.plan.assignments[1].member = bob;
    CHECK(description(handovers_feed(given.input()), thursday) == "no such event");
    given.notes = {
        note("mro", "2026-12-03", "Deploys are frozen", "bob@example.com", "2026-12-03T15:30:00Z")};
    const Feed feed = handovers_feed(given.input());
    CHECK(feed.events.front().uid == thursday);
    CHECK(feed.events.front().summary == "MRO handover: Bob Durand goes on");
    CHECK_THAT(feed.events.front().description,
               Catch::StartsWith("Bob Durand, MRO, goes on: Bob Durand, Remote.\n\nNotes:\n- Bob Durand, "));
}

TEST_CASE("a shift that people agreed on names whom it is taken from") {
    Given given;
    auto& shift = given.plan.assignments[0];
    shift = replaced(shift, alice, true);
    CHECK(rotation_feed(given.input()).events.front().summary == "MRO: Bob Durand (for Alice Martin)");
    // Standing in for somebody who is away is told in the description.
    shift = replaced(shift, alice, false);
    CHECK(rotation_feed(given.input()).events.front().summary == "MRO: Bob Durand");
}

TEST_CASE("A brief tells of its shift's incidents, open ones first, and of none before the shift has begun") {
    Given given;
    Incident open;
    open.id = "a";
    open.title = "Checkout fails";
    open.severity = Severity::sev1;
    open.opened_at = at("2026-12-03T10:00:00Z");
    Invitation commander;
    commander.member = bob;
    commander.role = IncidentRole::commander;
    open.invitations = {commander};
    Incident over = open;
    over.id = "b";
    over.title = "Mail is late";
    over.state = IncidentState::resolved;
    over.opened_at = at("2026-12-03T07:00:00Z");
    over.closed_at = at("2026-12-03T09:00:00Z");
    Incident before = over;
    before.id = "c";
    before.closed_at = at("2026-12-03T08:00:00Z");
    Incident cancelled = open;
    cancelled.id = "d";
    cancelled.state = IncidentState::cancelled;
    const IncidentNews news{{over, before, cancelled, open}, at("2026-12-03T12:00:00Z")};

    const Brief brief = brief_of(given.team, given.plan, {}, given.handover(), news);
    REQUIRE(brief.incidents.size() == 2);
    CHECK(brief.incidents[0].id == "a");
    CHECK(brief.incidents[1].id == "b");
    CHECK(say_brief(given.team, brief).find("- OPEN, sev1: Checkout fails (") != std::string::npos);
    // The next shift has not begun: nobody knows what will be open then.
    CHECK(brief_of(given.team, given.plan, {}, given.handover("remote"), news).incidents.empty());
    const IncidentNews later{news.incidents, at("2026-12-03T17:00:00Z")};
    CHECK(brief_of(given.team, given.plan, {}, given.handover("remote"), later).incidents.size() == 1);
}

}  // namespace brief_test
