// What a subscriber sees, before it is bytes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "watchbill/time.h"

namespace watchbill {

struct FeedEvent {
    std::string uid;
    Interval when;                   // ignored when all_day is set
    std::optional<DaySpan> all_day;  // written as VALUE=DATE
    ZoneName zone;                   // in which `when` is written (TZID)
    std::string summary;
    std::string description;  // lines separated by '\n'
    std::vector<std::string> categories;
    bool cancelled = false;
};

struct Feed {
    std::string name;         // the calendar's name for people
    std::string description;  // one line
    ZoneName zone;            // X-WR-TIMEZONE
    std::vector<FeedEvent> events;
};

// How often an event really changed. Persisted; the same on every replica.
struct EventVersion {
    int sequence = 0;
    Instant last_modified;
    std::string content_hash;
    bool operator==(const EventVersion&) const = default;
};

using EventVersions = std::map<std::string, EventVersion>;  // by uid

}  // namespace watchbill
