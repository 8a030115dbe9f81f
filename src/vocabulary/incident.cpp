#include "watchbill/incident.h"

#include <algorithm>
#include <cassert>

namespace watchbill {

bool Invitation::is_for(std::string_view slot) const {
    return std::find(slots.begin(), slots.end(), slot) != slots.end();
}

const Invitation* Incident::find(const MemberId& member) const {
    const auto found = std::find_if(invitations.begin(), invitations.end(),
                                    [&member](const Invitation& one) { return one.member == member; });
    return found == invitations.end() ? nullptr : &*found;
}

const Invitation& Incident::commander() const {
    const auto found = std::find_if(invitations.begin(), invitations.end(), [](const Invitation& one) {
        return one.role == IncidentRole::commander;
    });
    assert(found != invitations.end() && "somebody commands, always");
    return *found;
}

bool Incident::is_accepted(std::string_view slot) const {
    return std::any_of(invitations.begin(), invitations.end(), [slot](const Invitation& one) {
        return one.rsvp == ParticipationStatus::accepted && one.is_for(slot);
    });
}

std::vector<std::string> Incident::unfilled() const {
    std::vector<std::string> skills;
    for (const IncidentSlot& slot : slots) {
        const bool filled =
            std::any_of(invitations.begin(), invitations.end(), [&slot](const Invitation& one) {
                return one.rsvp != ParticipationStatus::declined && one.is_for(slot.name);
            });
        if (!slot.skill.empty() && !filled) skills.push_back(slot.skill);
    }
    return skills;
}

}  // namespace watchbill
