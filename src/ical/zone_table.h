// Which zone each TZID of a file means: that of a region's IANA name ("Europe/Berlin"), else the file's own
// VTIMEZONE (RFC 5545 3.2.19), else a Windows name or one of a fixed offset, else the reader's zone with a
// warning. Where a VTIMEZONE and a name that is known disagree within the window, a warning says which was
// used. Every name is looked up once. Not shared between threads; one for each reading.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
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
    // `window`: where a disagreement matters. `horizon`: no time after it will be asked for.
    ZoneTable(const ComponentTree& tree, Zone reader_zone, const Interval& window, Instant horizon,
              WorkBudget& budget, WarningLog& warnings);

    // The zone that a time of `event` is in: UTC for UTC, the calendar's zone for dates and floating times.
    // An unknown zone is warned of once.
    EventZone zone_of(const TimeValue& time, const Event& event);
    // X-WR-TIMEZONE, else the reader's.
    EventZone floating_zone(uint32_t calendar);
    // What a TZID means in that VCALENDAR; nothing when nobody can explain it.
    std::optional<EventZone> find(uint32_t calendar, std::string_view tzid);

private:
    using Key = std::pair<uint32_t, std::string_view>;  // a TZID means something within its VCALENDAR

    const FileZone* find_in_file(const Key& key);
    void warn_if_different(std::string_view tzid, const Zone& known, const FileZone& of_file, bool file_used);
    EventZone find_or_warn(const Key& key, const Event* event);  // null: X-WR-TIMEZONE itself

    const ComponentTree& tree_;
    const Zone reader_zone_;
    const Interval window_;
    const Instant horizon_;
    WorkBudget& budget_;
    WarningLog& warnings_;
    std::map<std::pair<uint32_t, std::string>, uint32_t> components_;  // VTIMEZONEs
    struct Names {
        std::optional<Zone> region;
        std::optional<Zone> any;  // also what is no region's
    };
    std::map<std::string_view, Names> by_name_;
    struct ReadZone {
        uint32_t component;
        const FileZone* zone;  // null: it explains nothing
    };
    std::map<std::string, ReadZone> last_read_;  // by TZID
    std::set<std::string_view> warned_;          // files with a VCALENDAR for each event repeat them
    std::map<Key, EventZone> resolved_;
    std::map<uint32_t, EventZone> floating_;
    std::deque<FileZone> file_zones_;  // stable addresses
};

}  // namespace watchbill::ical
