#include "incident/escalation.h"

#include <algorithm>

#include "incident/change_steps.h"
#include "rotation/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

bool is_in(const Invitation& invitation, const std::string& slot) {
    return std::find(invitation.slots.begin(), invitation.slots.end(), slot) != invitation.slots.end();
}

// When the slot needs somebody else; nothing when somebody has accepted or nobody is left.
std::optional<Instant> due_of(const Incident& incident, const IncidentSlot& slot, Duration ack_timeout) {
    if (slot.exhausted) return std::nullopt;
    Instant due = incident.opened_at;
    for (const Invitation& one : incident.invitations) {
        if (!is_in(one, slot.name)) continue;
        if (one.rsvp == ParticipationStatus::accepted) return std::nullopt;
        const bool declined = one.rsvp == ParticipationStatus::declined;
        due =
            std::max(due, declined ? one.answered_at.value_or(one.invited_at) : one.invited_at + ack_timeout);
    }
    return due;
}

class Escalator {
public:
    Escalator(const Staff& staff, const Incident& incident, Instant now) : staff_(staff), now_(now) {
        change_.incident = incident;
    }

    void escalate(const std::string& slot_name) {
        const auto slot = std::find_if(incident().slots.begin(), incident().slots.end(),
                                       [&](const IncidentSlot& one) { return one.name == slot_name; });
        std::optional<Invitation> next = slot_name == commander_slot ? next_commander() : next_expert(*slot);
        const std::string before = say_before(slot_name);
        if (next) {
            invite(std::move(*next), slot_name, before);
        } else {
            slot->exhausted = true;
            const std::string what = slot_name == commander_slot ? "to command" : "for " + say_slot(*slot);
            tell("exhausted", before + "NOBODY IS LEFT TO ASK " + what + ".");
        }
        if (slot_name == commander_slot) replace_decliner();
    }

    IncidentChange finish() { return std::move(change_); }

private:
    Incident& incident() { return change_.incident; }

    void tell(std::string kind, std::string text, std::optional<MemberId> about = std::nullopt) {
        change_.entries.push_back({now_, std::move(kind), "watchbill", std::move(text), std::move(about)});
    }

    std::string say_slot(const IncidentSlot& slot) const {
        if (!slot.skill.empty()) return slot.skill;
        const auto member = MemberId::parse(slot.name.substr(slot.name.find(':') + 1));
        return "the part of " + (member ? say_member(*staff_.team, *member) : slot.name);
    }

    // "Bob Durand declined. Alice Martin has not answered. "
    std::string say_before(const std::string& slot) {
        std::string text;
        for (const Invitation& one : incident().invitations) {
            if (!is_in(one, slot)) continue;
            text += name_of(one) +
                    (one.rsvp == ParticipationStatus::declined ? " declined. " : " has not answered. ");
        }
        return text;
    }

    std::optional<Invitation> next_commander() {
        const DutyChain chain =
            duty_chain_at({staff_.team, staff_.plan, staff_.availability, incident().reporter}, now_);
        for (const DutyLink& link : chain.links) {
            const Invitation* known = incident().find(link.member);
            if (known != nullptr && known->role != IncidentRole::reporter) continue;
            Invitation next = invite_link(*staff_.team, link);
            next.role = IncidentRole::stand_in;
            return next;
        }
        return std::nullopt;
    }

    std::optional<Invitation> next_expert(const IncidentSlot& slot) {
        ExpertSearch search{{}, {}, {}, now_};
        if (!slot.skill.empty()) {
            search.skills = {slot.skill};
        } else if (const auto named = MemberId::parse(slot.name.substr(slot.name.find(':') + 1))) {
            if (const Member* member = staff_.team->find_member(*named)) search.skills = member->skills;
        }
        for (const Invitation& one : incident().invitations) {
            const bool in_slot = is_in(one, slot.name);
            const bool commands = one.role == IncidentRole::commander || one.role == IncidentRole::stand_in;
            const bool declined = one.rsvp == ParticipationStatus::declined;
            (in_slot || commands || declined ? search.excluded : search.busy).insert(one.member);
        }
        return pick_expert(staff_, search);
    }

    void invite(Invitation next, const std::string& slot, const std::string& before) {
        raise_sequence(change_, now_);
        const auto known = std::find_if(incident().invitations.begin(), incident().invitations.end(),
                                        [&](const Invitation& one) { return one.member == next.member; });
        if (known != incident().invitations.end() && known->role == IncidentRole::expert) {
            known->slots.push_back(slot);
            known->why += "; and " + next.why;
            tell("escalated", before + name_of(*known) + " is asked too: " + next.why + '.', known->member);
            // Their answer is for what they were asked before.
            if (known->rsvp != ParticipationStatus::accepted) known->invited_at = now_;
            return;
        }
        if (known != incident().invitations.end()) incident().invitations.erase(known);
        next.slots = {slot};
        next.invited_at = now_;
        next.invited_sequence = incident().sequence;
        change_.called.push_back(next.member);
        tell("escalated", before + name_of(next) + " is asked too: " + next.why + '.', next.member);
        incident().invitations.push_back(std::move(next));
    }

    // Whoever said no does not command; the last one asked who did not say no does.
    void replace_decliner() {
        auto& invitations = incident().invitations;
        const auto commander =
            std::find_if(invitations.begin(), invitations.end(),
                         [](const Invitation& one) { return one.role == IncidentRole::commander; });
        if (commander->rsvp != ParticipationStatus::declined) return;
        const auto next = std::find_if(invitations.rbegin(), invitations.rend(), [](const Invitation& one) {
            return one.role == IncidentRole::stand_in && one.rsvp != ParticipationStatus::declined;
        });
        if (next == invitations.rend()) return;
        raise_sequence(change_, now_);
        tell("commander", name_of(*next) + " commands, for " + name_of(*commander) + " declined.",
             next->member);
        commander->role = IncidentRole::stand_in;
        next->role = IncidentRole::commander;
        std::stable_partition(invitations.begin(), invitations.end(),
                              [](const Invitation& one) { return one.role == IncidentRole::commander; });
    }

    const Staff& staff_;
    const Instant now_;
    IncidentChange change_;
};

}  // namespace

std::optional<IncidentChange> escalate(const Staff& staff, const Incident& incident, Instant now) {
    if (incident.state != IncidentState::open) return std::nullopt;
    Escalator escalator(staff, incident, now);
    bool due = false;
    for (const IncidentSlot& slot : incident.slots) {
        const auto at = due_of(incident, slot, staff.team->ack_timeout);
        if (!at || *at > now) continue;
        escalator.escalate(slot.name);
        due = true;
    }
    return due ? std::optional(escalator.finish()) : std::nullopt;
}

std::optional<Instant> next_escalation(const Incident& incident, Duration ack_timeout) {
    if (incident.state != IncidentState::open) return std::nullopt;
    std::optional<Instant> next;
    for (const IncidentSlot& slot : incident.slots) {
        const auto due = due_of(incident, slot, ack_timeout);
        if (due && (!next || *due < *next)) next = due;
    }
    return next;
}

}  // namespace watchbill
