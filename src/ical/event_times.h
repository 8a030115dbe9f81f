// When an event is: its times with zones resolved, and where an instance of it lies. RFC 5545 3.6.1, 3.8.2.
#pragma once

#include <optional>

#include "ical/event.h"
#include "ical/zone_table.h"
#include "time/zone.h"
#include "watchbill/time.h"

namespace watchbill::ical {

// What every step of a reading needs; belongs to one reading.
struct ReadContext {
    const ComponentTree& tree;
    Zone reader_zone;  // whose days all-day events take
    ZoneTable& zones;
    WorkBudget& budget;
    WarningLog& warnings;
};

struct EventTimes {
    bool all_day = false;
    EventZone zone;   // of DTSTART; where a rule's local times are
    LocalTime start;  // in `zone`; midnight when all-day
    Instant at;       // of a timed one
    Length length;    // of an all-day one only `nominal`

    // Later than this after its start, no instance of that length is left.
    Duration longest() const { return length.nominal + length.exact; }
};

EventTimes resolve_times(const Event& event, ReadContext& context);

// The date that a value means: as written, or of an instant in the zone of its calendar's floating times.
Day date_of(const TimeValue& value, const Event& event, ReadContext& context);

struct Placed {
    Interval when;
    std::optional<DaySpan> all_day;

    // Half-open; what has no length counts where it starts.
    bool touches(const Interval& window) const;
};

Placed place_days(Day first, std::chrono::days length, const Zone& reader_zone);
Placed place_timed(Instant start, const Length& length, const EventZone& zone);

// The event as it stands, without its recurrence.
Placed place(const EventTimes& times, const Zone& reader_zone);

// True when, whatever its zone, the event as it stands (one instance, no rule) lies outside of the window.
bool surely_outside(const Event& event, const Interval& window);

}  // namespace watchbill::ical
