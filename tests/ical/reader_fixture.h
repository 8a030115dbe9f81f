// Calendars for the reader's tests, and readings as short lines that are easy to compare by eye.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "ical/reader.h"
#include "time/format.h"

namespace watchbill::test {

using Lines = std::vector<std::string>;

// "\n" in `components` becomes CRLF.
inline std::string with_crlf(std::string_view text) {
    std::string result;
    for (const char c : text) result += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return result;
}

inline std::string calendar(std::string_view components, std::string_view header = "") {
    return with_crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Watchbill//Tests//EN\n" + std::string(header) +
                     std::string(components) + "END:VCALENDAR\n");
}

inline std::string event(std::string_view properties, std::string_view uid = "1") {
    return "BEGIN:VEVENT\nUID:" + std::string(uid) + "\nDTSTAMP:20260101T000000Z\n" +
           std::string(properties) + "\nEND:VEVENT\n";
}

struct Window {
    const char* from;  // days, of the zone
    const char* to;
    const char* zone = "Europe/Paris";
};

inline Result<CalendarReading> try_read(std::string_view bytes, const Window& window) {
    ical::initialise();
    const Zone zone = Zone::get(window.zone);
    const Interval interval{zone.start_of(*parse_day(window.from)), zone.start_of(*parse_day(window.to))};
    return ical::read_calendar(bytes, {interval, zone});
}

inline CalendarReading read(std::string_view bytes, const Window& window) {
    auto reading = try_read(bytes, window);
    INFO((reading ? "" : reading.error().message));
    REQUIRE(reading.has_value());
    return std::move(*reading);
}

// "2026-07-15T07:00:00Z/2026-07-15T08:00:00Z", or "2026-07-15/2026-07-16" of days.
inline std::string span_of(const Occurrence& occurrence) {
    if (occurrence.all_day) {
        return format_day(occurrence.all_day->first) + "/" + format_day(occurrence.all_day->end);
    }
    return format_instant(occurrence.when.start) + "/" + format_instant(occurrence.when.end);
}

inline Lines spans(const CalendarReading& reading) {
    Lines lines;
    for (const Occurrence& occurrence : reading.occurrences) lines.push_back(span_of(occurrence));
    return lines;
}

inline Lines starts(const CalendarReading& reading) {
    Lines lines;
    for (const Occurrence& occurrence : reading.occurrences) {
        lines.push_back(span_of(occurrence).substr(0, span_of(occurrence).find('/')));
    }
    return lines;
}

inline Lines recurrence_ids(const CalendarReading& reading) {
    Lines lines;
    for (const Occurrence& occurrence : reading.occurrences) lines.push_back(occurrence.recurrence_id);
    return lines;
}

inline Lines summaries(const CalendarReading& reading) {
    Lines lines;
    for (const Occurrence& occurrence : reading.occurrences) lines.push_back(occurrence.event->summary);
    return lines;
}

inline Lines codes(const CalendarReading& reading) {
    Lines lines;
    for (const CalendarWarning& warning : reading.warnings) lines.push_back(warning.code);
    return lines;
}

inline std::string file_bytes(const std::string& name) {
    std::ifstream file(WATCHBILL_TEST_DATA "/" + name, std::ios::binary);
    INFO(name);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace watchbill::test
