// The call for a commander never dies, over random teams and whatever they answer.
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "incident/escalation.h"
#include "incident/incident_world.h"
#include "support/case_count.h"

namespace escalation_property_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

// One incident of a random team: 1 to 12 members, some of them away, with shifts and backups or without.
class Calls {
public:
    explicit Calls(unsigned seed) : random_(seed) {
        const int members = pick(1, 12);
        world_.team.members.clear();
        world_.team.backup.clear();
        world_.plan.assignments.clear();
        for (int i = 0; i < members; ++i) {
            const std::string name(1, static_cast<char>('a' + i));
            world_.add(name, pick(0, 1) == 0 ? "Europe/Paris" : "America/Montreal",
                       pick(0, 2) == 0 ? std::vector<std::string>{"database"} : std::vector<std::string>{});
            if (pick(0, 3) == 0) world_.away(name, {world_.now - days, world_.now + days});
            if (pick(0, 4) == 0)  // rests
                world_.availability[id(name)].night_duties = {
                    {world_.now - std::chrono::hours(12), world_.now - std::chrono::hours(3)}};
            if (pick(0, 3) == 0) world_.team.backup.push_back(id(name));
        }
        if (pick(0, 3) > 0) world_.hold("mro", random_name(), "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z");
        const bool has_skill = std::any_of(world_.team.members.begin(), world_.team.members.end(),
                                           [](const Member& one) { return !one.skills.empty(); });
        incident_ = has_skill && pick(0, 1) == 0 ? world_.open({"database"}) : world_.open();
        note_call(incident_.commander().member);
    }

    // Something happens, or nothing until the next call is due. False: somebody commands.
    bool step() {
        check();
        if (is_accepted()) return false;
        const auto next = next_escalation(incident_, world_.team, facts_);
        REQUIRE(next);  // nobody waits for ever
        const bool at_once = command().round >= world_.team.escalation_rounds;
        REQUIRE(*next - world_.now <= world_.team.ack_timeout * (at_once ? 3 : 1));
        const Instant due = std::max(*next, world_.now);
        switch (pick(0, 9)) {
            case 0:
                answer(pick(0, 3) == 0 ? ParticipationStatus::accepted : ParticipationStatus::declined);
                break;
            case 1: cannot_be_told(); break;
            case 2: no_mail_server(); break;
            case 3:
                if (pick(0, 4) == 0) volunteer();
                break;
            default: world_.now = due;
        }
        look();
        return true;
    }

private:
    static constexpr Duration days = std::chrono::hours(24 * 30);

