#include "service/incident_messages.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "ical/invitation_writer.h"
#include "incident/texts.h"

namespace watchbill {

namespace {

// Of (UID, SEQUENCE, recipient, method): the id has the UID's distinctive part.
std::string message_id(const Incident& incident, const MemberId& recipient, const std::string& method) {
    constexpr size_t enough = 16;  // 64 bits, among the recipients of one incident
    return incident.id + '.' + std::to_string(incident.sequence) + '.' + method + '.' +
           crypto::sha256_hex(recipient.email()).substr(0, enough);
}

// Who leads is told first, and what is worst.
MessagePriority priority_of(const Incident& incident, bool commander) {
    return commander || incident.severity == Severity::sev1 ? MessagePriority::urgent
                                                            : MessagePriority::normal;
}

OutboxMessage message_to(const Incident& incident, const Invitation& to, MailTexts texts,
                         const InvitationEvent& event, Instant now) {
    const bool cancels = event.method == InvitationMethod::cancel;
    OutboxMessage message;
    message.id = message_id(incident, to.member, cancels ? "cancel" : "request");
    message.team = incident.team;
    message.kind = cancels ? "cancellation" : "invitation";
    message.about = incident.id;
    message.recipient = to.member;
    message.recipient_name = to.name;
    message.subject = std::move(texts.subject);
    message.text = std::move(texts.text);
    message.html = std::move(texts.html);
    message.calendar = ical::write_invitation(event);
    message.calendar_method = cancels ? "CANCEL" : "REQUEST";
    message.created_at = now;
    message.priority = priority_of(incident, to.role == IncidentRole::commander);
    return message;
}

bool is_told(const IncidentChange& change, const MemberId& member) {
    return change.for_everybody ||
           std::find(change.told.begin(), change.told.end(), member) != change.told.end();
}

// `again`: there was one of this SEQUENCE before.
OutboxMessage calendar_order(const Incident& incident, bool again, Instant now) {
    OutboxMessage message;
    message.id = incident.id + '.' + std::to_string(incident.sequence) + ".event" +
                 (again ? '.' + std::to_string(incident.version) : "");
    message.team = incident.team;
    message.kind = "event";
    message.about = incident.id;
    message.recipient = incident.organizer;
    message.created_at = now;
    message.transport = Transport::caldav;
    message.priority = priority_of(incident, false);
    return message;
}

}  // namespace

std::vector<OutboxMessage> incident_messages(const Team& team, const IncidentChange& change,
                                             const IncidentLinks& links, Instant now) {
    std::vector<OutboxMessage> messages;
    if (!change.visible) {
        if (change.put_event && team.incident_calendar)
            messages.push_back(calendar_order(change.incident, true, now));
        return messages;
    }
    const Incident& incident = change.incident;
    const bool cancelled = incident.state == IncidentState::cancelled;
    const auto cancel = [&](const Invitation& to) {
        messages.push_back(message_to(incident, to, incident_cancel_mail(team, incident, to),
                                      incident_cancel(team, incident, to, links.public_url()), now));
    };
    const InvitationEvent request = incident_request(team, incident, links.public_url());
    for (const Invitation& to : incident.invitations) {
        if (cancelled) {
            cancel(to);
        } else if (to.rsvp != ParticipationStatus::declined && is_told(change, to.member)) {
            messages.push_back(message_to(
                incident, to, incident_mail(team, incident, to, links.ack_url(incident, to)), request, now));
        }
    }
    for (const Invitation& to : change.removed) cancel(to);
    if (team.incident_calendar) messages.push_back(calendar_order(incident, false, now));
    return messages;
}

}  // namespace watchbill
