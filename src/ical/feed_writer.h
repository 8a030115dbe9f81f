// Feed events -> the bytes that calendar clients subscribe to (RFC 5545, RFC 7986). Same input, same bytes.
// Thread-safe after ical::initialise().
#pragma once

#include <string>

#include "watchbill/feed.h"
#include "watchbill/time.h"

namespace watchbill::ical {

// A hash over everything a subscriber would see of the event, and nothing else (no SEQUENCE, no DTSTAMP).
std::string content_hash(const FeedEvent& event);

// Raises SEQUENCE and LAST-MODIFIED of the events that are new or whose hash changed; returns only those.
EventVersions changed_versions(const Feed& feed, const EventVersions& known, Instant now);

// Every event's UID must be in `versions` (asserts). `window` bounds the observances of the VTIMEZONEs.
std::string write_feed(const Feed& feed, const EventVersions& versions, Interval window);

}  // namespace watchbill::ical
