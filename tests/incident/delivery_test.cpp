// Who was told and who cannot be, and what follows for whom is waited for.
#include "incident/delivery.h"

#include <catch2/catch.hpp>

#include "incident/incident_world.h"
#include "incident/missing_event.h"

namespace delivery_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::hours;
using std::chrono::minutes;
using State = DeliveryFact::State;
using Mail = MailService::State;

namespace {

const MailService works{Mail::answers};
const MailService away{Mail::away, "the mail server accepts no connection"};
const std::string no_such_user = "the mail server refused the recipient (550 5.1.1)";

// About the incident of `world.open()`, to somebody; the newest first where there are several.
MessageDelivery mail(const Incident& incident, const std::string& name, DeliveryState state,
                     int sequence = 0) {
    MessageDelivery one;
    one.id = incident.id + '.' + std::to_string(sequence) + ".request.0123456789abcdef";
    one.recipient = id(name);
    one.calendar_method = "REQUEST";
    one.created_at = one.next_attempt = incident.opened_at;
    one.state = state;
    if (state != DeliveryState::queued) one.settled_at = incident.opened_at + Duration(20);
    return one;
}

MessageDelivery tried(MessageDelivery one, const std::string& error) {
    one.attempts = 1;
    one.last_error = error;
    return one;
}

MessageDelivery held(MessageDelivery one) {
    one.held_until = one.created_at + Duration(30);
    return one;
}

MessageDelivery event(const Incident& incident, DeliveryState state, int sequence = 0) {
    MessageDelivery one = mail(incident, "rota", state, sequence);
    one.id = incident.id + '.' + std::to_string(sequence) + ".event";
    one.calendar_method = "";
    one.transport = Transport::caldav;
    return one;
}

DeliveryFact fact(const Incident& incident, const std::vector<MessageDelivery>& messages,
                  const MailService& service = works, const std::string& name = "alice") {
    const DeliveryFacts facts = delivery_facts(incident, messages, service);
    REQUIRE(facts.contains(id(name)));
    return facts.at(id(name));
}

// Notes and asks, as the desk does at each look.
Incident look(const IncidentWorld& world, const Incident& incident, const DeliveryFacts& facts) {
    const Incident noted = note_deliveries(incident, facts, world.now).incident;
    const auto next = escalate(world.staff(), noted, world.now, facts);
    return next ? next->incident : noted;
}

}  // namespace

TEST_CASE("Each message says whether its person is told") {
    IncidentWorld world;
    const Incident incident = world.open();
    using D = DeliveryState;
    CHECK(fact(incident, {mail(incident, "alice", D::sent)}) ==
          DeliveryFact{State::told, incident.opened_at + Duration(20), ""});
    CHECK(fact(incident, {mail(incident, "alice", D::queued)}).state == State::waiting);
    CHECK(fact(incident, {mail(incident, "alice", D::queued)}, away) ==
          DeliveryFact{State::waiting, incident.opened_at, away.reason});
    const auto grey = tried(mail(incident, "alice", D::queued), "refused (450)");
    CHECK(fact(incident, {grey}).state == State::refused);
    CHECK(fact(incident, {grey}, away) == DeliveryFact{State::waiting, incident.opened_at, away.reason});
    // After a start nothing is known of the server yet, and the mail is tried again soon.
    CHECK(fact(incident, {grey}, {Mail::unknown}) ==
          DeliveryFact{State::waiting, incident.opened_at, "refused (450)"});
    const auto failed = tried(mail(incident, "alice", D::failed), no_such_user);
    CHECK(fact(incident, {failed}) == DeliveryFact{State::failed, incident.opened_at, no_such_user});
    // What follows to the same mailbox changes that only by being taken.
    CHECK(fact(incident, {mail(incident, "alice", D::queued, 1), failed}).state == State::failed);
    CHECK(fact(incident, {mail(incident, "alice", D::sent, 1), failed}).state == State::told);
    CHECK(fact(incident,
               {tried(mail(incident, "alice", D::failed, 1), no_such_user), mail(incident, "alice", D::sent)})
              .state == State::told);
    // Nobody sends: people are told by other ways, if at all.
    CHECK(delivery_facts(incident, {mail(incident, "alice", D::queued)}, {}).empty());
    CHECK(delivery_facts(incident, {mail(incident, "bob", D::sent)}, works).empty());
    CHECK(delivery_facts(incident, {}, works).empty());
}

