// An incident in words: the event that all attendees share, and the mail that each of them gets. Pure; same
// incident, same words.
//
// The first line is what a phone shows while it is locked: what is wanted of whoever holds it.
#pragma once

#include <string>
#include <vector>

#include "watchbill/incident.h"
#include "watchbill/invitation.h"
#include "watchbill/team.h"

namespace watchbill {

// "SEV1: Checkout fails", "Resolved: SEV1: Checkout fails"
std::string incident_summary(const Incident& incident);
// Who commands and why, who helps with what, who is missing; where to join; what is known; the commander's
// checklist and how often to tell everybody.
std::string incident_description(const Team& team, const Incident& incident);

// To all who are invited, or a CANCEL to one.
InvitationEvent incident_request(const Team& team, const Incident& incident, const std::string& url);
InvitationEvent incident_cancel(const Team& team, const Incident& incident, const Invitation& removed,
                                const std::string& url);

struct MailTexts {
    std::string subject;
    std::string text;
    std::string html;
};
// HTML of mails, in one look; `body` is HTML. A button is a paragraph of its own.
std::string mail_html(const std::string& body);
std::string mail_button(const std::string& url, const std::string& label);

// `ack_url` may be "": then no link is offered.
MailTexts incident_mail(const Team& team, const Incident& incident, const Invitation& to,
                        const std::string& ack_url);
// They are not needed any more, or it is cancelled.
MailTexts incident_cancel_mail(const Team& team, const Incident& incident, const Invitation& to);

// The commander's first steps for that severity: the team's, or the built-in ones.
std::vector<std::string> commander_checklist(const Team& team, Severity severity);

}  // namespace watchbill
