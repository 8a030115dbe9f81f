#include "incident/escalation.h"

#include <algorithm>
#include <set>

#include "incident/change_steps.h"
#include "rotation/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

bool is_in(const Invitation& invitation, const std::string& slot) {
    return std::find(invitation.slots.begin(), invitation.slots.end(), slot) != invitation.slots.end();
}

bool is_in_state(const Invitation& invitation, const DeliveryFacts& facts, DeliveryFact::State state) {
    const auto fact = facts.find(invitation.member);
    return fact != facts.end() && fact->second.state == state;
}

bool has_left(const Invitation& invitation, const DeliveryFacts& facts) {
    return is_in_state(invitation, facts, DeliveryFact::State::left);
}

bool has_failed(const Invitation& invitation, const DeliveryFacts& facts) {
    return is_in_state(invitation, facts, DeliveryFact::State::failed) || has_left(invitation, facts);
}

// From when on an answer of somebody who may still give one is waited for; nothing while they do not know.
std::optional<Instant> answer_awaited_from(const Invitation& invitation, const DeliveryFacts& facts) {
    const auto fact = facts.find(invitation.member);
    if (fact == facts.end()) return invitation.invited_at;
    switch (fact->second.state) {
        case DeliveryFact::State::told: return std::max(invitation.invited_at, fact->second.at);
        case DeliveryFact::State::refused:
            // Not noted yet: it has only just been seen (note_deliveries).
            if (invitation.problem < DeliveryProblem::refused || !invitation.problem_since)
                return std::nullopt;
            return std::max(invitation.invited_at, *invitation.problem_since);
        case DeliveryFact::State::waiting:
        case DeliveryFact::State::failed:
        case DeliveryFact::State::left: break;
    }
    return std::nullopt;
}

class Escalator {
public:
    Escalator(const Staff& staff, const Incident& incident, Instant now, const DeliveryFacts& facts)
        : staff_(staff), now_(now), facts_(facts) {
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
        if (slot_name == commander_slot) replace_absentee();
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

    // Whoever is not there for it, whatever is said to them from now on.
    bool is_out(const Invitation& one) const {
        return one.rsvp == ParticipationStatus::declined || has_failed(one, facts_);
    }

    std::string say_silence(const Invitation& one) const {
        if (has_left(one, facts_)) return " has left the team";
        if (one.rsvp == ParticipationStatus::declined) return " declined";
        const auto fact = facts_.find(one.member);
        const bool told = fact == facts_.end() || fact->second.state == DeliveryFact::State::told;
        if (told) return " has not answered";
        const std::string& reason = fact->second.reason;
        return (has_failed(one, facts_) ? " could not be told" : " could not be told so far") +
               (reason.empty() ? "" : " (" + reason + ')');
    }

    // "Bob Durand declined. Alice Martin has not answered. "
    std::string say_before(const std::string& slot) {
        std::string text;
        for (const Invitation& one : incident().invitations) {
            if (is_in(one, slot)) text += name_of(one) + say_silence(one) + ". ";
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
        std::set<MemberId> asked;
        for (const Invitation& one : incident().invitations) {
            if (one.role != IncidentRole::reporter) asked.insert(one.member);
        }
        auto next = pick_off_duty(staff_, asked, now_);
        if (next) next->role = IncidentRole::stand_in;
        return next;
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
            (in_slot || commands || is_out(one) ? search.excluded : search.busy).insert(one.member);
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

    // Whoever said no, or does not know, does not command; the last one asked of whom that cannot be said
    // does.
    void replace_absentee() {
        auto& invitations = incident().invitations;
        const auto commander =
            std::find_if(invitations.begin(), invitations.end(),
                         [](const Invitation& one) { return one.role == IncidentRole::commander; });
        if (!is_out(*commander)) return;
        const auto next = std::find_if(
            invitations.rbegin(), invitations.rend(),
            [this](const Invitation& one) { return one.role == IncidentRole::stand_in && !is_out(one); });
        if (next == invitations.rend()) return;
        raise_sequence(change_, now_);
        tell("commander",
             name_of(*next) + " commands, for " + name_of(*commander) + say_silence(*commander) + '.',
             next->member);
        commander->role = IncidentRole::stand_in;
        next->role = IncidentRole::commander;
        std::stable_partition(invitations.begin(), invitations.end(),
                              [](const Invitation& one) { return one.role == IncidentRole::commander; });
    }

    const Staff& staff_;
    const Instant now_;
    const DeliveryFacts& facts_;
    IncidentChange change_;
};

}  // namespace

std::vector<SlotWait> slot_waits(const Incident& incident, const DeliveryFacts& facts) {
    std::vector<SlotWait> waits;
    if (incident.state != IncidentState::open) return waits;
    for (const IncidentSlot& slot : incident.slots) {
        if (slot.exhausted) continue;
        SlotWait wait{slot.name, {}, false};
        bool accepted = false;
        for (const Invitation& one : incident.invitations) {
            if (!is_in(one, slot.name)) continue;
            const bool says_yes = one.rsvp == ParticipationStatus::accepted && !has_left(one, facts);
            accepted = accepted || says_yes;
            if (one.rsvp == ParticipationStatus::declined || has_failed(one, facts)) continue;
            if (const auto from = answer_awaited_from(one, facts)) {
                wait.answers.push_back({one.member, one.invited_at, *from});
            } else {
                wait.delivery = true;
            }
        }
        if (!accepted) waits.push_back(std::move(wait));
    }
    return waits;
}

std::optional<IncidentChange> escalate(const Staff& staff, const Incident& incident, Instant now,
                                       const DeliveryFacts& facts, const TimeIsUp& is_up) {
    const auto is_over = [&](const AnswerWait& wait) {
        return is_up ? is_up(wait) : wait.from + staff.team->ack_timeout <= now;
    };
    Escalator escalator(staff, incident, now, facts);
    bool due = false;
    for (const SlotWait& wait : slot_waits(incident, facts)) {
        if (wait.delivery || !std::all_of(wait.answers.begin(), wait.answers.end(), is_over)) continue;
        escalator.escalate(wait.slot);
        due = true;
    }
    return due ? std::optional(escalator.finish()) : std::nullopt;
}

std::optional<Instant> next_escalation(const Incident& incident, Duration ack_timeout,
                                       const DeliveryFacts& facts) {
    std::optional<Instant> next;
    for (const SlotWait& wait : slot_waits(incident, facts)) {
        if (wait.delivery) continue;
        Instant due = incident.opened_at;
        for (const AnswerWait& one : wait.answers) due = std::max(due, one.from + ack_timeout);
        if (!next || due < *next) next = due;
    }
    return next;
}

}  // namespace watchbill
