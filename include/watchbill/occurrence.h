// What a calendar says once it is read: occurrences, each one instance of an event with its exact interval.
// Recurrences are expanded, zones resolved, overrides applied. Plain values, safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/time.h"

namespace watchbill {

enum class EventStatus { none, tentative, confirmed, cancelled };  // RFC 5545 3.8.1.11

// RFC 5545 3.2.12. What is absent means needs_action; values we do not know are `other`.
enum class ParticipationStatus { needs_action, accepted, declined, tentative, delegated, other };

// X-MICROSOFT-CDO-BUSYSTATUS; for VFREEBUSY and VAVAILABILITY the FBTYPE or BUSYTYPE (RFC 5545 3.2.9,
// RFC 7953 3.2) in the same words: BUSY-UNAVAILABLE is out_of_office.
enum class BusyStatus { unspecified, free, tentative, busy, out_of_office, working_elsewhere };

enum class ComponentKind { event, free_busy, availability };

struct Attendee {
    MemberId member;
    ParticipationStatus status = ParticipationStatus::needs_action;
    std::string common_name;
};

// What all instances of one event (or of one override) share.
struct EventDetails {
    std::string uid;
    std::string summary;
    EventStatus status = EventStatus::none;
    ComponentKind component = ComponentKind::event;
    BusyStatus busy_status = BusyStatus::unspecified;
    bool transparent = false;  // TRANSP:TRANSPARENT
    int sequence = 0;
    Instant changed_at;  // LAST-MODIFIED, else DTSTAMP; as its author says, so it decides nothing but order
    std::vector<std::string> categories;
    std::optional<MemberId> organizer;
    std::vector<Attendee> attendees;
};

struct Occurrence {
    std::shared_ptr<const EventDetails> event;  // never null
    // The instance's place in its series before any override moved it (RFC 5545 3.8.4.4): RFC 3339 UTC
    // ("2026-03-01T08:00:00Z") or a date ("2026-03-01"); empty for an event that does not recur.
    std::string recurrence_id;
    Interval when;                   // an all-day one spans the reader's zone's days
    std::optional<DaySpan> all_day;  // set exactly when it is all-day
};

// Something in the calendar that was repaired, ignored or not understood.
struct CalendarWarning {
    std::string code;  // stable, snake_case: "unknown_zone"
    std::string
        message;  // one sentence naming the event (by UID and start, never by title) and what was done
};

struct CalendarReading {
    std::vector<Occurrence> occurrences;  // overlapping the window; by start, then end, then uid
    std::vector<CalendarWarning> warnings;
};

}  // namespace watchbill
