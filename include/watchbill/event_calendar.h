// A calendar that events are put into (CalDAV, RFC 4791 5.3), as an abstract class: [team.incident_calendar].
// Implemented in src/sources.
//
// How an event is changed without undoing what others did to it, their answers above all:
//     read(uid) -> merge our change into what is there -> put(uid, merged, its etag)
//     conflict: somebody was faster; do the same again
// and how it is made: put(uid, event, {}); conflict: it is there already (an attempt whose answer was lost,
// say), so go on as with a change. Always read before a change: a server that schedules rewrites what it was
// given (RFC 6638 puts attendees' answers and SCHEDULE-STATUS into it).
//
// Nobody is invited twice: where discover() says that the server schedules and the ORGANIZER is one of its
// addresses, Watchbill sends no mail. Where it sends mail all the same (IncidentCalendar::Inviting::mail),
// each ATTENDEE carries SCHEDULE-AGENT=CLIENT (RFC 6638 7.1), which all but Google respect. An event with
// another ORGANIZER invites nobody, or is refused.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/result.h"

namespace watchbill {

struct CalendarAbilities {
    // The server itself invites the attendees of an event whose ORGANIZER is one of `organizers` ("DAV:" with
    // calendar-auto-schedule, RFC 6638 2). Then nobody else must invite them.
    bool schedules = false;
    std::vector<MemberId> organizers;  // addresses of the account; empty where the server does not tell
    bool may_write = true;             // false: the server says that we may not
};

struct StoredEvent {
    std::string bytes;  // a VCALENDAR with one event, as the server has it now. At most 10 MB, hostile
    std::string etag;   // of exactly these bytes; never ""
};

// Who tells attendees of an event that is put into a calendar.
enum class Inviter {
    mail,
    server,
    unknown,  // not yet: nobody could ask the server so far
};

// Thread-safe. Every call may block until its timeouts. Errors of each: unavailable, timeout, refused (also a
// wrong password), too_large; neither the message nor `where` holds a secret.
class EventCalendar {
public:
    virtual ~EventCalendar() = default;

    // Also not_found: nothing is at the calendar's address.
    virtual Result<CalendarAbilities> discover() = 0;

    // Also not_found, and invalid_input for a UID that is empty or too long to name a resource.
    virtual Result<StoredEvent> read(const std::string& uid) = 0;

    // Makes the event where `etag` is nothing, and replaces the one of that ETag where it is given; what
    // comes back is its ETag then. That may be of a still later version, since some servers must be asked for
    // it again: read before the next change all the same.
    // Also conflict: the event is there already, or not as it was any more. With `unavailable` and `timeout`
    // it may have been done or not; doing it again is safe.
    virtual Result<std::string> put(const std::string& uid, const std::string& bytes,
                                    const std::optional<std::string>& etag) = 0;

    // Nothing happens where there is no such event. Also conflict: it is not as it was any more.
    virtual Result<void> remove(const std::string& uid, const std::string& etag) = 0;
};

}  // namespace watchbill
