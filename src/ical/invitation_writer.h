// An invitation or its cancellation as the bytes that mail and CalDAV carry (iTIP, RFC 5546 3.2.2 and 3.2.5).
// Pure: same event, same bytes.
//
// One VEVENT, written for the calendars that people use: no RDATE, no SENT-BY (Gmail shows "unknown
// organizer"), a VTIMEZONE for its zone, and the conference's URL in CONFERENCE (RFC 7986 5.11) as well as,
// if the caller wants it read everywhere, in the location and the text.
#pragma once

#include <string>
#include <string_view>

#include "watchbill/invitation.h"

namespace watchbill::ical {

// What people wrote may hold any bytes: nothing in it ends a line or a parameter early.
std::string write_invitation(const InvitationEvent& event);

// "REQUEST" or "CANCEL": the METHOD inside, the method= of its MIME part and OutboxMessage::calendar_method.
std::string_view method_name(InvitationMethod method);

// The value of PARTSTAT (RFC 5545 3.2.12).
std::string_view participation_name(ParticipationStatus status);

}  // namespace watchbill::ical
