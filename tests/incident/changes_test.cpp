#include "incident/changes.h"

#include <catch2/catch.hpp>

#include "incident/incident_world.h"

namespace changes_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr auto accepted = ParticipationStatus::accepted;
constexpr auto declined = ParticipationStatus::declined;

IncidentChange patched(const IncidentWorld& world, const Incident& incident, const IncidentPatch& patch) {
    const auto change = patch_incident(world.staff(), incident, patch, "token:ops bot", world.now);
    REQUIRE(change);
    return *change;
}

std::vector<std::string> removed(const IncidentChange& change) {
    std::vector<std::string> names;
    for (const Invitation& one : change.removed) names.push_back(one.name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("What attendees must see raises the sequence once, what changes nothing never") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    CHECK(incident.sequence == 0);
    IncidentPatch patch;
    patch.title = "Checkout fails for everybody";
    patch.severity = Severity::sev2;
    patch.end = world.now + hours(2);
    const IncidentChange change = patched(world, incident, patch);
    CHECK(change.incident.sequence == 1);
    CHECK(change.visible);
    CHECK(change.removed.empty());
    CHECK(kinds(change.entries) == "changed changed changed");
    CHECK_FALSE(patched(world, change.incident, patch).changes_anything());
}

TEST_CASE("Experts are added and removed by name") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    IncidentPatch patch;
    patch.add_experts = {"emma@example.com"};
    patch.remove_experts = {"bob@example.com"};
    const IncidentChange change = patched(world, incident, patch);
    CHECK(people(change.incident) == "alice: commander, emma: expert named:emma@example.com");
    CHECK(removed(change) == Names{"Bob"});
    CHECK(change.called == std::vector{id("emma")});
    CHECK(change.incident.unfilled().empty());

    patch = {};
    patch.remove_experts = {"carol@example.com"};
    const auto stranger = patch_incident(world.staff(), incident, patch, "", world.now);
    CHECK(stranger.error().code == "not_invited");
    patch = {};
    patch.add_experts = {"alice@example.com"};
    CHECK(patch_incident(world.staff(), incident, patch, "", world.now).error().code ==
          "commander_is_no_expert");
}

TEST_CASE("Whoever is removed is gone also where somebody reported it") {
    const IncidentWorld world;
    auto order = world.order({"network"});
    order.roles.reporter = id("emma");
    const Incident incident = open_incident(world.staff(), order, world.now)->incident;
    IncidentPatch patch;
    patch.remove_experts = {"bob@example.com"};
    const IncidentChange change = patched(world, incident, patch);
    CHECK(people(change.incident) == "alice: commander, emma: reporter");
    CHECK(removed(change) == Names{"Bob"});
}

TEST_CASE("Who is named later fills what was unfilled") {
    IncidentWorld world;
    world.away("carol", world.today());
    world.away("emma", world.today());
    const Incident incident = world.open({"database"});
    REQUIRE(incident.unfilled() == Names{"database"});
    IncidentPatch patch;
    patch.add_experts = {"emma@example.com"};
    const IncidentChange change = patched(world, incident, patch);
    CHECK(people(change.incident) == "alice: commander, emma: expert skill:database");
    CHECK(change.incident.unfilled().empty());
}

TEST_CASE("Needs that change invite and release people") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    IncidentPatch patch;
    patch.needs = Names{"database"};
    const IncidentChange change = patched(world, incident, patch);
    CHECK(people(change.incident) == "alice: commander, carol: expert skill:database");
    CHECK(removed(change) == Names{"Bob"});
}

TEST_CASE("Whoever takes over the command is done as expert, and is replaced") {
    const IncidentWorld world;
    const Incident incident = world.open({"database"});
    IncidentPatch patch;
    patch.commander = "carol@example.com";
    const IncidentChange change = patched(world, incident, patch);
    CHECK(people(change.incident) == "carol: commander, alice: expert skill:database");
    CHECK(change.removed.empty());  // Alice is asked again, as expert
    CHECK(change.incident.commander().rule == "transfer");
    CHECK(change.incident.sequence == 1);

    patch.commander = "bob@example.com";
    const IncidentChange next = patched(world, change.incident, patch);
    CHECK(people(next.incident) == "bob: commander, alice: expert skill:database");
    CHECK(removed(next) == Names{"Carol"});
}