TEST_CASE("Whom the calendar's server tells is told once the event is there") {
    IncidentWorld world;
    Incident incident = world.open();
    using D = DeliveryState;
    const auto waits = held(mail(incident, "alice", D::queued));
    CHECK(fact(incident, {event(incident, D::queued), waits}) ==
          DeliveryFact{State::waiting, incident.opened_at, ""});
    // A mail server that is away is not what it waits for.
    CHECK(fact(incident, {event(incident, D::queued), waits}, away).reason == "");
    CHECK(fact(incident, {event(incident, D::sent), held(mail(incident, "alice", D::dropped))}).state ==
          State::told);
    // Of an event before they were asked they know nothing.
    incident.invitations[0].invited_sequence = 1;
    CHECK(fact(incident, {held(mail(incident, "alice", D::queued, 1)), event(incident, D::sent)}).state ==
          State::waiting);
}

TEST_CASE("A mailbox that does not exist is a no at once, for command and experts alike") {
    IncidentWorld world;
    const Incident incident = world.open({"database"});
    const DeliveryFacts facts{{id("alice"), {State::failed, world.now, no_such_user}},
                              {id("carol"), {State::failed, world.now, no_such_user}}};
    CHECK(next_escalation(incident, hours(1), facts) == incident.opened_at);
    const auto change = escalate(world.staff(), incident, world.now, facts);
    REQUIRE(change);
    CHECK(people(change->incident) ==
          "david: commander, alice: stand_in, carol: expert skill:database, emma: expert skill:database");
    CHECK(change->entries[0].text.starts_with("Alice could not be told (" + no_such_user + "). David"));
    CHECK_THAT(change->entries[1].text,
               Contains("David commands, for Alice could not be told (" + no_such_user + ").") ||
                   Contains("Carol could not be told"));
    for (const TimelineEntry& entry : change->entries) CHECK_THAT(entry.text, !Contains("has not answered"));
    // Whoever cannot be told is not asked for something else.
    IncidentWorld other;
    const Incident two = other.open({"network", "database"});
    DeliveryFacts gone{{id("bob"), {State::failed, other.now, no_such_user}},
                       {id("carol"), {State::failed, other.now, no_such_user}}};
    const auto next = escalate(other.staff(), two, other.now, gone);
    REQUIRE(next);
    CHECK(next->incident.find(id("bob"))->slots == std::vector<std::string>{"skill:network"});
}

TEST_CASE("When all who could be asked cannot be told, that is said loudly") {
    IncidentWorld world;
    Incident incident = world.open();
    DeliveryFacts facts;
    for (int i = 0; i < 6; ++i) {
        for (const Invitation& one : incident.invitations)
            facts[one.member] = {State::failed, world.now, no_such_user};
        incident = look(world, incident, facts);
    }
    CHECK(incident.slots[0].exhausted);
    CHECK(incident.commander().member == id("emma"));
}

TEST_CASE("Nobody's time runs before they are told, and then from when they were") {
    IncidentWorld world;
    Incident incident = world.open();
    DeliveryFacts facts{{id("alice"), {State::waiting, world.now, away.reason}}};
    CHECK_FALSE(next_escalation(incident, minutes(5), facts));
    world.now += hours(1);
    incident = look(world, incident, facts);
    CHECK(people(incident) == "alice: commander");
    facts[id("alice")] = {State::told, world.now, ""};
    CHECK(next_escalation(incident, minutes(5), facts) == world.now + minutes(5));
    world.now += minutes(5) - Duration(1);
    CHECK(people(look(world, incident, facts)) == "alice: commander");
    world.now += Duration(1);
    CHECK(people(look(world, incident, facts)) == "alice: commander, david: stand_in");
    // What begins later counts from then, however early people were told.
    auto order = world.order();
    order.when = {world.now + hours(2), world.now + hours(3)};
    const Incident planned = open_incident(world.staff(), order, world.now)->incident;
    facts[id("alice")] = {State::told, world.now, ""};
    CHECK(next_escalation(planned, minutes(5), facts) == world.now + hours(2) + minutes(5));
}

TEST_CASE("One who waits to be told holds up those who were asked for the same, and nobody else") {
    IncidentWorld world;
    Incident incident = world.open({"network"});
    const DeliveryFacts facts{{id("alice"), {State::waiting, world.now, away.reason}},
                              {id("bob"), {State::told, world.now, ""}}};
    world.now += minutes(5);
    const auto change = escalate(world.staff(), incident, world.now, facts);
    REQUIRE(change);
    CHECK(people(change->incident) ==
          "alice: commander, bob: expert skill:network, david: expert skill:network");
}

TEST_CASE("A mail that is refused for now lets the time run from when that was seen") {
    IncidentWorld world;
    Incident incident = world.open();
    const DeliveryFacts facts{{id("alice"), {State::refused, world.now, "refused (450)"}}};
    world.now += minutes(4);
    incident = look(world, incident, facts);
    CHECK(people(incident) == "alice: commander");
    CHECK(incident.commander().problem == DeliveryProblem::refused);
    CHECK(next_escalation(incident, minutes(5), facts) == world.now + minutes(5));
    world.now += minutes(5);
    const auto change = escalate(world.staff(), incident, world.now, facts);
    REQUIRE(change);
    CHECK_THAT(change->entries[0].text, Contains("Alice could not be told so far (refused (450))."));
    CHECK(change->incident.commander().member == id("alice"));  // she may be told yet
}

