// How an event's times are written: as local times of a zone, or in UTC where local times would mislead.
// Pure.
#pragma once

#include <optional>
#include <string>

#include "ical/content_lines.h"
#include "time/zone.h"
#include "watchbill/time.h"

namespace watchbill::ical {

// Form 2 of RFC 5545 3.3.5: "20261203T080000Z".
std::string utc_date_time(Instant instant);

// The zone whose TZID the times carry; nothing when they are written in UTC, because that is the zone or
// because the local times would be read as other instants.
std::optional<Zone> zone_to_write(const ZoneName& name, Interval when);

// The property `name` ("DTSTART") at `instant`.
void add_time(ContentLines& lines, const std::string& name, const std::optional<Zone>& zone, Instant instant);

}  // namespace watchbill::ical
