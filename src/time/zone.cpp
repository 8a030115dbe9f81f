#include "time/zone.h"

#include <date/tz.h>

#include <cassert>
#include <stdexcept>

namespace watchbill {

namespace {

date::sys_seconds to_date(Instant instant) { return date::sys_seconds(instant.time_since_epoch()); }
date::local_seconds to_date(LocalTime local) { return date::local_seconds(local.time_since_epoch()); }

}  // namespace

std::optional<Zone> Zone::find(std::string_view iana_name) {
    // date's lookup throws for what it does not know; a name that could be a path never reaches it.
    if (iana_name.empty() || iana_name.size() > 64) return std::nullopt;
    try {
        return Zone(date::locate_zone(iana_name));
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

Zone Zone::get(std::string_view iana_name) {
    const auto zone = find(iana_name);
    assert(zone && "zone names are validated before they get here");
    return zone ? *zone : utc();
}

Zone Zone::utc() { return Zone(date::locate_zone("UTC")); }

ZoneName Zone::name() const { return zone_->name(); }

Instant Zone::to_instant(LocalTime local) const {
    const date::local_info info = zone_->get_info(to_date(local));
    // In a gap and in an overlap alike, `first` is the offset before the change.
    return Instant(local.time_since_epoch() - info.first.offset);
}

LocalTime Zone::to_local(Instant instant) const {
    return LocalTime(instant.time_since_epoch() + offset(instant));
}

Duration Zone::offset(Instant instant) const { return zone_->get_info(to_date(instant)).offset; }

Day Zone::day_of(Instant instant) const { return std::chrono::floor<std::chrono::days>(to_local(instant)); }

Instant Zone::start_of(Day day) const {
    const date::local_info info = zone_->get_info(to_date(LocalTime(day)));
    if (info.result == date::local_info::nonexistent) return Instant(info.second.begin.time_since_epoch());
    return Instant(LocalTime(day).time_since_epoch() - info.first.offset);
}

Zone::Period Zone::period_at(Instant instant) const {
    const date::sys_info info = zone_->get_info(to_date(instant));
    return {{Instant(info.begin.time_since_epoch()), Instant(info.end.time_since_epoch())},
            info.offset,
            info.save != std::chrono::minutes(0),
            info.abbrev};
}

}  // namespace watchbill
