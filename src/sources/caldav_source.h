// Calendars in CalDAV collections (RFC 4791), read as little as changed.
//
// The rest of the program sees one body of bytes and its validators, as with any other source, so the last
// good copy in the store keeps its meaning:
// - Validators::etag names the collection's state (sync-token, else CTag) and the time that the copy covers
//   (caldav_copy.h). It survives restarts: with an unchanged state one PROPFIND is all that is asked.
// - What a collection holds is kept in memory for each process, by resource. A sync-collection (RFC 6578)
//   then brings what changed, and calendar-multiget what came without its bytes. The store knows bodies, not
//   resources, so after a restart with a changed state the whole is asked for once, by calendar-query: what
//   lies in the time that matters, and what recurs.
// - A server that refuses the sync-token or knows no sync-collection is asked by calendar-query too, only
//   when its CTag changed if it has one.
// The state is asked for before the contents: a change in between is seen twice rather than never.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "sources/caldav_copy.h"
#include "sources/http_source.h"
#include "watchbill/ports.h"

namespace watchbill {

// Thread-safe; fetches of one calendar wait for each other.
class CalDavSource : public CalendarSource {
public:
    explicit CalDavSource(HttpOptions options);
    Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last, Interval window) override;

private:
    struct Memory {
        std::mutex working;  // held during a fetch; guards `copy`
        std::optional<dav::CollectionCopy> copy;
        size_t bytes = 0;            // of the copy; guarded by CalDavSource::mutex_
        std::uint64_t last_use = 0;  // the same
    };

    std::shared_ptr<Memory> memory_of(const CalendarRef& calendar);
    // Forgets the copies that were not used for longest while all together are too large.
    void note_size(const std::shared_ptr<Memory>& memory, size_t bytes);

    const HttpOptions options_;
    std::mutex mutex_;  // guards the two below
    std::map<CalendarRef, std::shared_ptr<Memory>> memories_;
    std::uint64_t uses_ = 0;
};

}  // namespace watchbill