TEST_CASE("Who must come at a later time must answer again") {
    const IncidentWorld world;
    const Incident open = world.open({"network"});
    const Incident incident =
        answer_incident(world.staff(), open, world.answers(open, "bob", accepted), world.now).incident;
    REQUIRE(incident.find(id("bob"))->rsvp == accepted);
    IncidentPatch patch;
    patch.start = world.now + hours(3);
    const Incident moved = patched(world, incident, patch).incident;
    CHECK(moved.when == Interval{world.now + hours(3), world.now + hours(4)});
    CHECK(moved.find(id("bob"))->rsvp == ParticipationStatus::needs_action);
    // The answer to the old time comes late.
    const auto late = answer_incident(world.staff(), moved, world.answers(open, "bob", declined), world.now);
    CHECK(kinds(late.entries) == "answer_ignored");
    CHECK(late.incident.find(id("bob"))->rsvp == ParticipationStatus::needs_action);
    patch = {};
    patch.end = world.now - hours(1);
    CHECK(patch_incident(world.staff(), moved, patch, "", world.now).error().code == "end_before_start");
}

TEST_CASE("Resolving ends the event now, cancelling tells everybody, and then only notes are taken") {
    IncidentWorld world;
    const Incident incident = world.open({"network"});
    world.now += minutes(20);
    const auto resolved = resolve_incident(incident, "Rolled back", "token:x", world.now);
    REQUIRE(resolved);
    CHECK(resolved->incident.when.end == world.now);
    CHECK(resolved->incident.sequence == 1);
    CHECK_THAT(resolved->entries[0].text, Contains("Rolled back"));
    CHECK_FALSE(resolve_incident(resolved->incident, "", "token:x", world.now)->changes_anything());
    CHECK(cancel_incident(resolved->incident, "", "", world.now).error().code == "incident_closed");
    IncidentPatch patch;
    patch.title = "Other";
    CHECK(patch_incident(world.staff(), resolved->incident, patch, "", world.now).error().code ==
          "incident_closed");
    CHECK(kinds(note_incident(resolved->incident, "Postmortem on Monday", "a", world.now).entries) == "note");

    const auto cancelled = cancel_incident(incident, "", "token:x", world.now);
    REQUIRE(cancelled);
    CHECK(cancelled->incident.state == IncidentState::cancelled);
    CHECK(cancelled->visible);
}

TEST_CASE("What is resolved before it began has lasted a minute") {
    const IncidentWorld world;
    const Incident incident = world.open();
    const auto resolved = resolve_incident(incident, "", "", world.now - hours(1));
    CHECK(resolved->incident.when.end == incident.when.start + minutes(1));
}

TEST_CASE("Answers are ordered by sequence, then by their stamp") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    const auto yes = answer_incident(world.staff(), incident,
                                     world.answers(incident, "bob", accepted, minutes(2)), world.now);
    CHECK(kinds(yes.entries) == "answered");
    CHECK_FALSE(yes.visible);
    const auto older = answer_incident(world.staff(), yes.incident,
                                       world.answers(incident, "bob", declined, minutes(1)), world.now);
    CHECK(older.incident.find(id("bob"))->rsvp == accepted);
    CHECK(kinds(older.entries) == "answer_ignored");
    const auto newer = answer_incident(world.staff(), yes.incident,
                                       world.answers(incident, "bob", declined, minutes(3)), world.now);
    CHECK(newer.incident.find(id("bob"))->rsvp == declined);
    // The very same reply again is no news.
    CHECK_FALSE(answer_incident(world.staff(), yes.incident,
                                world.answers(incident, "bob", accepted, minutes(2)), world.now)
                    .changes_anything());
}

TEST_CASE("Strangers, proposals and what comes after the end are recorded and change nothing") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    auto stranger = world.answers(incident, "mallory", accepted);  // of no team
    const auto uninvited = answer_incident(world.staff(), incident, stranger, world.now);
    CHECK(kinds(uninvited.entries) == "answer_ignored");
    CHECK(uninvited.incident == incident);
    auto proposal = world.answers(incident, "bob", accepted);
    proposal.counter = true;
    const auto counter = answer_incident(world.staff(), incident, proposal, world.now);
    CHECK(counter.incident == incident);
    CHECK_THAT(counter.entries[0].text, Contains("another time"));
    const Incident over = resolve_incident(incident, "", "", world.now)->incident;
    CHECK(answer_incident(world.staff(), over, world.answers(over, "bob", accepted), world.now).incident ==
          over);
}

