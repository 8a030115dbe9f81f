// Reading a 9 MB calendar of 10,000 events for a 180-day window, as a ratio to libical's parser alone on the
// same bytes in the same run. The pairs alternate, so that a machine whose speed drifts does not favour one
// of them.
#include <libical/ical.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "ical/reader.h"
#include "time/format.h"

namespace {

using namespace watchbill;

constexpr int event_count = 10'000;
constexpr size_t target_bytes = 9'000'000;
constexpr int rounds = 9;

// Ten years of a busy calendar: one event in eight recurs, each with attendees and a long description.
std::string busy_calendar() {
    const Day first = parse_day("2017-01-01").value();
    std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Bench//Bench//EN\r\n";
    for (int i = 0; i < event_count; ++i) {
        std::string date = format_day(first + std::chrono::days(i * 3650 / event_count));
        std::erase(date, '-');
        text += "BEGIN:VEVENT\r\nUID:" + std::to_string(i) + "@bench\r\nDTSTAMP:20260101T000000Z\r\n";
        text += "DTSTART;TZID=Europe/Paris:" + date + "T090000\r\nDTEND;TZID=Europe/Paris:" + date +
                "T100000\r\n";
        if (i % 8 == 0) text += "RRULE:FREQ=WEEKLY;COUNT=20\r\n";
        text += "SUMMARY:Meeting " + std::to_string(i) + "\r\nORGANIZER:mailto:alice@example.com\r\n";
        for (int a = 0; a < 4; ++a)
            text +=
                "ATTENDEE;PARTSTAT=ACCEPTED;CN=Person:mailto:person" + std::to_string(a) + "@example.com\r\n";
        const size_t due = target_bytes / event_count * static_cast<size_t>(i + 1);
        text += "DESCRIPTION:What was said\r\n";
        while (text.size() + 100 < due)
            text += " about this and that\\, and what is to be done about it next time\r\n";
        text += "END:VEVENT\r\n";
    }
    return text + "END:VCALENDAR\r\n";
}

template <typename Work>
double seconds(const Work& work) {
    const auto began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main() {
    ical::initialise();
    const std::string bytes = busy_calendar();
    const ical::ReadRequest request{
        {parse_instant("2026-03-01T00:00:00Z").value(), parse_instant("2026-08-28T00:00:00Z").value()},
        Zone::get("Europe/Paris")};
    std::vector<double> reading;
    std::vector<double> parsing;
    std::vector<double> ratio;
    size_t occurrences = 0;
    for (int round = 0; round < rounds; ++round) {
        reading.push_back(
            seconds([&] { occurrences = ical::read_calendar(bytes, request).value().occurrences.size(); }));
        parsing.push_back(seconds([&] {
            std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)> parsed(
                icalparser_parse_string(bytes.c_str()), &icalcomponent_free);
            if (!parsed) std::abort();
        }));
        ratio.push_back(reading.back() / parsing.back());
    }
    std::printf("%zu bytes, %d events, %zu occurrences in 180 days\n", bytes.size(), event_count,
                occurrences);
    std::printf("read_calendar            %.1f ms (median of %d)\n", median(reading) * 1000, rounds);
    std::printf("icalparser_parse_string  %.1f ms\n", median(parsing) * 1000);
    std::printf("ratio                    %.3f (median of pairs)\n", median(ratio));
}