TEST_CASE("The timeline says each problem once, and when it is over") {
    IncidentWorld world;
    Incident incident = world.open({"database"});
    const DeliveryFact waits{State::waiting, world.now, away.reason};
    const DeliveryFacts facts{{id("alice"), waits}, {id("carol"), waits}};
    const auto said = note_deliveries(incident, facts, world.now);
    REQUIRE(said.entries.size() == 1);
    CHECK(said.entries[0].kind == "not_told");
    CHECK(said.entries[0].text ==
          "Alice and Carol cannot be told: the mail server accepts no connection. Their time to answer runs "
          "from when they are, and until then nobody else is asked.");
    CHECK_FALSE(said.visible);
    incident = said.incident;
    CHECK_FALSE(note_deliveries(incident, facts, world.now + hours(1)).changes_anything());
    // It gets worse, and worse again; better only by being told.
    DeliveryFacts alice{{id("alice"), {State::refused, world.now, "refused (450)"}}};
    incident = note_deliveries(incident, alice, world.now).incident;
    CHECK_FALSE(note_deliveries(incident, {{id("alice"), waits}}, world.now).changes_anything());
    alice[id("alice")] = {State::failed, world.now, no_such_user};
    const auto failed = note_deliveries(incident, alice, world.now);
    REQUIRE(failed.entries.size() == 1);
    CHECK(failed.entries[0].text == "Alice could not be told: " + no_such_user + ".");
    CHECK(failed.entries[0].about == id("alice"));
    alice[id("alice")] = {State::told, world.now, ""};
    const auto told = note_deliveries(failed.incident, alice, world.now);
    CHECK(kinds(told.entries) == "told");
    CHECK(told.incident.find(id("alice"))->problem == DeliveryProblem::none);
    CHECK_FALSE(note_deliveries(told.incident, alice, world.now).changes_anything());
}

TEST_CASE("A mail that nobody sends is said too, but not within its first minute") {
    IncidentWorld world;
    const Incident incident = world.open();
    const DeliveryFacts facts{{id("alice"), {State::waiting, world.now, ""}}};
    CHECK_FALSE(note_deliveries(incident, facts, world.now + Duration(59)).changes_anything());
    const auto said = note_deliveries(incident, facts, world.now + Duration(60));
    REQUIRE(said.entries.size() == 1);
    CHECK_THAT(said.entries[0].text, Contains("has not been taken from the outbox"));
}

TEST_CASE("Of whoever has answered nothing is said, nor of what is over") {
    IncidentWorld world;
    const Incident incident = world.open();
    const DeliveryFacts facts{{id("alice"), {State::failed, world.now, no_such_user}}};
    const Incident taken =
        answer_incident(world.staff(), incident,
                        world.answers(incident, "alice", ParticipationStatus::accepted), world.now)
            .incident;
    CHECK_FALSE(note_deliveries(taken, facts, world.now).changes_anything());
    CHECK_FALSE(escalate(world.staff(), taken, world.now + hours(1), facts));
    const Incident over = resolve_incident(incident, "", "", world.now)->incident;
    CHECK_FALSE(note_deliveries(over, facts, world.now).changes_anything());
    CHECK(slot_waits(over, facts).empty());
}

TEST_CASE("An event that was deleted is put back some times, and then left") {
    IncidentWorld world;
    const Incident incident = world.open();
    std::vector<TimelineEntry> timeline;
    for (int times = 0; times < 3; ++times) {
        const auto copy = restore_event(incident, timeline, false, world.now);
        CHECK(copy.put_event);
        CHECK_FALSE(copy.visible);
        const auto invited = restore_event(incident, timeline, true, world.now);
        CHECK(invited.visible);
        CHECK(invited.incident.sequence == 1);
        REQUIRE(kinds(copy.entries) == "event_restored");
        timeline.push_back(copy.entries[0]);
    }
    const auto left = restore_event(incident, timeline, true, world.now);
    CHECK_FALSE((left.put_event || left.visible));
    REQUIRE(kinds(left.entries) == "event_missing");
    timeline.push_back(left.entries[0]);
    CHECK_FALSE(restore_event(incident, timeline, true, world.now).changes_anything());
    const Incident over = resolve_incident(incident, "", "", world.now)->incident;
    CHECK_FALSE(restore_event(over, {}, true, world.now).changes_anything());
}

}  // namespace delivery_test
