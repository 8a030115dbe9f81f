// A team and a moment for incident tests: Paris opens the day, Montreal takes over, and everybody's skills.
#pragma once

#include <catch2/catch.hpp>

#include "incident/changes.h"
#include "incident/escalation.h"
#include "incident/roles.h"
#include "time/format.h"

namespace watchbill::test {

inline Instant at(std::string_view text) { return *parse_instant(text); }
inline MemberId id(const std::string& name) { return *MemberId::parse(name + "@example.com"); }

struct IncidentWorld {
    Team team;
    Plan plan;
    TeamAvailability availability;
    CallHistory history;
    // Thursday, 14:00 in Paris, 08:00 in Montreal.
    Instant now = at("2026-12-03T13:00:00Z");

    IncidentWorld() {
        team.name = "payments";
        team.title = "Payments";
        team.zone = "Europe/Paris";
        add("alice", "Europe/Paris", {"database", "payments"});
        add("bob", "Europe/Paris", {"network"});
        add("carol", "Europe/Paris", {"database"});
        add("david", "America/Montreal", {"network", "security"});
        add("emma", "America/Montreal", {"database"});
        team.rotations = {rotation("mro", "remote"), rotation("remote", "mro")};
        hold("mro", "alice", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z");
        hold("remote", "david", "2026-12-03T12:00:00Z", "2026-12-03T23:00:00Z");
        team.backup = {id("carol")};
    }

    Staff staff() const { return {&team, &plan, &availability, &history}; }

    void add(const std::string& name, const ZoneName& zone, std::vector<std::string> skills) {
        Member member;
        member.id = id(name);
        member.name = name;
        member.name[0] = static_cast<char>(member.name[0] - 'a' + 'A');
        member.zone = zone;
        member.skills = std::move(skills);
        team.members.push_back(std::move(member));
    }
    static Rotation rotation(const std::string& name, const std::string& next) {
        Rotation rotation;
        rotation.name = name;
        rotation.title = name == "mro" ? "MRO" : "Remote";
        rotation.zone = "Europe/Paris";
        rotation.hands_over_to = next;
        return rotation;
    }
    void hold(const std::string& rotation, const std::string& name, const char* start, const char* end) {
        Assignment assignment;
        assignment.shift.key.rotation = rotation;
        assignment.shift.when = {at(start), at(end)};
        assignment.member = id(name);
        plan.assignments.push_back(assignment);
    }
    void away(const std::string& name, Interval when) {
        availability[id(name)].absences.push_back({when, std::nullopt, AbsenceKind::vacation});
    }
    Interval today() const { return {now - std::chrono::hours(6), now + std::chrono::hours(12)}; }

    IncidentOpeningOrder order(std::vector<std::string> needs = {},
                               std::vector<std::string> experts = {}) const {
        IncidentOpeningOrder order;
        order.id = "2026-12-03-1";
        order.title = "Checkout fails";
        order.severity = Severity::sev1;
        order.when = {now, now + std::chrono::hours(1)};
        order.roles = {std::move(needs), std::move(experts), std::nullopt, now};
        order.organizer = id("rota");
        order.who = "token:ops bot";
        return order;
    }
    Incident open(std::vector<std::string> needs = {}, std::vector<std::string> experts = {}) const {
        auto change = open_incident(staff(), order(std::move(needs), std::move(experts)), now);
        REQUIRE(change);
        return change->incident;
    }
    IncidentAnswer answers(const Incident& incident, const std::string& name, ParticipationStatus status,
                           Duration later = Duration(0)) const {
        return {id(name), status, incident.sequence, now + later, "mail", false};
    }
};

// "carol: expert skill:database, ...": who is in it and what for.
inline std::string people(const Incident& incident) {
    std::string text;
    for (const Invitation& one : incident.invitations) {
        text += (text.empty() ? "" : ", ") + one.member.email().substr(0, one.member.email().find('@')) +
                ": " + std::string(incident_role_name(one.role));
        for (const std::string& slot : one.slots) {
            if (slot != commander_slot) text += ' ' + slot;
        }
    }
    return text;
}

inline std::string kinds(const std::vector<TimelineEntry>& entries) {
    std::string text;
    for (const TimelineEntry& entry : entries) text += (text.empty() ? "" : " ") + entry.kind;
    return text;
}

}  // namespace watchbill::test
