// A message of the outbox as the mail that goes out (RFC 5322, MIME, iMIP: RFC 6047). Pure: same message,
// same bytes, also the boundaries. Thread-safe.
//
// With a calendar part: multipart/mixed { multipart/alternative { text/plain, text/html, text/calendar with
// its method }, application/ics "invite.ics" }, the one shape that Gmail, Outlook and Apple Mail all show as
// an invitation. Without: text/plain, or multipart/alternative with the HTML.
//
// Auto-Submitted (RFC 3834) marks notices only: nobody answers them. An invitation asks for an answer, and
// resource mailboxes answer none that is marked. Out-of-office replies are unwanted either way:
// X-Auto-Response-Suppress tells Exchange, and mail that comes back without an answer is refused.
#pragma once

#include <string>

#include "watchbill/member_id.h"
#include "watchbill/outbox.h"

namespace watchbill::mail {

struct Sender {
    MemberId address;  // From, the envelope's sender, and the ORGANIZER of invitations
    std::string name;  // "" for none
};

// "<id@domain>", the domain being the sender's: the same for each attempt, so that servers and people can
// tell a repetition.
std::string message_id(const OutboxMessage& message, const MemberId& sender);

// Lines end with CRLF and have at most 998 bytes (RFC 5322 2.1.1). Nothing in the message's texts, however
// hostile, ends a header early.
std::string compose(const OutboxMessage& message, const Sender& sender);

}  // namespace watchbill::mail
