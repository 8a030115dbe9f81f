// What the service needs from the world, as abstract classes. Implementations live in src/sources, src/store
// and src/service; tests bring their own. Every call may block; thread-safety is stated for each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watchbill/feed.h"
#include "watchbill/plan.h"
#include "watchbill/result.h"
#include "watchbill/team.h"
#include "watchbill/time.h"

namespace watchbill {

// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

// What a source told us about its last copy, to ask again cheaply (RFC 9110 13.1).
struct Validators {
    std::string etag;           // as sent, "" for none
    std::string last_modified;  // as sent, "" for none; for files: size and mtime
    bool operator==(const Validators&) const = default;
};

struct Fetched {
    bool not_modified = false;  // then bytes is empty: the last copy is still good
    std::string bytes;          // at most 10 MB
    Validators validators;
};

// Thread-safe: different calendars are fetched side by side.
class CalendarSource {
public:
    virtual ~CalendarSource() = default;
    // Errors: not_found, unavailable, timeout, too_large, refused. Neither the message nor `where` holds the
    // URL's path, query or credentials.
    virtual Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last) = 0;
};

// A source's last good copy and how it fares.
struct SourceCopy {
    std::string key;  // which calendar: a hash of its location, so that no secret is a key
    std::string bytes;
    Validators validators;
    Instant fetched_at;  // last time the source answered, also "not modified"
};

// Rows of what subscribers saw. Rows whose shift has started are history and never change.
struct PublishedAssignment {
    Assignment assignment;
    Instant published_at;
};

struct Publication {
    std::string team;
    Instant at;
    std::vector<Assignment> changed;              // to be inserted or replaced
    std::vector<ShiftKey> withdrawn;              // shifts that no longer exist (the config changed)
    EventVersions versions;                       // to be inserted or replaced
    std::vector<std::string> forgotten_versions;  // UIDs long out of every feed's window
};

// Thread-safe. Errors: damaged, newer_version, unavailable, conflict.
class Store {
public:
    virtual ~Store() = default;

    virtual Result<std::optional<SourceCopy>> source_copy(const std::string& key) = 0;
    virtual Result<void> save_source_copy(const SourceCopy& copy) = 0;
    virtual Result<void> touch_source_copy(const std::string& key, Instant fetched_at) = 0;

    // Shifts whose date is in [days.first, days.end), every rotation, by date then rotation.
    virtual Result<std::vector<PublishedAssignment>> assignments(const std::string& team, DaySpan days) = 0;
    virtual Result<EventVersions> event_versions(const std::string& team) = 0;

    // All or nothing, durable when it returns. A row whose shift started before `at` is never touched:
    // asking for it is `conflict`.
    virtual Result<void> publish(const Publication& publication) = 0;

    // Feed tokens are derived from it; raising it revokes them. Scope is a feed's name; starts at 0.
    virtual Result<int> feed_generation(const std::string& team, const std::string& scope) = 0;
    virtual Result<void> raise_feed_generation(const std::string& team, const std::string& scope) = 0;
};

}  // namespace watchbill
