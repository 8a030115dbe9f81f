#include "incident/outlook.h"

#include <catch2/catch.hpp>

#include "incident/incident_world.h"

namespace outlook_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::minutes;

namespace {

std::string said(const std::vector<LadderStep>& ladder, Instant opened) {
    std::string text;
    for (const LadderStep& step : ladder) {
        const auto after = std::chrono::duration_cast<minutes>(step.call.at - opened).count();
        text += std::to_string(after) + ' ' + step.call.name + ' ' + slot_title(step.call.slots[0]) + "; ";
    }
    return text;
}

}  // namespace

TEST_CASE("The ladder is what silence comes to, part by part, once through") {
    IncidentWorld world;
    const Incident incident = world.open({"network"});
    const auto ladder = call_ladder(world.staff(), incident);
    // Bob has the network, so nobody asks him to command.
    CHECK(said(ladder, world.now) ==
          "0 Alice commander; 0 Bob network; 5 David commander; 10 Carol commander; 15 Emma commander; ");
    for (const LadderStep& step : ladder) CHECK(step.why != "");
    // Each step happens as it was shown.
    Incident now = incident;
    std::vector<MemberId> asked;
    for (int i = 0; i < 3; ++i) {
        const auto outlook = escalation_outlook(world.staff(), now, world.now);
        REQUIRE(outlook.at);
        world.now = *outlook.at;
        const auto change = escalate(world.staff(), now, world.now);
        REQUIRE(change);
        now = change->incident;
        for (const MemberId& member : outlook.members) {
            REQUIRE(now.find(member) != nullptr);
            CHECK(now.find(member)->invited_at == world.now);
            asked.push_back(member);
        }
    }
    CHECK(asked == std::vector<MemberId>{id("david"), id("carol"), id("emma")});
}

TEST_CASE("After the end of a round the outlook is the next round, and after three everybody") {
    IncidentWorld world;
    world.team.members.resize(2);
    world.team.backup.clear();
    world.plan.assignments.resize(1);
    Incident incident = world.open();
    std::vector<size_t> at_once;
    for (int i = 0; i < 10; ++i) {
        const auto outlook = escalation_outlook(world.staff(), incident, world.now);
        REQUIRE(outlook.at);
        REQUIRE(*outlook.at >= world.now);
        CHECK(*outlook.at - world.now <= 3 * world.team.ack_timeout);
        CHECK(outlook.slot == commander_slot);
        at_once.push_back(outlook.members.size());
        world.now = *outlook.at;
        while (const auto change = escalate(world.staff(), incident, world.now)) incident = change->incident;
    }
    CHECK(at_once == std::vector<size_t>{1, 1, 1, 1, 1, 2, 2, 2, 2, 2});
}

TEST_CASE("Nobody is next once all have accepted, and while somebody waits to be told") {
    IncidentWorld world;
    const Incident incident = world.open();
    const DeliveryFacts facts{{id("alice"), {DeliveryFact::State::waiting, world.now, "no server"}}};
    CHECK_FALSE(escalation_outlook(world.staff(), incident, world.now, facts).at);
    const Incident led =
        answer_incident(world.staff(), incident,
                        world.answers(incident, "alice", ParticipationStatus::accepted), world.now)
            .incident;
    CHECK_FALSE(escalation_outlook(world.staff(), led, world.now).at);
}

}  // namespace outlook_test