    int pick(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
    std::string random_name() {
        const auto& members = world_.team.members;
        return members[static_cast<size_t>(pick(0, static_cast<int>(members.size()) - 1))].id.email().substr(
            0, 1);
    }
    const IncidentSlot& command() const { return incident_.slots.front(); }
    bool is_accepted() const { return incident_.commander().rsvp == ParticipationStatus::accepted; }

    const Invitation& anybody() {
        return incident_
            .invitations[static_cast<size_t>(pick(0, static_cast<int>(incident_.invitations.size()) - 1))];
    }
    void answer(ParticipationStatus status) {
        const IncidentAnswer answer{anybody().member, status, incident_.sequence, world_.now, "mail", false};
        take_answer(answer_incident(world_.staff(), incident_, answer, world_.now));
    }
    void volunteer() {
        const MemberId who = id(random_name());
        if (incident_.find(who) != nullptr) return;
        const IncidentAnswer yes{who,  ParticipationStatus::accepted, incident_.sequence, world_.now, "mail",
                                 false};
        take_answer(answer_incident(world_.staff(), incident_, yes, world_.now));
        REQUIRE(incident_.commander().member == who);
    }
    // Whoever says yes first commands, and everybody else who was asked to is told that they are done.
    void take_answer(const IncidentChange& change) {
        std::set<MemberId> asked;
        for (const Invitation& one : incident_.invitations) {
            if (one.role != IncidentRole::expert) asked.insert(one.member);
        }
        incident_ = change.incident;
        if (!is_accepted()) return;
        asked.erase(incident_.commander().member);
        for (const Invitation& one : change.removed) asked.erase(one.member);
        REQUIRE(asked.empty());
        REQUIRE(next_command() == std::nullopt);
    }
    // Of the command alone.
    std::optional<SlotWait> next_command() const {
        for (SlotWait& wait : slot_waits(incident_, facts_, world_.team.escalation_rounds)) {
            if (wait.slot == commander_slot) return std::move(wait);
        }
        return std::nullopt;
    }
    // For a while: no time runs, and then it runs from when they are told.
    void no_mail_server() {
        for (const Invitation& one : incident_.invitations) {
            if (!facts_.contains(one.member))
                facts_[one.member] = {DeliveryFact::State::waiting, world_.now, "no server"};
        }
        const auto waiting = next_command();
        const bool anybody_waits = waiting && waiting->delivery;
        world_.now += std::chrono::hours(2);
        if (anybody_waits) {
            const auto change = escalate(world_.staff(), incident_, world_.now, facts_);
            if (change) REQUIRE(change->incident.slots.front() == command());
        }
        for (auto& [member, fact] : facts_) {
            if (fact.state == DeliveryFact::State::waiting)
                fact = {DeliveryFact::State::told, world_.now, ""};
        }
    }
    void cannot_be_told() {
        const Invitation& one = anybody();
        if (one.rsvp != ParticipationStatus::accepted)
            facts_[one.member] = {DeliveryFact::State::failed, world_.now, "there is no such mailbox"};
    }
    bool has_failed(const MemberId& member) const {
        const auto fact = facts_.find(member);
        return fact != facts_.end() && fact->second.state == DeliveryFact::State::failed;
    }

    void look() {
        const int round = command().round;
        const bool was_exhausted = command().exhausted;
        const auto change = escalate(world_.staff(), incident_, world_.now, facts_);
        if (!change) return;
        incident_ = change->incident;
        if (command().round != round) asked_.clear();
        for (const TimelineEntry& entry : change->entries) {
            const Invitation* const one = entry.about ? incident_.find(*entry.about) : nullptr;
            if (entry.kind == "escalated" && one->role != IncidentRole::expert) note_call(one->member);
        }
        if (command().exhausted && !was_exhausted) check_nobody_left_out();
    }
    void note_call(const MemberId& member) {
        INFO(member.email() << " is asked twice in one round");
        REQUIRE(asked_.insert(member).second);
    }
    void check_nobody_left_out() {
        for (const Member& member : world_.team.members) {
            INFO(member.id.email() << " of " << people(incident_) << " round " << command().round);
            const Invitation* const one = incident_.find(member.id);
            const bool is_expert = one != nullptr && one->role == IncidentRole::expert;
            const bool is_away = presence_at(world_.staff(), member, world_.now).presence == Presence::absent;
            REQUIRE((is_expert || is_away || has_failed(member.id) || asked_.contains(member.id)));
        }
    }
    void check() const {
        int commanders = 0;
        for (const Invitation& one : incident_.invitations) {
            commanders += one.role == IncidentRole::commander ? 1 : 0;
            const bool commands = one.role == IncidentRole::commander || one.role == IncidentRole::stand_in;
            for (const std::string& slot : one.slots) REQUIRE((slot == commander_slot) == commands);
        }
        REQUIRE(commanders == 1);
    }

    std::mt19937 random_;
    IncidentWorld world_;
    Incident incident_;
    DeliveryFacts facts_;
    std::set<MemberId> asked_;  // for the command, in this round
};

}  // namespace

TEST_CASE(
    "Until somebody commands everybody who is there is asked again and again, nobody twice in one round") {
    int commanded = 0;
    for (unsigned seed = 1; seed <= test::case_count(2000U); ++seed) {
        INFO("seed " << seed);
        Calls calls(seed);
        int steps = 0;
        while (steps < 60 && calls.step()) ++steps;
        commanded += steps < 60 ? 1 : 0;
    }
    CHECK(commanded > test::case_count(300));
    CHECK(commanded < test::case_count(1900));
}

}  // namespace escalation_property_test
