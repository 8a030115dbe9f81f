#include "incident/change_steps.h"

#include <algorithm>
#include <cassert>
#include <set>

namespace watchbill {

std::string name_of(const Invitation& invitation) {
    return invitation.name.empty() ? invitation.member.email() : invitation.name;
}

namespace {

// "Bob Durand is asked as expert: has the skill network, ..."
std::string say_asked(const Invitation& invitation) {
    const std::string as = invitation.role == IncidentRole::commander  ? "commands"
                           : invitation.role == IncidentRole::stand_in ? "is asked to command"
                           : invitation.role == IncidentRole::expert   ? "is asked as expert"
                                                                       : "is informed";
    return name_of(invitation) + ' ' + as + ": " + invitation.why + '.';
}

}  // namespace

void note(IncidentChange& change, Instant now, const std::string& who, std::string kind, std::string text,
          std::optional<MemberId> about) {
    change.entries.push_back({now, std::move(kind), who, std::move(text), std::move(about)});
}

tl::unexpected<IncidentRefusal> refuse_closed(const Incident& incident) {
    return refuse_incident("incident_closed",
                           "The incident is " + std::string(incident_state_name(incident.state)) +
                               ": open another one, or leave a note.",
                           ErrorCode::conflict);
}

int upcoming_sequence(const IncidentChange& change) {
    return change.incident.sequence + (change.visible ? 0 : 1);
}

void ask(IncidentChange& change, Invitation invitation, Instant now, const std::string& who,
         const std::string& kind) {
    invitation.invited_at = std::max(now, change.incident.when.start);
    invitation.invited_sequence = upcoming_sequence(change);
    change.called.push_back(invitation.member);
    note(change, now, who, kind, say_asked(invitation), invitation.member);
    note_call(change.incident, invitation, now);
    const auto place = invitation.role == IncidentRole::commander ? change.incident.invitations.begin()
                                                                  : change.incident.invitations.end();
    change.incident.invitations.insert(place, std::move(invitation));
}

std::optional<Invitation> take_out(Incident& incident, const MemberId& member) {
    const auto found = std::find_if(incident.invitations.begin(), incident.invitations.end(),
                                    [&member](const Invitation& one) { return one.member == member; });
    if (found == incident.invitations.end()) return std::nullopt;
    Invitation taken = std::move(*found);
    incident.invitations.erase(found);
    return taken;
}

void release(IncidentChange& change, const MemberId& member) {
    auto taken = take_out(change.incident, member);
    assert(taken && "whoever is released was invited");
    // `member` may have been part of what was taken out, and names nobody any more.
    if (change.incident.reporter == taken->member) {
        taken->role = IncidentRole::reporter;
        taken->slots.clear();
        taken->rule = "reporter";
        taken->why = "reported it";
        taken->invited_sequence = upcoming_sequence(change);
        change.incident.invitations.push_back(std::move(*taken));
    } else {
        change.removed.push_back(std::move(*taken));
    }
}

void tidy_removed(IncidentChange& change) {
    std::set<MemberId> known;
    // A REQUEST says all there is to say to who is invited again.
    std::erase_if(change.removed, [&](const Invitation& one) {
        return change.incident.find(one.member) != nullptr || !known.insert(one.member).second;
    });
}

void restart_rounds(Incident& incident) {
    for (IncidentSlot& slot : incident.slots) {
        if (slot.name == commander_slot) slot = {slot.name, slot.skill, false, 0, std::nullopt};
    }
    for (Invitation& one : incident.invitations) one.round = 0;
}

void note_call(Incident& incident, const Invitation& invitation, Instant now) {
    if (invitation.slots.empty()) return;  // informed, not asked
    // In an hour ten people are asked a hundred times at most; the timeline has all of them.
    constexpr size_t most_calls = 200;
    auto& calls = incident.calls;
    if (calls.size() >= most_calls) calls.erase(calls.begin());
    calls.push_back({invitation.member, invitation.name, invitation.slots, invitation.round, now,
                     ParticipationStatus::needs_action, DeliveryProblem::none});
}

IncidentCall* last_call(Incident& incident, const MemberId& member) {
    const auto found = std::find_if(incident.calls.rbegin(), incident.calls.rend(),
                                    [&member](const IncidentCall& call) { return call.member == member; });
    return found == incident.calls.rend() ? nullptr : &*found;
}

void note_answer(Incident& incident, const MemberId& member, ParticipationStatus answer) {
    if (IncidentCall* call = last_call(incident, member)) call->answer = answer;
}

bool is_filled(const Incident& incident, const std::string& slot) {
    return std::any_of(incident.invitations.begin(), incident.invitations.end(),
                       [&slot](const Invitation& one) { return one.is_for(slot); });
}

void drop_slot(Incident& incident, const std::string& name) {
    std::erase_if(incident.slots, [&name](const IncidentSlot& slot) { return slot.name == name; });
    for (Invitation& invitation : incident.invitations) std::erase(invitation.slots, name);
}

void fill_skill(const Staff& staff, IncidentChange& change, const std::string& skill, Instant now,
                const std::string& who) {
    Incident& incident = change.incident;
    ExpertSearch search{{skill}, {}, {}, now};
    for (const Invitation& one : incident.invitations) {
        const bool commands = one.role == IncidentRole::commander || one.role == IncidentRole::stand_in;
        (commands ? search.excluded : search.busy).insert(one.member);
    }
    auto expert = pick_expert(staff, search);
    if (!expert) {
        note(change, now, who, "unfilled", "Nobody is found for " + skill + '.');
        return;
    }
    expert->slots = {skill_slot(skill)};
    if (auto known = take_out(incident, expert->member)) {
        known->slots.push_back(skill_slot(skill));
        if (known->role == IncidentRole::reporter) {
            expert->slots = known->slots;
            ask(change, std::move(*expert), now, who, "expert_added");
            return;
        }
        known->why += "; and " + expert->why;
        note(change, now, who, "expert_added", name_of(*known) + " helps with " + skill + " too.",
             known->member);
        incident.invitations.push_back(std::move(*known));
    } else {
        ask(change, std::move(*expert), now, who, "expert_added");
    }
}

}  // namespace watchbill
