// Feed events -> the bytes that calendar clients subscribe to (RFC 5545, RFC 7986). Same input, same bytes.
// Pure and thread-safe. How lines and zones are written: content_lines.h, vtimezone_writer.h.
#pragma once

#include <string>

#include "watchbill/feed.h"
#include "watchbill/time.h"

namespace watchbill::ical {

// A hash over everything a subscriber would see of the event, and nothing else (no SEQUENCE, no DTSTAMP).
std::string content_hash(const FeedEvent& event);

// Raises SEQUENCE and LAST-MODIFIED of the events that are new or whose hash changed; returns only those.
EventVersions changed_versions(const Feed& feed, const EventVersions& known, Instant now);

// Every event's UID must be in `versions` (asserts). `window` bounds the observances of the VTIMEZONEs;
// events that reach out of it widen it. Times are written in the event's zone, or with "Z" where that is UTC
// or where the local time would be read as another instant (the second pass through an hour that autumn
// repeats).
std::string write_feed(const Feed& feed, const EventVersions& versions, Interval window);

}  // namespace watchbill::ical