TEST_CASE(
    "A member who says yes unasked commands where nobody has accepted that, and helps where somebody has") {
    const IncidentWorld world;
    const Incident open = world.open({"network"});
    const auto commands =
        answer_incident(world.staff(), open, world.answers(open, "emma", accepted), world.now);
    CHECK(people(commands.incident) == "emma: commander, bob: expert skill:network");
    CHECK(commands.incident.commander().rsvp == accepted);
    CHECK(commands.incident.commander().rule == "volunteer");
    CHECK(kinds(commands.entries) == "volunteered commander");
    CHECK(commands.for_everybody);
    CHECK(removed(commands) == Names{"Alice"});
    CHECK_FALSE(next_escalation(commands.incident, world.team) == std::nullopt);  // Bob is waited for

    const Incident led =
        answer_incident(world.staff(), open, world.answers(open, "alice", accepted), world.now).incident;
    const auto helps = answer_incident(world.staff(), led, world.answers(led, "david", accepted), world.now);
    CHECK(people(helps.incident) ==
          "alice: commander, bob: expert skill:network, david: expert skill:network");
    CHECK_FALSE(helps.for_everybody);
    CHECK(helps.told == std::vector<MemberId>{id("david"), id("alice")});
    CHECK_FALSE(next_escalation(helps.incident, world.team));  // nobody is waited for any more
    // No skill of hers is needed: she has a part of her own.
    const auto third = answer_incident(world.staff(), led, world.answers(led, "emma", accepted), world.now);
    CHECK(people(third.incident).ends_with("emma: expert named:emma@example.com"));
    // Whoever was told that they are done does not come back by their first mail, only by saying so.
    auto late = world.answers(open, "alice", accepted);
    CHECK(kinds(answer_incident(world.staff(), commands.incident, late, world.now).entries) ==
          "answer_ignored");
    late.by = "join";
    CHECK(people(answer_incident(world.staff(), commands.incident, late, world.now).incident)
              .ends_with("alice: expert named:alice@example.com"));
    // A no, a maybe and a proposal of somebody who was not asked say nothing.
    for (const auto status : {declined, ParticipationStatus::tentative})
        CHECK(kinds(answer_incident(world.staff(), open, world.answers(open, "emma", status), world.now)
                        .entries) == "answer_ignored");
}

TEST_CASE("What does not count is recorded once a person and stamp, and only so often") {
    const IncidentWorld world;
    Incident incident = world.open({"network"});
    const auto entries_of = [&](const IncidentAnswer& answer) {
        const auto change = answer_incident(world.staff(), incident, answer, world.now);
        incident = change.incident;
        CHECK(change.changes_anything() == !change.entries.empty());
        return change.entries.size();
    };
    auto stranger = world.answers(incident, "mallory", accepted);
    CHECK(entries_of(stranger) == 1);
    for (int copy = 0; copy < 60; ++copy) CHECK(entries_of(stranger) == 0);
    stranger.stamp += minutes(1);
    CHECK(entries_of(stranger) == 1);
    CHECK(entries_of(stranger) == 0);
    // A proposal of somebody who is invited, an answer that is older than theirs, and one to what was before.
    auto proposal = world.answers(incident, "bob", accepted);
    proposal.counter = true;
    CHECK(entries_of(proposal) == 1);
    CHECK(entries_of(proposal) == 0);
    CHECK(entries_of(world.answers(incident, "bob", accepted, minutes(9))) == 1);
    const auto older = world.answers(incident, "bob", declined, minutes(5));
    CHECK(entries_of(older) == 1);
    CHECK(entries_of(older) == 0);
    CHECK(incident.find(id("bob"))->rsvp == accepted);
    incident = resolve_incident(incident, "", "", world.now)->incident;
    const auto late = world.answers(incident, "bob", declined, minutes(20));
    CHECK(entries_of(late) == 1);
    CHECK(entries_of(late) == 0);
    // Nobody fills the timeline by counting up a stamp.
    size_t written = 0;
    for (int i = 0; i < 100; ++i) {
        stranger.stamp += minutes(1);
        written += entries_of(stranger);
    }
    CHECK(written == 18);
    CHECK(incident.on_record.list.size() == 23);
}

