#include "time/zone.h"

#include <date/tz.h>

#include <array>
#include <cassert>
#include <exception>
#include <string>

namespace watchbill {

namespace {

date::sys_seconds to_date(Instant instant) { return date::sys_seconds(instant.time_since_epoch()); }
date::local_seconds to_date(LocalTime local) { return date::local_seconds(local.time_since_epoch()); }

// Where the date library of Debian looks; it takes no other folder.
constexpr const char* database_folder = "/usr/share/zoneinfo";

// Null when the system does not know it. Data are read when they are first asked for, so that damaged ones,
// too, are found here rather than later.
const date::time_zone* load_zone(std::string_view iana_name) {
    try {
        const date::time_zone* const zone = date::locate_zone(iana_name);
        zone->get_info(date::sys_seconds());
        return zone;
    } catch (const std::exception&) {
        return nullptr;
    }
}

}  // namespace

Result<void> check_zone_database() {
    // One of each continent that has people. UTC comes first: nothing works without it.
    constexpr std::array zones = {"UTC",        "Europe/Paris",   "America/New_York", "America/Sao_Paulo",
                                  "Asia/Tokyo", "Africa/Nairobi", "Australia/Sydney"};
    std::string lacking;
    size_t count = 0;
    for (const char* zone : zones) {
        if (load_zone(zone) != nullptr) continue;
        lacking += (lacking.empty() ? "" : ", ") + std::string(zone);
        ++count;
    }
    if (count == 0) return {};
    const std::string folder = database_folder;
    if (count == zones.size()) {
        return fail(ErrorCode::not_found,
                    "the time zone database is missing: " + folder +
                        " does not hold one; install the package tzdata (apt-get install tzdata)",
                    folder);
    }
    return fail(ErrorCode::not_found,
                "the time zone database is incomplete: " + folder + " lacks " + lacking +
                    "; install the package tzdata again (apt-get install --reinstall tzdata)",
                folder);
}

std::optional<Zone> Zone::find(std::string_view iana_name) {
    // date's lookup throws for what it does not know; a name that could be a path never reaches it.
    if (iana_name.empty() || iana_name.size() > 64) return std::nullopt;
    const date::time_zone* const zone = load_zone(iana_name);
    return zone == nullptr ? std::nullopt : std::optional(Zone(zone));
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
