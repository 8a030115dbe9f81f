// Wall clocks and instants. The only place that knows a time zone's rules; they are the system's tzdata.
// Thread-safe: zones are immutable once loaded.
#pragma once

#include <optional>
#include <string_view>

#include "watchbill/result.h"
#include "watchbill/time.h"

namespace date {
class time_zone;
}

namespace watchbill {

// Whether the system has a time zone database that can be used: asks it for some of the zones that any has.
// Without one no other function here works; whoever starts the program asks first. Errors: not_found, with
// the folder that was looked at in the sentence and in `where`.
Result<void> check_zone_database();

// A cheap handle, valid for the life of the process.
class Zone {
public:
    // By IANA name, aliases included. Nothing when the system does not know it or its data are damaged. "UTC"
    // is always known.
    static std::optional<Zone> find(std::string_view iana_name);
    // For names that were validated before; asserts.
    static Zone get(std::string_view iana_name);
    static Zone utc();

    ZoneName name() const;  // as the system spells it

    // A time that does not exist (spring gap) is read with the offset before the gap: 02:30 CET = 01:30Z.
    // One that exists twice (autumn overlap) is the first (RFC 5545 3.3.5).
    Instant to_instant(LocalTime local) const;
    LocalTime to_local(Instant instant) const;

    Duration offset(Instant instant) const;  // local minus UTC
    Day day_of(Instant instant) const;
    // The first instant of that day: usually midnight, later where a gap swallows midnight.
    Instant start_of(Day day) const;
    Interval interval_of(DaySpan days) const { return {start_of(days.first), start_of(days.end)}; }

    struct Period {
        Interval valid;  // [begin, end) of this offset
        Duration offset;
        bool daylight_saving;
        std::string abbreviation;
    };
    // The run of constant offset that holds `instant`. For writers of VTIMEZONE.
    Period period_at(Instant instant) const;

    bool operator==(const Zone& other) const { return zone_ == other.zone_; }

private:
    explicit Zone(const date::time_zone* zone) : zone_(zone) {}
    const date::time_zone* zone_;
};

}  // namespace watchbill
