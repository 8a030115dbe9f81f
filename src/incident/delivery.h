// How invitations reach people, as far as that decides whose answer is waited for. Pure.
//
// The time to answer runs from when somebody was told, not from when they were chosen:
//   told      their mail server, or the calendar's, has taken the invitation: from then on
//   refused   for now (4xx): from when that was first seen. Their mailbox may be full for days
//   waiting   no mail server answers, or the mail has not been tried yet: not at all. Whoever would be asked
//             instead could not be told either
//   failed    for good: that is a no, at once
//   left      the team, since: a no, whatever they had answered
//   away      since they said yes, by their calendar: the next one is asked, and until somebody says yes they
//             keep their part; a new yes of theirs ends it
#pragma once

#include <map>
#include <string>
#include <vector>

#include "incident/changes.h"
#include "watchbill/incident.h"
#include "watchbill/outbox.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// What is known of the mail server.
struct MailService {
    enum class State {
        none,     // there is none: this program tells nobody by mail, and waits for no mail
        unknown,  // nothing was tried yet
        answers,
        away,
    };
    State state = State::none;
    std::string reason = {};  // with `away`: a sentence without a full stop
    bool operator==(const MailService&) const = default;
};

struct DeliveryFact {
    enum class State { told, refused, waiting, failed, left, away };
    State state = State::told;
    Instant at;          // told: when; else since when the message has waited
    std::string reason;  // not with `told`; "" where nothing is known
    bool operator==(const DeliveryFact&) const = default;
};

// Whoever is not in it is taken to have been told when they were invited.
using DeliveryFacts = std::map<MemberId, DeliveryFact>;

// `messages` are all about the incident, the newest first. Only those count that ask people for what they are
// asked for now.
DeliveryFacts delivery_facts(const Incident& incident, const std::vector<MessageDelivery>& messages,
                             const MailService& mail);

// Of those who are asked for something and belong to the team no more. They go before other facts.
DeliveryFacts leavers(const Incident& incident, const Team& team);

// Of those who accepted, and whom a sickness or an absence of the team's threshold has taken away since. They
// go before other facts too.
DeliveryFacts absentees(const Incident& incident, const Team& team, const TeamAvailability& availability,
                        Instant now);

// What people must know of it: each problem of each person is said once, and that they were told after all.
// Of those who have answered nothing is said.
IncidentChange note_deliveries(const Incident& incident, const DeliveryFacts& facts, Instant now);

}  // namespace watchbill
