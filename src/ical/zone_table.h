// Which zone each TZID of a file means: an IANA name, else a Windows name, else the file's own VTIMEZONE,
// else the reader's zone with a warning. Every name is looked up once. Not shared between threads; one for
// each reading.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "ical/component_scan.h"
#include "ical/event.h"
#include "ical/file_zone.h"
#include "ical/values.h"
#include "ical/warning_log.h"

namespace watchbill::ical {

class ZoneTable {
public:
    // `horizon`: no time after it will be asked for.
    ZoneTable(const ComponentTree& tree, Zone reader_zone, Instant horizon, WorkBudget& budget,
              WarningLog& warnings);

    // The zone that a time of `event` is in: UTC for UTC, the calendar's zone for dates and floating times.
    // An unknown zone is warned of once.
    EventZone zone_of(const TimeValue& time, const Event& event);
    // X-WR-TIMEZONE, else the reader's.
    EventZone floating_zone(uint32_t calendar);

private:
    using Key = std::pair<uint32_t, std::string_view>;  // a TZID means something within its VCALENDAR

    std::optional<EventZone> find(uint32_t calendar, std::string_view tzid);
    std::optional<EventZone> find_in_file(const Key& key);
    EventZone find_or_warn(const Key& key, const Event* event);  // null: X-WR-TIMEZONE itself

    const ComponentTree& tree_;
    const Zone reader_zone_;
    const Instant horizon_;
    WorkBudget& budget_;
    WarningLog& warnings_;
    std::map<std::pair<uint32_t, std::string>, uint32_t> components_;  // VTIMEZONEs
    std::map<std::string_view, std::optional<Zone>> by_name_;
    std::map<Key, EventZone> resolved_;
    std::map<uint32_t, EventZone> floating_;
    std::deque<FileZone> file_zones_;  // stable addresses
};

}  // namespace watchbill::ical
