#include "incident/delivery.h"

#include <algorithm>
#include <charconv>

#include "incident/change_steps.h"
#include "texts/phrases.h"

namespace watchbill {

namespace {

using State = DeliveryFact::State;

// A mail is tried within seconds. One that was not for so long waits for something that nobody has named.
constexpr Duration usual_wait = std::chrono::minutes(1);

// The SEQUENCE that the message tells of (incident_messages.cpp); -1 for none of ours.
int sequence_of(const Incident& incident, const std::string& message) {
    int sequence = -1;
    const std::string begin = incident.id + '.';
    if (message.starts_with(begin))
        std::from_chars(message.data() + begin.size(), message.data() + message.size(), sequence);
    return sequence;
}

// Of the message that asked them last for what they are asked for now.
int asked_with(const Invitation& to) { return std::max(to.invited_sequence, to.asked_sequence); }

std::optional<Instant> first_sent(const Incident& incident, const Invitation& to,
                                  const std::vector<MessageDelivery>& messages, Transport by) {
    std::optional<Instant> first;
    for (const MessageDelivery& one : messages) {
        const bool theirs = by == Transport::caldav || one.recipient == to.member;
        if (one.transport != by || !theirs || one.state != DeliveryState::sent || !one.settled_at) continue;
        if (by == Transport::mail && one.calendar_method != "REQUEST") continue;
        if (sequence_of(incident, one.id) < asked_with(to)) continue;
        if (!first || *one.settled_at < *first) first = one.settled_at;
    }
    return first;
}

DeliveryFact queued_fact(const MessageDelivery& mail, const MailService& service) {
    DeliveryFact fact{State::waiting, mail.created_at, mail.last_error};
    if (service.state == MailService::State::away) {
        fact.reason = service.reason;
    } else if (mail.attempts > 0 && service.state == MailService::State::answers) {
        fact.state = State::refused;
    }
    return fact;
}

std::optional<DeliveryFact> fact_of(const Incident& incident, const Invitation& to,
                                    const std::vector<MessageDelivery>& messages,
                                    const MailService& service) {
    if (const auto told = first_sent(incident, to, messages, Transport::mail))
        return DeliveryFact{State::told, *told, ""};
    const MessageDelivery* newest = nullptr;
    const MessageDelivery* failed = nullptr;
    for (const MessageDelivery& one : messages) {
        const bool counts = one.transport == Transport::mail && one.recipient == to.member &&
                            one.calendar_method == "REQUEST" &&
                            sequence_of(incident, one.id) >= asked_with(to);
        if (!counts) continue;
        if (newest == nullptr) newest = &one;
        if (failed == nullptr && one.state == DeliveryState::failed) failed = &one;
    }
    if (newest == nullptr) return std::nullopt;
    if (newest->held_until) {
        // It is the calendar's server that tells them (OutboxEntry::held_until).
        if (const auto told = first_sent(incident, to, messages, Transport::caldav))
            return DeliveryFact{State::told, *told, ""};
        if (newest->state == DeliveryState::queued)
            return DeliveryFact{State::waiting, newest->created_at, ""};
        return std::nullopt;
    }
    // What follows the failed one goes to the same mailbox: until it is taken nothing has changed.
    if (failed != nullptr) return DeliveryFact{State::failed, failed->created_at, failed->last_error};
    if (newest->state != DeliveryState::queued || service.state == MailService::State::none)
        return std::nullopt;
    return queued_fact(*newest, service);
}

DeliveryProblem problem_of(const DeliveryFact& fact, Instant now) {
    switch (fact.state) {
        case State::told:
        case State::left:
        case State::away: return DeliveryProblem::none;
        case State::refused: return DeliveryProblem::refused;
        case State::failed: return DeliveryProblem::failed;
        case State::waiting: break;
    }
    const bool is_news = !fact.reason.empty() || now - fact.at >= usual_wait;
    return is_news ? DeliveryProblem::waiting : DeliveryProblem::none;
}

std::string because(const DeliveryFact& fact) {
    return fact.reason.empty() ? "the mail has not been taken from the outbox" : fact.reason;
}

// "Alice Martin, Bob Durand and Carol Petit"
std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return text;
}

void note_problem(Incident& incident, const Invitation& of) {
    if (IncidentCall* call = last_call(incident, of.member)) call->problem = of.problem;
}

}  // namespace

