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
    CHECK(next_escalation(incident, world.team) == world.now + minutes(5));
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
    CHECK(next_escalation(change->incident, world.team) == world.now + minutes(5));
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
        for (int i = 0; i < 3; ++i) {
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
        CHECK(next_escalation(incident, world.team) == world.now);
        // And then all are asked again, Alice first, who would have it by saying yes to her first mail.
        const auto again = escalate(world.staff(), incident, world.now);
        REQUIRE(again);
        CHECK(again->entries.front().text == "Alice is asked again.");
        CHECK(next_escalation(again->incident, world.team) == world.now + minutes(5));
        IncidentAnswer yes = world.answers(incident, "alice", accepted);
        yes.sequence = 0;
        CHECK(people(answer_incident(world.staff(), again->incident, yes, world.now).incident) ==
              "alice: commander");
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

TEST_CASE(
    "Three rounds ask for the command one by one, each for the timeout at least, then all at once again and "
    "again") {
    IncidentWorld world;
    world.team.members.resize(3);  // Alice, on duty, Bob and Carol, who is backup
    world.plan.assignments.resize(1);
    Incident incident = world.open();
    std::vector<std::string> told;
    for (int i = 0; i < 24; ++i) {
        const auto next = next_escalation(incident, world.team);
        REQUIRE(next);
        const auto minute = std::chrono::duration_cast<minutes>(*next - incident.opened_at).count();
        CHECK_FALSE(escalate(world.staff(), incident, *next - Duration(1)));
        const auto change = escalate(world.staff(), incident, *next);
        REQUIRE(change);
        for (const TimelineEntry& entry : change->entries)
            told.push_back(std::to_string(minute) + ' ' + entry.text);
        incident = change->incident;
    }
    told.resize(17);  // it goes on like that
    const std::string again = " is asked again.";
    const std::string all = "Alice has not answered. Carol has not answered. Bob has not answered. ";
    const std::string nobody_left = all + "NOBODY IS LEFT TO ASK to command: all are asked again.";
    const std::vector<std::string> expected{
        "5 Alice has not answered. Carol is asked too: is backup, for no shift is held and nobody is on "
        "night duty.",
        "10 Alice has not answered. Carol has not answered. Bob is asked too: nobody who is on duty or "
        "backup has "
        "taken over; is there (14:10 in Europe/Paris).",
        "15 " + nobody_left,
        "15 Alice" + again,
        "20 Alice has not answered. Carol" + again,
        "25 Alice has not answered. Carol has not answered. Bob" + again,
        "30 " + nobody_left,
        "30 Alice" + again,
        "35 Alice has not answered. Carol" + again,
        "40 Alice has not answered. Carol has not answered. Bob" + again,
        "45 " + nobody_left,
        "45 Alice" + again,
        "45 Carol" + again,
        "45 Bob" + again,
        "60 Alice" + again,
        "60 Carol" + again,
        "60 Bob" + again};
    CHECK(told == expected);
}

TEST_CASE("Whoever is asked is told, and whoever leads, and nobody is woken because somebody else is asked") {
    IncidentWorld world;
    Incident incident = world.open({"database"});
    incident = answered(world, incident, "carol", accepted);
    world.now += minutes(5);
    auto change = escalate(world.staff(), incident, world.now);
    REQUIRE(change);
    CHECK(change->told == std::vector<MemberId>{id("david")});
    CHECK_FALSE(change->for_everybody);
    // Who was asked is kept, with what they said.
    incident = answered(world, change->incident, "david", accepted);
    std::string calls;
    for (const IncidentCall& call : incident.calls)
        calls += call.name + ' ' + call.slots[0] + ' ' + std::string(participation_name(call.answer)) + "; ";
    CHECK(calls == "Alice commander needs_action; Carol skill:database accepted; David commander accepted; ");

    incident = answered(world, incident, "carol", declined);
    change = escalate(world.staff(), incident, world.now);
    REQUIRE(change);
    CHECK(change->told == std::vector<MemberId>{id("alice"), id("david")});  // Alice has database too
}

TEST_CASE("A backup who is absent is asked where there is nobody else at all") {
    IncidentWorld world;
    world.plan.assignments.resize(1);
    world.away("carol", world.today());
    Incident incident = world.open();
    for (int i = 0; i < 3; ++i) {
        world.now += minutes(5);
        incident = escalate(world.staff(), incident, world.now)->incident;
    }
    CHECK(people(incident) == "alice: commander, bob: stand_in, david: stand_in, emma: stand_in");
    world.now += minutes(5);
    CHECK(escalate(world.staff(), incident, world.now)->incident.slots[0].exhausted);

    IncidentWorld alone;
    alone.team.members = {alone.team.members[0], alone.team.members[2]};
    alone.plan.assignments.resize(1);
    alone.away("carol", alone.today());
    incident = answered(alone, alone.open(), "alice", declined);
    incident = escalate(alone.staff(), incident, alone.now)->incident;  // nobody is left: Alice said no
    REQUIRE(incident.slots[0].exhausted);
    // In the next round Alice is asked again, and Carol is not while there is somebody.
    incident = escalate(alone.staff(), incident, alone.now + minutes(5))->incident;
    CHECK(people(incident) == "alice: commander");
    const DeliveryFacts gone{{id("alice"), {DeliveryFact::State::failed, alone.now, "no such mailbox"}}};
    const auto carol = escalate(alone.staff(), incident, alone.now + minutes(5), gone);
    REQUIRE(carol);
    incident = carol->incident;
    while (incident.find(id("carol")) == nullptr) {
        alone.now += minutes(15);
        const auto change = escalate(alone.staff(), incident, alone.now, gone);
        REQUIRE(change);
        incident = change->incident;
    }
    CHECK(people(incident) == "carol: commander, alice: stand_in");
}

TEST_CASE("Whoever is asked again answers by any of their mails, and is told by the newest") {
    IncidentWorld world;
    world.team.members.resize(1);
    world.team.backup.clear();
    world.plan.assignments.resize(1);
    const Incident first = world.open();
    world.now += minutes(5);
    const Incident over = escalate(world.staff(), first, world.now)->incident;
    REQUIRE(over.slots[0].exhausted);
    const auto again = escalate(world.staff(), over, world.now);
    REQUIRE(again);
    const Invitation& asked = again->incident.commander();
    CHECK(asked.invited_at == world.now);
    CHECK(asked.first_invited_at == first.opened_at);
    CHECK(asked.asked_sequence == again->incident.sequence);
    CHECK(asked.invited_sequence == 0);
    // While her newest mail waits for a mail server, no time runs.
    MessageDelivery told;
    told.id = first.id + ".0.request";
    told.recipient = id("alice");
    told.calendar_method = "REQUEST";
    told.state = DeliveryState::sent;
    told.settled_at = first.opened_at;
    MessageDelivery waits = told;
    waits.id = first.id + '.' + std::to_string(asked.asked_sequence) + ".request";
    waits.state = DeliveryState::queued;
    waits.settled_at.reset();
    const MailService away{MailService::State::away, "the mail server accepts no connection"};
    const auto facts = delivery_facts(again->incident, {waits, told}, away);
    CHECK_FALSE(next_escalation(again->incident, world.team, facts));
    const auto both = delivery_facts(again->incident, {told}, away);
    CHECK(next_escalation(again->incident, world.team, both) == world.now + minutes(5));
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
    CHECK(change->told == std::vector<MemberId>{id("alice")});  // who leads must know
    CHECK_FALSE(change->for_everybody);
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
    CHECK_FALSE(next_escalation(incident, world.team));
    CHECK_FALSE(escalate(world.staff(), incident, world.now + hours(1)));
    const Incident over = resolve_incident(world.open(), "", "", world.now)->incident;
    CHECK_FALSE(escalate(world.staff(), over, world.now + hours(1)));
    CHECK_FALSE(next_escalation(over, world.team));
}

TEST_CASE("What is planned for later waits for its start") {
    IncidentWorld world;
    auto order = world.order();
    order.when = {world.now + hours(2), world.now + hours(3)};
    const Incident incident = open_incident(world.staff(), order, world.now)->incident;
    CHECK(next_escalation(incident, world.team) == world.now + hours(2) + minutes(5));
}

}  // namespace escalation_test
