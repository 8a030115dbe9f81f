#include "ical/written_time.h"

#include "ical/vtimezone_writer.h"

namespace watchbill::ical {

namespace {

// False for the second pass through an hour that autumn repeats: a local time always means the first.
bool survives_local_time(const Zone& zone, Instant instant) {
    return zone.to_instant(zone.to_local(instant)) == instant;
}

}  // namespace

std::string utc_date_time(Instant instant) {
    return local_date_time(LocalTime(instant.time_since_epoch())) + "Z";
}

std::optional<Zone> zone_to_write(const ZoneName& name, Interval when) {
    const Zone zone = Zone::get(name);
    if (is_utc(zone)) return std::nullopt;
    if (!survives_local_time(zone, when.start) || !survives_local_time(zone, when.end)) return std::nullopt;
    return zone;
}

void add_time(ContentLines& lines, const std::string& name, const std::optional<Zone>& zone,
              Instant instant) {
    if (zone)
        lines.add(name + ";TZID=" + zone->name(), local_date_time(zone->to_local(instant)));
    else
        lines.add(name, utc_date_time(instant));
}

}  // namespace watchbill::ical