DeliveryFacts delivery_facts(const Incident& incident, const std::vector<MessageDelivery>& messages,
                             const MailService& mail) {
    DeliveryFacts facts;
    for (const Invitation& one : incident.invitations) {
        if (auto fact = fact_of(incident, one, messages, mail)) facts.emplace(one.member, std::move(*fact));
    }
    return facts;
}

DeliveryFacts leavers(const Incident& incident, const Team& team) {
    DeliveryFacts facts;
    for (const Invitation& one : incident.invitations) {
        if (!one.slots.empty() && team.find_member(one.member) == nullptr)
            facts.emplace(one.member, DeliveryFact{State::left, incident.changed_at, ""});
    }
    return facts;
}

DeliveryFacts absentees(const Incident& incident, const Team& team, const TeamAvailability& availability,
                        Instant now) {
    DeliveryFacts facts;
    for (const Invitation& one : incident.invitations) {
        const auto known = availability.find(one.member);
        if (one.slots.empty() || one.rsvp != ParticipationStatus::accepted || !one.answered_at ||
            known == availability.end())
            continue;
        for (const Absence& absence : known->second.absences) {
            const bool matters =
                absence.kind == AbsenceKind::sick ||
                (absence.kind != AbsenceKind::holiday && absence.when.length() >= team.absence_threshold);
            // What their calendar said when they said yes was no hindrance.
            if (!matters || !absence.when.contains(now) || absence.when.start <= *one.answered_at) continue;
            facts.emplace(one.member, DeliveryFact{DeliveryFact::State::away, absence.when.start,
                                                   say_kind(absence.kind)});
        }
    }
    return facts;
}

IncidentChange note_deliveries(const Incident& incident, const DeliveryFacts& facts, Instant now) {
    IncidentChange change;
    change.incident = incident;
    if (incident.state != IncidentState::open) return change;
    std::vector<std::string> waiting;
    std::string reason;
    for (Invitation& one : change.incident.invitations) {
        const auto found = facts.find(one.member);
        const bool answered =
            one.rsvp == ParticipationStatus::accepted || one.rsvp == ParticipationStatus::declined;
        if (found == facts.end() || answered) continue;
        // A reporter is informed, and nobody waits for their answer.
        const bool is_awaited = !one.slots.empty();
        const DeliveryFact& fact = found->second;
        const DeliveryProblem problem = problem_of(fact, now);
        if (fact.state == State::told && one.problem != DeliveryProblem::none) {
            one.problem = DeliveryProblem::none;
            one.problem_since.reset();
            note_problem(change.incident, one);
            note(change, now, "watchbill", "told",
                 name_of(one) + " is told now" +
                     (is_awaited ? ": from here on an answer is waited for." : "."),
                 one.member);
        }
        if (problem <= one.problem) continue;
        one.problem = problem;
        one.problem_since = now;
        note_problem(change.incident, one);
        if (problem == DeliveryProblem::waiting) {
            if (is_awaited) waiting.push_back(name_of(one));
            if (reason.empty()) reason = because(fact);
        } else if (problem == DeliveryProblem::refused) {
            note(change, now, "watchbill", "not_told",
                 name_of(one) + " could not be told so far: " + because(fact) +
                     (is_awaited ? ". It is tried again, and meanwhile their time to answer runs."
                                 : ". It is tried again."),
                 one.member);
        } else {
            note(change, now, "watchbill", "not_told",
                 name_of(one) + " could not be told: " + because(fact) + '.', one.member);
        }
    }
    if (!waiting.empty()) {
        note(change, now, "watchbill", "not_told",
             listed(waiting) + " cannot be told: " + reason +
                 ". Their time to answer runs from when they are, and until then nobody else is asked.");
    }
    return change;
}

}  // namespace watchbill
