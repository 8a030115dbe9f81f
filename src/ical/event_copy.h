// The copy of an event that a CalDAV server keeps (RFC 4791 4.1, RFC 6638): made, changed without undoing
// what others did to it, and read for what attendees answered. Pure: same values, same bytes. Stored bytes
// are hostile: bounded like answers that come by mail (invitation_reader.h).
//
// Ours are the times, the texts, the state, the organizer, and which of our people attend in which part.
// Not ours: PARTSTAT, SCHEDULE-STATUS, attendees whom others added, alarms, categories and all other
// properties. They stay as the server has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "watchbill/invitation.h"
#include "watchbill/result.h"

namespace watchbill::ical {

struct CopyInvitee {
    Invitee invitee;         // its status is not written: answers in the copy are its readers'
    int asked_sequence = 0;  // answers to an earlier SEQUENCE are out of date, and taken back
    bool by_client = false;  // SCHEDULE-AGENT=CLIENT (RFC 6638 7.1): the server must not invite them
};

// What the copy is to say.
struct CopyOrder {
    InvitationEvent
        event;  // `request` for one that stands, `cancel` for STATUS:CANCELLED; `invitees` is unused
    std::vector<CopyInvitee> invitees;
    std::vector<MemberId> told;  // all who ever were invitees: of whom the copy has others, they are done
    // The server invites attendees. Whom it has invited already stays with it, whatever `by_client` says:
    // taking them from it would make it send them a CANCEL (RFC 6638 3.2.1.2).
    bool server_schedules = false;
};

struct CopyAttendee {
    MemberId member;
    ParticipationStatus status = ParticipationStatus::needs_action;
    bool by_client = false;    // SCHEDULE-AGENT is CLIENT or NONE
    bool unreachable = false;  // SCHEDULE-STATUS says that the server could not tell them (RFC 6638 3.2.9)
};

struct EventCopy {
    int sequence =
        0;  // that of InvitationEvent it was written for last, whatever the server made of SEQUENCE
    std::vector<CopyAttendee> attendees;
};

// For a server that has none yet.
std::string write_copy(const CopyOrder& order);

// The stored one changed to say the same; nothing when it does already. What is no event of that UID any more
// is replaced. SEQUENCE is greater than the stored one.
std::optional<std::string> merge_copy(std::string_view stored, const CopyOrder& order);

// Errors: not_a_calendar, too_large; refused: no event of that UID.
Result<EventCopy> read_copy(std::string_view bytes, std::string_view uid);

}  // namespace watchbill::ical
