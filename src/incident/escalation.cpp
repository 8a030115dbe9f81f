#include "incident/escalation.h"

#include <algorithm>
#include <set>

#include "incident/change_steps.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

bool is_in_state(const Invitation& invitation, const DeliveryFacts& facts, DeliveryFact::State state) {
    const auto fact = facts.find(invitation.member);
    return fact != facts.end() && fact->second.state == state;
}

bool has_left(const Invitation& invitation, const DeliveryFacts& facts) {
    return is_in_state(invitation, facts, DeliveryFact::State::left);
}

bool is_away(const Invitation& invitation, const DeliveryFacts& facts) {
    return is_in_state(invitation, facts, DeliveryFact::State::away);
}

bool has_failed(const Invitation& invitation, const DeliveryFacts& facts) {
    return is_in_state(invitation, facts, DeliveryFact::State::failed) || has_left(invitation, facts);
}

// In the round that is under way. Only the command has several.
bool is_asked_now(const Invitation& invitation, const IncidentSlot& slot) {
    return invitation.is_for(slot.name) && invitation.round == slot.round;
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
        case DeliveryFact::State::left:
        case DeliveryFact::State::away: break;
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
        IncidentSlot& slot = *std::find_if(incident().slots.begin(), incident().slots.end(),
                                           [&](const IncidentSlot& one) { return one.name == slot_name; });
        if (slot_name != commander_slot) {
            if (auto next = next_expert(slot)) {
                invite(std::move(*next), slot, say_before(slot));
            } else {
                slot.exhausted = true;
                tell("exhausted", say_before(slot) + "NOBODY IS LEFT TO ASK for " + say_slot(slot) + ".");
                tell_commander();
            }
            return;
        }
        if (slot.exhausted) begin_round(slot);
        const bool at_once = slot.round >= staff_.team->escalation_rounds;
        int asked = 0;
        while (auto next = next_commander(slot)) {
            invite(std::move(*next), slot, asked == 0 ? say_before(slot) : "");
            ++asked;
            if (!at_once) break;
        }
        if (asked == 0 || at_once) end_round(slot, asked);
        replace_absentee();
    }

    IncidentChange finish() { return std::move(change_); }

