#include "ical/feed_writer.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "crypto/crypto.h"
#include "ical/content_lines.h"
#include "ical/vtimezone_writer.h"
#include "ical/written_time.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::ical {

namespace {

std::string date(Day day) {
    std::string text = format_day(day);
    std::erase(text, '-');
    return text;
}

std::optional<Zone> written_zone(const FeedEvent& event) {
    return event.all_day ? std::nullopt : zone_to_write(event.zone, event.when);
}

void add_span(ContentLines& lines, const FeedEvent& event) {
    if (event.all_day) {
        lines.add("DTSTART;VALUE=DATE", date(event.all_day->first));
        lines.add("DTEND;VALUE=DATE", date(event.all_day->end));
        return;
    }
    const auto zone = written_zone(event);
    add_time(lines, "DTSTART", zone, event.when.start);
    // DTEND must be later than DTSTART (RFC 5545 3.8.2.2); without it the event ends where it starts.
    if (!event.when.empty()) add_time(lines, "DTEND", zone, event.when.end);
}

std::string category_list(const std::vector<std::string>& categories) {
    std::string list;
    for (const std::string& category : categories) {
        if (!list.empty()) list += ',';
        list += escape_text(category);
    }
    return list;
}

// Everything of the event but its version.
void add_content(ContentLines& lines, const FeedEvent& event) {
    add_span(lines, event);
    lines.add_text("SUMMARY", event.summary);
    if (!event.description.empty()) lines.add_text("DESCRIPTION", event.description);
    if (!event.categories.empty()) lines.add("CATEGORIES", category_list(event.categories));
    lines.add("STATUS", event.cancelled ? "CANCELLED" : "CONFIRMED");
    // Both, or Outlook paints the whole day busy.
    lines.add("TRANSP", "TRANSPARENT");
    lines.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
}

void add_event(ContentLines& lines, const FeedEvent& event, const EventVersion& version) {
    lines.add("BEGIN", "VEVENT");
    lines.add_text("UID", event.uid);
    // DTSTAMP is not "now": a feed without changes keeps its bytes.
    lines.add("DTSTAMP", utc_date_time(version.last_modified));
    lines.add("LAST-MODIFIED", utc_date_time(version.last_modified));
    lines.add("SEQUENCE", std::to_string(version.sequence));
    add_content(lines, event);
    lines.add("END", "VEVENT");
}

void add_calendar_properties(ContentLines& lines, const Feed& feed) {
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//Watchbill//Watchbill//EN");
    lines.add("CALSCALE", "GREGORIAN");
    lines.add("METHOD", "PUBLISH");
    lines.add_text("NAME", feed.name);  // RFC 7986 5.1; Apple, Google and Outlook read X-WR-CALNAME
    lines.add_text("X-WR-CALNAME", feed.name);
    if (!feed.description.empty()) {
        lines.add_text("DESCRIPTION", feed.description);
        lines.add_text("X-WR-CALDESC", feed.description);
    }
    lines.add_text("X-WR-TIMEZONE", feed.zone);
    lines.add("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    lines.add("X-PUBLISHED-TTL", "PT1H");
    lines.add("COLOR", "steelblue");  // RFC 7986 5.9 wants a CSS3 name; Apple its own, in hex
    lines.add("X-APPLE-CALENDAR-COLOR", "#4682B4");
}

// By name, so that the order does not depend on the events'. Events that reach out of the window widen it.
void add_zones(ContentLines& lines, const Feed& feed, Interval window) {
    std::map<ZoneName, std::pair<Zone, Interval>> zones;
    for (const FeedEvent& event : feed.events) {
        const auto zone = written_zone(event);
        if (!zone) continue;
        Interval& span = zones.try_emplace(zone->name(), *zone, window).first->second.second;
        span.start = std::min(span.start, event.when.start);
        // An event's end is a local time too, so the offset in force at it counts.
        span.end = std::max(span.end, event.when.end + Duration(1));
    }
    for (const auto& [name, zone_and_span] : zones)
        add_vtimezone(lines, zone_and_span.first, zone_and_span.second);
}

}  // namespace

std::string content_hash(const FeedEvent& event) {
    ContentLines lines;
    lines.add_text("UID", event.uid);
    add_content(lines, event);
    return crypto::sha256_hex(lines.bytes());
}

EventVersions changed_versions(const Feed& feed, const EventVersions& known, Instant now) {
    EventVersions changed;
    for (const FeedEvent& event : feed.events) {
        std::string hash = content_hash(event);
        const auto last = known.find(event.uid);
        if (last == known.end()) {
            changed[event.uid] = {0, now, std::move(hash)};
        } else if (last->second.content_hash != hash) {
            // A clock that was set back must not make the newer version look older.
            changed[event.uid] = {last->second.sequence + 1, std::max(now, last->second.last_modified),
                                  std::move(hash)};
        }
    }
    return changed;
}

std::string write_feed(const Feed& feed, const EventVersions& versions, Interval window) {
    ContentLines lines;
    lines.add("BEGIN", "VCALENDAR");
    add_calendar_properties(lines, feed);
    add_zones(lines, feed, window);
    for (const FeedEvent& event : feed.events) {
        assert(versions.contains(event.uid) && "changed_versions() has seen every event that is written");
        add_event(lines, event, versions.at(event.uid));
    }
    lines.add("END", "VCALENDAR");
    return lines.bytes();
}

}  // namespace watchbill::ical
