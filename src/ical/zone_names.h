// The names that calendars give to time zones -> zones of the system's tzdata. Thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "time/zone.h"

namespace watchbill::ical {

// "Europe/Berlin" in any case, "/mozilla.org/20050126_1/Europe/Berlin", "W. Europe Standard Time" (CLDR),
// "tzone://Microsoft/Utc". Nothing for names that only their own VTIMEZONE or nobody can explain.
std::optional<Zone> find_zone_by_name(std::string_view tzid);

// The same for names of a region and a place in it alone: "Europe/Berlin", "US/Eastern", prefixed or not.
// They mean what IANA says whatever a file adds, while "GMT", "Etc/UTC", "EST" and Windows names are also
// written by programs that mean something else by them (Exchange calls London "GMT").
std::optional<Zone> find_region_zone(std::string_view tzid);

// "GMT+0200", "UTC-05:00", as Apple writes them: a fixed offset, with the sign people expect (the opposite
// of IANA's Etc/GMT+2).
std::optional<Duration> find_fixed_offset(std::string_view tzid);

}  // namespace watchbill::ical
