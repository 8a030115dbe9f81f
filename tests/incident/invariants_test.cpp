// Random teams and random sequences of changes: what must hold after each of them.
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "incident/incident_world.h"
#include "support/case_count.h"

namespace invariants_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

class Walk {
public:
    explicit Walk(unsigned seed) : random_(seed) {
        world_.team.members.clear();
        const int people = pick(2, 9);
        for (int i = 0; i < people; ++i) {
            std::vector<std::string> skills;
            for (const char* skill : {"database", "network", "security"}) {
                if (pick(0, 1) == 1) skills.emplace_back(skill);
            }
            names_.push_back("p" + std::to_string(i));
            world_.add(names_.back(), pick(0, 1) == 1 ? "Europe/Paris" : "America/Montreal", skills);
            if (pick(0, 4) == 0) world_.away(names_.back(), world_.today());
        }
        world_.plan.assignments.clear();
        if (pick(0, 3) > 0) world_.hold("mro", name(), "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z");
        if (pick(0, 3) > 0) world_.hold("remote", name(), "2026-12-03T12:00:00Z", "2026-12-03T23:00:00Z");
        world_.team.backup.clear();
        if (pick(0, 1) == 1) world_.team.backup.push_back(id(name()));
    }

    void run() {
        auto order = world_.order(needs());
        if (pick(0, 2) == 0) order.roles.reporter = id(pick(0, 1) == 1 ? name() : "outsider");
        auto opened = open_incident(world_.staff(), order, world_.now);
        while (!opened && opened.error().code == "unknown_skill") {  // nobody has it in this team
            order.roles.needs.pop_back();
            opened = open_incident(world_.staff(), order, world_.now);
        }
        REQUIRE(opened);
        incident_ = opened->incident;
        check(incident_);
        for (int step = 0; step < 40 && incident_.state == IncidentState::open; ++step) {
            world_.now += minutes(pick(0, 6));
            take(step_once());
        }
    }

private:
    int pick(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
    std::string name() { return names_[static_cast<size_t>(pick(0, static_cast<int>(names_.size()) - 1))]; }
    std::string address() { return name() + "@example.com"; }
    std::vector<std::string> needs() {
        std::vector<std::string> skills;
        for (const char* skill : {"database", "network", "security"}) {
            if (pick(0, 1) == 1) skills.emplace_back(skill);
        }
        return skills;
    }
    std::set<MemberId> everybody() const {
        std::set<MemberId> all;
        for (const Invitation& one : incident_.invitations) all.insert(one.member);
        return all;
    }

    std::optional<IncidentChange> patch(const IncidentPatch& patch) {
        auto change = patch_incident(world_.staff(), incident_, patch, "token:x", world_.now);
        return change ? std::optional(*change) : std::nullopt;
    }

    std::optional<IncidentChange> step_once() {
        IncidentPatch order;
        switch (pick(0, 9)) {
            case 0: order.title = "Title " + std::to_string(pick(0, 2)); return patch(order);
            case 1: order.commander = address(); return patch(order);
            case 2: order.add_experts = {address()}; return patch(order);
            case 3: order.remove_experts = {address()}; return patch(order);
            case 4: order.needs = needs(); return patch(order);
            case 5:
                order.commander = address();
                order.add_experts = {address()};
                order.needs = needs();
                return patch(order);
            case 6:
                if (pick(0, 5) > 0) return std::nullopt;
                order.start = world_.now + minutes(pick(-60, 60));
                return patch(order);
            case 7: return escalate(world_.staff(), incident_, world_.now, facts());
            default: break;
        }
        if (pick(0, 40) == 0) return *resolve_incident(incident_, "", "", world_.now);
        const auto statuses = {ParticipationStatus::accepted, ParticipationStatus::declined,
                               ParticipationStatus::tentative};
        const auto status = *(statuses.begin() + pick(0, 2));
        return answer_incident(world_.staff(), incident_,
                               {id(name()), status, pick(0, incident_.sequence), world_.now, "mail", false},
                               world_.now);
    }

    // Of some people, whatever can be known.
    DeliveryFacts facts() {
        using State = DeliveryFact::State;
        DeliveryFacts facts;
        for (const Invitation& one : incident_.invitations) {
            constexpr State states[] = {State::told, State::refused, State::waiting, State::failed};
            const State state = states[pick(0, 3)];
            if (pick(0, 1) == 0) facts[one.member] = {state, world_.now, pick(0, 1) == 0 ? "" : "refused"};
        }
        return facts;
    }

    void take(std::optional<IncidentChange> change) {
        if (!change) return;
        if (change->changes_anything() && pick(0, 1) == 1) {
            const DeliveryFacts known = facts();
            append_change(*change, note_deliveries(change->incident, known, world_.now));
            if (auto next = escalate(world_.staff(), change->incident, world_.now, known))
                append_change(*change, std::move(*next));
        }
        const Incident& next = change->incident;
        check(next);
        // SEQUENCE rises by one exactly when people are told.
        CHECK(next.sequence == incident_.sequence + (change->visible ? 1 : 0));
        CHECK(next.changed_at >= incident_.changed_at);
        const auto before = everybody();
        incident_ = next;
        const auto after = everybody();
        // Whoever is in it no more is told so, and nobody else.
        std::set<MemberId> told;
        for (const Invitation& one : change->removed) CHECK(told.insert(one.member).second);
        for (const MemberId& member : before) CHECK(after.contains(member) != told.contains(member));
        for (const MemberId& member : told) CHECK_FALSE(after.contains(member));
        if (before != after) CHECK(change->visible);
    }

    void check(const Incident& incident) {
        std::set<MemberId> people;
        int commanders = 0;
        for (const Invitation& one : incident.invitations) {
            CHECK(people.insert(one.member).second);  // one part each
            commanders += one.role == IncidentRole::commander ? 1 : 0;
            CHECK(one.invited_sequence <= incident.sequence);
            CHECK(one.slots.empty() == (one.role == IncidentRole::reporter));
            if (one.role == IncidentRole::reporter) CHECK(incident.reporter == one.member);
            const bool commands = one.role == IncidentRole::commander || one.role == IncidentRole::stand_in;
            for (const std::string& slot : one.slots) {
                CHECK((slot == commander_slot) == commands);
                CHECK(std::any_of(incident.slots.begin(), incident.slots.end(),
                                  [&](const IncidentSlot& known) { return known.name == slot; }));
            }
        }
        CHECK(commanders == 1);
        CHECK(incident.invitations.front().role == IncidentRole::commander);
    }

    std::mt19937 random_;
    IncidentWorld world_;
    std::vector<std::string> names_;
    Incident incident_;
};

}  // namespace

TEST_CASE(
    "Random changes of random incidents keep one commander, one part each, and tell whoever must know") {
    const unsigned seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}();
    for (unsigned i = 0; i < test::case_count(400U); ++i) {
        INFO("seed " << seed << ", walk " << i);
        Walk(seed + i).run();
    }
}

}  // namespace invariants_test
