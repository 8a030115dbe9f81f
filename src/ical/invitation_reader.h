// What comes back: an attendee's answer (METHOD:REPLY or COUNTER, RFC 5546 3.2.3 and 3.2.7), and who stands
// how in an event that a CalDAV server keeps. The bytes are hostile: bounded as in limits.h, and more
// tightly. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/invitation.h"
#include "watchbill/occurrence.h"
#include "watchbill/result.h"

namespace watchbill::ical {

// More than a mail that is taken may hold (1 MB), so that no other bound is needed in between.
inline constexpr size_t largest_invitation = size_t{1} * 1024 * 1024;

// `sender` is the mail's From; it chooses among attendees where a program sends all of them back, and becomes
// InvitationReply::sender. Whether it is the attendee is left to the caller.
// Errors: not_a_calendar, too_large; refused: no answer, or one that leaves open whose or to what.
Result<InvitationReply> read_reply(std::string_view bytes, const MemberId& sender);

// One event with its attendees, whatever its METHOD.
struct StoredInvitation {
    std::string uid;
    std::string method;  // upper case, "" for none (as CalDAV stores it, RFC 4791 4.1)
    int sequence = 0;
    bool cancelled = false;
    std::optional<MemberId> organizer;
    std::vector<Attendee> attendees;
};

// Of the master event. Errors: not_a_calendar, too_large; refused: no event, or events of several UIDs.
Result<StoredInvitation> read_invitation(std::string_view bytes);

}  // namespace watchbill::ical
