#include "incident/escalation.h"

#include <catch2/catch.hpp>

#include "incident/incident_world.h"

namespace escalation_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr auto accepted = ParticipationStatus::accepted;
constexpr auto declined = ParticipationStatus::declined;

Incident answered(const IncidentWorld& world, const Incident& incident, const std::string& name,
                  ParticipationStatus status) {
    return answer_incident(world.staff(), incident, world.answers(incident, name, status), world.now)
        .incident;
}

}  // namespace

TEST_CASE("Silence lasts for the timeout, then the next one is asked, one a slot and round") {
    IncidentWorld world;
    Incident incident = world.open({"database"});
    CHECK(next_escalation(incident, minutes(5)) == world.now + minutes(5));
    CHECK_FALSE(escalate(world.staff(), incident, world.now + minutes(5) - Duration(1)));
    world.now += minutes(5);
    const auto change = escalate(world.staff(), incident, world.now);
    REQUIRE(change);
    CHECK(people(change->incident) ==
          "alice: commander, carol: expert skill:database, david: stand_in, emma: expert skill:database");
    CHECK(change->incident.sequence == 1);
    CHECK(kinds(change->entries) == "escalated escalated");
    CHECK_THAT(change->entries[0].text, Contains("Alice has not answered. David is asked too"));
    CHECK_FALSE(escalate(world.staff(), change->incident, world.now));
    CHECK(next_escalation(change->incident, minutes(5)) == world.now + minutes(5));
}

TEST_CASE("Whoever accepts the command first has it, and the others are done") {
    IncidentWorld world;
    Incident incident = world.open();
    world.now += minutes(5);
    incident = escalate(world.staff(), incident, world.now)->incident;
    SECTION("the stand-in") {
        const auto change =
            answer_incident(world.staff(), incident, world.answers(incident, "david", accepted), world.now);
        CHECK(people(change.incident) == "david: commander");
        REQUIRE(change.removed.size() == 1);
        CHECK(change.removed[0].member == id("alice"));
        CHECK(change.incident.sequence == 2);
    }
    SECTION("the commander after all") {
        const auto change =
            answer_incident(world.staff(), incident, world.answers(incident, "alice", accepted), world.now);
        CHECK(people(change.incident) == "alice: commander");
        CHECK(change.removed[0].member == id("david"));
    }
    SECTION(
        "nobody: after the chain everybody else is asked who is not absent, and then its end is said once") {
        world.away("bob", world.today());
        for (int i = 0; i < 4; ++i) {
            world.now += minutes(5);
            const auto change = escalate(world.staff(), incident, world.now);
            if (!change) break;
            incident = change->incident;
        }
        CHECK(people(incident) == "alice: commander, david: stand_in, carol: stand_in, emma: stand_in");
        CHECK(incident.invitations.back().rule == "team");
        CHECK(incident.invitations.back().why ==
              "nobody who is on duty or backup has taken over; is there (08:15 in America/Montreal)");
        CHECK(incident.slots[0].exhausted);
        CHECK_FALSE(next_escalation(incident, minutes(5)));
        CHECK_FALSE(escalate(world.staff(), incident, world.now + hours(5)));
    }
}

TEST_CASE("Whoever declines the command has it no longer") {
    IncidentWorld world;
    Incident incident = answered(world, world.open(), "alice", declined);
    CHECK(people(incident) == "alice: commander");
    const auto change = escalate(world.staff(), incident, world.now);
    REQUIRE(change);
    CHECK(people(change->incident) == "david: commander, alice: stand_in");
    CHECK(kinds(change->entries) == "escalated commander");
    CHECK_FALSE(escalate(world.staff(), change->incident, world.now));
    // All decline: the role stays with the last one, loudly.
    incident = answered(world, change->incident, "david", declined);
    incident = escalate(world.staff(), incident, world.now)->incident;
    CHECK(people(incident).starts_with("carol: commander"));
    incident = answered(world, incident, "carol", declined);
    for (const char* name : {"bob", "emma"}) {  // not on duty
        incident = escalate(world.staff(), incident, world.now)->incident;
        CHECK(people(incident).starts_with(name + std::string(": commander")));
        incident = answered(world, incident, name, declined);
    }
    const auto last = escalate(world.staff(), incident, world.now);
    REQUIRE(last);
    CHECK_THAT(last->entries[0].text, Contains("NOBODY IS LEFT TO ASK to command"));
    CHECK(last->incident.commander().member == id("emma"));
}

TEST_CASE("An expert who declines is followed by the next one with the skill, until nobody is left") {
    IncidentWorld world;
    Incident incident = answered(world, world.open({"database"}), "carol", declined);
    incident = answered(world, incident, "alice", accepted);
    auto change = escalate(world.staff(), incident, world.now);
    REQUIRE(change);
    CHECK(people(change->incident) ==
          "alice: commander, carol: expert skill:database, emma: expert skill:database");
    incident = answered(world, change->incident, "emma", declined);
    CHECK(incident.unfilled() == std::vector<std::string>{"database"});
    change = escalate(world.staff(), incident, world.now);
    REQUIRE(change);
    CHECK_FALSE(change->visible);
    CHECK_THAT(change->entries[0].text, Contains("NOBODY IS LEFT TO ASK for database"));
    CHECK_FALSE(escalate(world.staff(), change->incident, world.now + hours(1)));
}

TEST_CASE("A named expert is followed by somebody with one of their skills") {
    IncidentWorld world;
    Incident incident = answered(world, world.open({}, {"bob@example.com"}), "bob", declined);
    incident = answered(world, incident, "alice", accepted);
    const auto change = escalate(world.staff(), incident, world.now);
    REQUIRE(change);
    CHECK(people(change->incident) ==
          "alice: commander, bob: expert named:bob@example.com, david: expert named:bob@example.com");
}

TEST_CASE("Nothing is asked once all have accepted, and nothing of what is over") {
    IncidentWorld world;
    Incident incident = answered(world, world.open({"network"}), "alice", accepted);
    incident = answered(world, incident, "bob", accepted);
    CHECK_FALSE(next_escalation(incident, minutes(5)));
    CHECK_FALSE(escalate(world.staff(), incident, world.now + hours(1)));
    const Incident over = resolve_incident(world.open(), "", "", world.now)->incident;
    CHECK_FALSE(escalate(world.staff(), over, world.now + hours(1)));
    CHECK_FALSE(next_escalation(over, minutes(5)));
}

TEST_CASE("What is planned for later waits for its start") {
    IncidentWorld world;
    auto order = world.order();
    order.when = {world.now + hours(2), world.now + hours(3)};
    const Incident incident = open_incident(world.staff(), order, world.now)->incident;
    CHECK(next_escalation(incident, minutes(5)) == world.now + hours(2) + minutes(5));
}

}  // namespace escalation_test
