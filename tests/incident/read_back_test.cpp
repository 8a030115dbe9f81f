#include "incident/read_back.h"

#include "incident/incident_world.h"

namespace read_back_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

CalendarAnswers saying(int sequence, const std::string& name, ParticipationStatus status) {
    return {sequence, {{id(name), status}}};
}

}  // namespace

TEST_CASE("Only what is new in the calendar is an answer") {
    const IncidentWorld world;
    Incident incident = world.open({"network"});
    CHECK_FALSE(
        read_back(world.staff(), incident, saying(0, "bob", ParticipationStatus::needs_action), world.now)
            .changes_anything());
    CHECK_FALSE(
        read_back(world.staff(), incident, saying(0, "stranger", ParticipationStatus::declined), world.now)
            .changes_anything());
    const auto yes =
        read_back(world.staff(), incident, saying(0, "alice", ParticipationStatus::accepted), world.now);
    CHECK(kinds(yes.entries) == "answered");
    CHECK(yes.entries.front().who == "calendar");
    CHECK(yes.incident.commander().rsvp == ParticipationStatus::accepted);
    CHECK_FALSE(read_back(world.staff(), yes.incident, saying(0, "alice", ParticipationStatus::accepted),
                          world.now + std::chrono::hours(1))
                    .changes_anything());
    const auto no = read_back(world.staff(), yes.incident, saying(0, "alice", ParticipationStatus::declined),
                              world.now + std::chrono::minutes(1));
    CHECK(no.incident.commander().rsvp == ParticipationStatus::declined);
}

TEST_CASE("An answer in the calendar is in order with those by other ways, whatever number it claims") {
    const IncidentWorld world;
    const Incident incident = world.open({"network"});
    const auto far = read_back(world.staff(), incident,
                               saying(999'999'999, "alice", ParticipationStatus::declined), world.now);
    CHECK(far.incident.commander().rsvp == ParticipationStatus::declined);
    const auto mail = answer_incident(
        world.staff(), far.incident,
        world.answers(far.incident, "alice", ParticipationStatus::accepted, std::chrono::minutes(1)),
        world.now);
    CHECK(mail.incident.commander().rsvp == ParticipationStatus::accepted);
    // The calendar still says no: that was heard.
    CHECK_FALSE(read_back(world.staff(), mail.incident, saying(0, "alice", ParticipationStatus::declined),
                          world.now + std::chrono::minutes(2))
                    .changes_anything());
}

TEST_CASE(
    "A copy from before somebody was asked says nothing of them, and a closed incident takes no answer") {
    const IncidentWorld world;
    Incident incident = world.open({"network"});
    incident.sequence = 4;
    incident.invitations.front().invited_sequence = 3;
    const std::string who = "alice";
    CHECK_FALSE(read_back(world.staff(), incident, saying(2, who, ParticipationStatus::declined), world.now)
                    .changes_anything());
    CHECK(read_back(world.staff(), incident, saying(3, who, ParticipationStatus::declined), world.now)
              .changes_anything());
    incident.state = IncidentState::resolved;
    CHECK_FALSE(read_back(world.staff(), incident, saying(3, who, ParticipationStatus::declined), world.now)
                    .changes_anything());
}

TEST_CASE("Several answers in one copy are one change, and the first who accepts the command has it") {
    const IncidentWorld world;
    Incident incident = world.open({"network"});
    const auto asked = escalate(world.staff(), incident, world.now + std::chrono::minutes(5));
    REQUIRE(asked);
    const CalendarAnswers both{
        asked->incident.sequence,
        {{id("david"), ParticipationStatus::accepted}, {id("bob"), ParticipationStatus::accepted}}};
    const auto change = read_back(world.staff(), asked->incident, both, world.now + std::chrono::minutes(6));
    CHECK(change.incident.sequence <= asked->incident.sequence + 1);
    for (const TimelineEntry& entry : change.entries) CHECK(entry.kind != "answer_ignored");
}

}  // namespace read_back_test