TEST_CASE("Declining and proposing another time is a no") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    auto answer = world.answers(incident, "bob", declined);
    answer.counter = true;
    const auto change = answer_incident(world.staff(), incident, answer, world.now);
    CHECK(change.incident.find(id("bob"))->rsvp == declined);
    CHECK(kinds(change.entries) == "answered");
    CHECK_THAT(change.entries[0].text, Contains("declined") && Contains("proposes another time"));
    CHECK_FALSE(answer_incident(world.staff(), change.incident, answer, world.now).changes_anything());
    for (const auto status : {accepted, ParticipationStatus::tentative, ParticipationStatus::needs_action}) {
        answer.status = status;
        CHECK(answer_incident(world.staff(), incident, answer, world.now).incident == incident);
    }
}

TEST_CASE("An answer to an older SEQUENCE counts unless its sender was asked something else since") {
    IncidentWorld world;
    const Incident open = world.open({"network"});
    const auto answered = [&](const Incident& now, const Incident& then, const char* who,
                              ParticipationStatus status, int later) {
        return answer_incident(world.staff(), now, world.answers(then, who, status, minutes(later)),
                               world.now);
    };
    IncidentPatch patch;
    patch.title = "Other";
    patch.severity = Severity::sev2;
    patch.add_experts = {"emma@example.com"};
    Incident changed = patched(world, open, patch).incident;
    REQUIRE(changed.sequence == 1);
    // Nothing of it concerned Bob.
    CHECK(kinds(answered(changed, open, "bob", accepted, 1).entries) == "answered");
    // Also when he has answered the newer one from elsewhere: the later word counts.
    const Incident yes = answered(changed, changed, "bob", accepted, 1).incident;
    CHECK(answered(yes, open, "bob", declined, 2).incident.find(id("bob"))->rsvp == declined);
    CHECK(kinds(answered(yes, open, "bob", declined, 0).entries) == "answer_ignored");
    // Emma was asked with SEQUENCE 1, by whatever she answers an older one.
    CHECK(kinds(answered(changed, open, "emma", accepted, 1).entries) == "answer_ignored");
    CHECK(kinds(answered(changed, changed, "emma", accepted, 1).entries) == "answered");

    // A time that changed, earlier, later or longer: everybody's older answers are to another time.
    for (const int start : {-30, 0, 30}) {
        patch = {};
        patch.start = open.when.start + minutes(start);
        patch.end = open.when.end + minutes(90);
        const Incident moved = patched(world, yes, patch).incident;
        REQUIRE(moved.sequence == 2);
        INFO(start);
        CHECK(kinds(answered(moved, yes, "bob", declined, 5).entries) == "answer_ignored");
        CHECK(answered(moved, moved, "bob", declined, 5).incident.find(id("bob"))->rsvp == declined);
        // Whoever said yes need not say it again for an incident that goes on.
        CHECK((moved.find(id("bob"))->rsvp == accepted) == (start <= 0));
    }
    // An expert who is asked to command has not said yes to that.
    patch = {};
    patch.commander = "bob@example.com";
    const Incident commands = patched(world, changed, patch).incident;
    CHECK(kinds(answered(commands, changed, "bob", accepted, 5).entries) == "answer_ignored");
    CHECK(commands.commander().rsvp == ParticipationStatus::needs_action);
    CHECK(kinds(answered(commands, commands, "bob", accepted, 5).entries) == "answered");
}

TEST_CASE("Who is only informed from now on is not taken at what they said as an expert") {
    IncidentWorld world;
    auto order = world.order({"network"});
    order.roles.reporter = id("bob");
    const Incident open = open_incident(world.staff(), order, world.now)->incident;
    REQUIRE(open.find(id("bob"))->role == IncidentRole::expert);
    IncidentPatch patch;
    patch.remove_experts = {"bob@example.com"};
    const Incident informed = patched(world, open, patch).incident;
    REQUIRE(informed.find(id("bob"))->role == IncidentRole::reporter);
    const auto late =
        answer_incident(world.staff(), informed, world.answers(open, "bob", accepted), world.now);
    CHECK(kinds(late.entries) == "answer_ignored");
}

TEST_CASE("Two changes become one step") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    IncidentPatch patch;
    patch.title = "Other";
    IncidentChange first = patched(world, incident, patch);
    patch = {};
    patch.add_experts = {"emma@example.com"};
    append_change(first, patched(world, first.incident, patch));
    CHECK(first.incident.sequence == 1);
    CHECK(first.incident.find(id("emma"))->invited_sequence <= 1);
    CHECK(kinds(first.entries) == "changed expert_added");
}

}  // namespace changes_test
