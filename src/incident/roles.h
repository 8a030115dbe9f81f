// Who commands an incident and who helps: DESIGN.md 7. Pure, and each choice says by which rule.
//
//   commander  the on-duty chain (rotation/duty_chain.h). Where it is empty, the role still is not: of all
//              members whoever is there, least recently called first ("last_resort"). Where none of the chain
//              takes over, everybody else is asked by the same order ("team"; escalation.h).
//   expert     for each needed skill a member who has it and is neither absent nor resting; those outside
//              their working hours only where nobody else is left; of these whoever has no other part yet,
//              then whoever was least recently called, then in the team's order.
//
// The commander is never also an expert: whoever leads and fixes does neither well. A skill that nobody else
// has stays unfilled, and the incident is opened all the same.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "incident/presence.h"
#include "watchbill/incident.h"
#include "watchbill/result.h"

namespace watchbill {

// Why something was not done.
struct IncidentRefusal {
    std::string code;  // for scripts: "unknown_person", "commander_is_no_expert"
    ErrorCode kind = ErrorCode::invalid_input;
    std::string sentence;
};

template <typename T>
using IncidentResult = tl::expected<T, IncidentRefusal>;

inline tl::unexpected<IncidentRefusal> refuse_incident(std::string code, std::string sentence,
                                                       ErrorCode kind = ErrorCode::invalid_input) {
    return tl::unexpected<IncidentRefusal>({std::move(code), kind, std::move(sentence)});
}

struct RoleRequest {
    std::vector<std::string> needs;    // skills
    std::vector<std::string> experts;  // addresses of members
    std::optional<MemberId> reporter;  // anybody
    Instant at;                        // for which people are chosen
};

struct ChosenRoles {
    std::vector<IncidentSlot> slots;
    std::vector<Invitation> invitations;  // the commander first; neither answered nor asked yet
};

// Codes: unknown_person, unknown_skill (both with the nearest that is known), commander_is_no_expert.
IncidentResult<ChosenRoles> choose_roles(const Staff& staff, const RoleRequest& request);

// What the following share with changes and escalation.

// A member of the team by an address that people typed.
IncidentResult<const Member*> find_person(const Team& team, const std::string& address);
// The skill as the team spells it, whatever its case.
IncidentResult<std::string> find_skill(const Team& team, const std::string& skill);

std::string skill_slot(const std::string& skill);
std::string named_slot(const MemberId& member);

Invitation invite_link(const Team& team, const DutyLink& link);
Invitation invite_named(const Staff& staff, const Member& member, Instant at);

// Whoever else of the team could command: those who are there, then those who are asleep, then those who
// rest, each least recently called first; nobody who is absent. Nothing when there is none.
std::optional<Invitation> pick_off_duty(const Staff& staff, const std::set<MemberId>& excluded, Instant at);

// The best expert of those who have any of the skills and are not excluded; nothing when there is none.
struct ExpertSearch {
    std::vector<std::string> skills;
    std::set<MemberId> excluded;
    std::set<MemberId> busy;  // have another part already: taken last
    Instant at;
};
std::optional<Invitation> pick_expert(const Staff& staff, const ExpertSearch& search);

}  // namespace watchbill