private:
    Incident& incident() { return change_.incident; }

    void begin_round(IncidentSlot& slot) {
        ++slot.round;
        slot.round_began = now_;
        slot.exhausted = false;
    }

    bool has_asked(const IncidentSlot& slot) {
        return std::any_of(incident().invitations.begin(), incident().invitations.end(),
                           [&slot](const Invitation& one) { return is_asked_now(one, slot); });
    }

    // All who could be asked have been. Where there was nobody in the round, that was said at the end of the
    // one before.
    void end_round(IncidentSlot& slot, int asked) {
        slot.exhausted = true;
        if (asked > 0) return;  // at once, which the entries say
        if (!has_asked(slot) && slot.round > 0) return;
        tell("exhausted", say_before(slot) + "NOBODY IS LEFT TO ASK to command: all are asked again.");
    }

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
        if (is_away(one, facts_)) return " is away (" + facts_.at(one.member).reason + ")";
        if (one.rsvp == ParticipationStatus::declined) return " declined";
        const auto fact = facts_.find(one.member);
        const bool told = fact == facts_.end() || fact->second.state == DeliveryFact::State::told;
        if (told) return " has not answered";
        const std::string& reason = fact->second.reason;
        return (has_failed(one, facts_) ? " could not be told" : " could not be told so far") +
               (reason.empty() ? "" : " (" + reason + ')');
    }

    // "Bob Durand declined. Alice Martin has not answered. "
    std::string say_before(const IncidentSlot& slot) {
        std::string text;
        for (const Invitation& one : incident().invitations) {
            if (is_asked_now(one, slot)) text += name_of(one) + say_silence(one) + ". ";
        }
        return text;
    }

    // Whoever has another part, was asked in this round, or could not be told in an earlier one.
    bool is_passed_over(const Invitation& one, const IncidentSlot& slot) const {
        if (one.role == IncidentRole::reporter) return false;
        return one.role == IncidentRole::expert || is_asked_now(one, slot) || has_failed(one, facts_) ||
               is_away(one, facts_);
    }

    std::optional<Invitation> next_commander(const IncidentSlot& slot) {
        const DutyChain chain =
            duty_chain_at({staff_.team, staff_.plan, staff_.availability, incident().reporter}, now_);
        const auto by_chain = [&](bool absent) -> std::optional<Invitation> {
            for (const DutyLink& link : chain.links) {
                const Invitation* known = incident().find(link.member);
                if (link.absent != absent || (known != nullptr && is_passed_over(*known, slot))) continue;
                Invitation next = invite_link(*staff_.team, link);
                next.role = IncidentRole::stand_in;
                return next;
            }
            return std::nullopt;
        };
        if (auto next = by_chain(false)) return next;
        std::set<MemberId> asked;
        for (const Invitation& one : incident().invitations) {
            if (is_passed_over(one, slot)) asked.insert(one.member);
        }
        if (auto next = pick_off_duty(staff_, asked, now_)) {
            next->role = IncidentRole::stand_in;
            return next;
        }
        // A backup who is absent, where there is nobody else at all.
        return has_asked(slot) ? std::nullopt : by_chain(true);
    }

    std::optional<Invitation> next_expert(const IncidentSlot& slot) {
        ExpertSearch search{{}, {}, {}, now_};
        if (!slot.skill.empty()) {
            search.skills = {slot.skill};
        } else if (const auto named = MemberId::parse(slot.name.substr(slot.name.find(':') + 1))) {
            if (const Member* member = staff_.team->find_member(*named)) search.skills = member->skills;
        }
        for (const Invitation& one : incident().invitations) {
            const bool in_slot = one.is_for(slot.name);
            const bool commands = one.role == IncidentRole::commander || one.role == IncidentRole::stand_in;
            (in_slot || commands || is_out(one) ? search.excluded : search.busy).insert(one.member);
        }
        return pick_expert(staff_, search);
    }

    void ask_again(Invitation& known) {
        known.first_invited_at = known.first_invited_at.value_or(known.invited_at);
        known.invited_at = now_;
        known.asked_sequence = incident().sequence;
    }

    // Whoever leads must know who helps; whoever was only asked to is not woken by it.
    void tell_commander() {
        const Invitation& commander = incident().commander();
        if (commander.rsvp == ParticipationStatus::accepted)
            raise_sequence_for(change_, commander.member, now_);
    }

    void invite(Invitation next, const IncidentSlot& slot, const std::string& before) {
        raise_sequence_for(change_, next.member, now_);
        if (slot.name != commander_slot) tell_commander();
        const auto known = std::find_if(incident().invitations.begin(), incident().invitations.end(),
                                        [&](const Invitation& one) { return one.member == next.member; });
        const bool is_known = known != incident().invitations.end() && known->role != IncidentRole::reporter;
        if (is_known && known->is_for(slot.name)) {
            // A yes to the first mail still counts: what they are asked for is the same.
            ask_again(*known);
            known->round = slot.round;
            known->rsvp = ParticipationStatus::needs_action;
            known->link_used = false;
            note_call(incident(), *known, now_);
            tell("escalated", before + name_of(*known) + " is asked again.", known->member);
            return;
        }
        if (is_known) {
            known->slots.push_back(slot.name);
            known->why += "; and " + next.why;
            tell("escalated", before + name_of(*known) + " is asked too: " + next.why + '.', known->member);
            // Their answer is for what they were asked before.
            if (known->rsvp != ParticipationStatus::accepted) ask_again(*known);
            note_call(incident(), *known, now_);
            return;
        }
        if (known != incident().invitations.end()) incident().invitations.erase(known);
        next.slots = {slot.name};
        next.invited_at = now_;
        next.round = slot.round;
        next.invited_sequence = incident().sequence;
        change_.called.push_back(next.member);
        note_call(incident(), next, now_);
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

std::vector<SlotWait> slot_waits(const Incident& incident, const DeliveryFacts& facts, int rounds) {
    std::vector<SlotWait> waits;
    if (incident.state != IncidentState::open) return waits;
    for (const IncidentSlot& slot : incident.slots) {
        const bool commands = slot.name == commander_slot;
        if (slot.exhausted && !commands) continue;
        const int times = slot.round >= rounds ? 3 : 1;
        SlotWait wait{slot.name, {}, false};
        bool accepted = false;
        for (const Invitation& one : incident.invitations) {
            if (!one.is_for(slot.name)) continue;
            const bool gone = has_failed(one, facts) || is_away(one, facts);
            accepted = accepted || (one.rsvp == ParticipationStatus::accepted && !has_left(one, facts) &&
                                    !is_away(one, facts));
            if (one.rsvp == ParticipationStatus::declined || gone) continue;
            if (!is_asked_now(one, slot)) continue;
            if (const auto from = answer_awaited_from(one, facts)) {
                wait.answers.push_back({one.member, one.invited_at, *from, times});
            } else {
                wait.delivery = true;
            }
        }
        if (accepted) continue;
        if (slot.exhausted) {
            const Instant began =
                slot.round_began.value_or(std::max(incident.opened_at, incident.when.start));
            wait.answers.push_back({incident.organizer, began, began, times});
        }
        waits.push_back(std::move(wait));
    }
    return waits;
}

std::optional<IncidentChange> escalate(const Staff& staff, const Incident& incident, Instant now,
                                       const DeliveryFacts& facts, const TimeIsUp& is_up) {
    const auto is_over = [&](const AnswerWait& wait) {
        return is_up ? is_up(wait) : wait.from + staff.team->ack_timeout * wait.times <= now;
    };
    Escalator escalator(staff, incident, now, facts);
    bool due = false;
    for (const SlotWait& wait : slot_waits(incident, facts, staff.team->escalation_rounds)) {
        if (wait.delivery || !std::all_of(wait.answers.begin(), wait.answers.end(), is_over)) continue;
        escalator.escalate(wait.slot);
        due = true;
    }
    return due ? std::optional(escalator.finish()) : std::nullopt;
}

std::optional<Instant> next_escalation(const Incident& incident, const Team& team,
                                       const DeliveryFacts& facts) {
    std::optional<Instant> next;
    for (const SlotWait& wait : slot_waits(incident, facts, team.escalation_rounds)) {
        if (wait.delivery) continue;
        Instant due = incident.opened_at;
        for (const AnswerWait& one : wait.answers)
            due = std::max(due, one.from + team.ack_timeout * one.times);
        if (!next || due < *next) next = due;
    }
    return next;
}

}  // namespace watchbill
