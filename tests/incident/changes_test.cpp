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
    auto stranger = world.answers(incident, "emma", accepted);
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
