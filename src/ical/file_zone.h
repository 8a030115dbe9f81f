// A zone that only the file's own VTIMEZONE explains (RFC 5545 3.6.5), and the handle that hides which kind
// of zone an event is in. Immutable once made, thread-safe.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "ical/component_scan.h"
#include "ical/rule_expansion.h"
#include "time/zone.h"
#include "watchbill/time.h"

namespace watchbill::ical {

class FileZone {
public:
    struct Onset {
        Instant at;
        Duration before;  // offsets, local minus UTC
        Duration after;
    };

    explicit FileZone(Duration fixed_offset) : first_offset_(fixed_offset) {}
    // Onsets in any order; at least one.
    explicit FileZone(std::vector<Onset> onsets);

    // As Zone: the offset before a gap, the first of an overlap.
    Instant to_instant(LocalTime local) const;
    LocalTime to_local(Instant instant) const;
    // The first one after `instant`.
    std::optional<Instant> next_onset(Instant instant) const;

private:
    Duration first_offset_;  // before the first onset
    std::vector<Onset> onsets_;
};

// Right up to `horizon`; changes of before 1970 are taken from the oldest observances only as far as they are
// single dates. Nothing when the component says no offset, or says it in too many ways.
std::optional<FileZone> read_file_zone(const ComponentTree& tree, uint32_t time_zone, Instant horizon,
                                       WorkBudget& budget);

// Whether two VTIMEZONEs say the same, word for word. Collections repeat theirs for each event.
bool say_the_same(const ComponentTree& tree, uint32_t time_zone, uint32_t other);

// The zone of an event: of tzdata, or of the file. A FileZone must outlive it.
class EventZone {
public:
    EventZone(Zone zone) : zone_(zone) {}
    EventZone(const FileZone* zone) : zone_(zone) {}

    Instant to_instant(LocalTime local) const {
        if (const Zone* known = std::get_if<Zone>(&zone_)) return known->to_instant(local);
        return std::get<const FileZone*>(zone_)->to_instant(local);
    }
    LocalTime to_local(Instant instant) const {
        if (const Zone* known = std::get_if<Zone>(&zone_)) return known->to_local(instant);
        return std::get<const FileZone*>(zone_)->to_local(instant);
    }

private:
    std::variant<Zone, const FileZone*> zone_;
};

}  // namespace watchbill::ical
