#include "ical/vtimezone_writer.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <sstream>

#include "time/format.h"

namespace vtimezone_writer_test {

using namespace watchbill;
using std::chrono::days;

namespace {

Instant at(std::string_view text) { return *parse_instant(text); }

std::string vtimezone(std::string_view zone, Interval span) {
    ical::ContentLines lines;
    ical::add_vtimezone(lines, Zone::get(zone), span);
    return lines.bytes();
}

// A reader of VTIMEZONE of the test's own: the offset that the last onset before an instant has set.
class ReadZone {
public:
    ReadZone(const std::string& bytes, int last_year) {
        std::istringstream lines(bytes);
        std::map<std::string, std::string> properties;
        for (std::string line; std::getline(lines, line);) {
            REQUIRE(line.back() == '\r');
            line.pop_back();
            const size_t colon = line.find(':');
            const std::string name = line.substr(0, colon);
            const std::string value = line.substr(colon + 1);
            if (name == "BEGIN" && value != "VTIMEZONE") {
                properties = {{"KIND", value}};
            } else if (name == "END" && value != "VTIMEZONE") {
                add(properties, last_year);
            } else {
                REQUIRE(properties.insert({name, value}).second);
            }
        }
    }

    Duration offset(Instant instant) const {
        const auto after = onsets_.upper_bound(instant);
        if (after == onsets_.begin()) FAIL("nothing is in force at " << format_instant(instant));
        return std::prev(after)->second;
    }
    int standards = 0;
    int daylights = 0;
    bool has_rule = false;

private:
    static Duration parse_offset(const std::string& text) {
        const int hours = std::stoi(text.substr(1, 2));
        const int minutes = std::stoi(text.substr(3, 2));
        const int seconds = text.size() > 5 ? std::stoi(text.substr(5, 2)) : 0;
        const Duration size = std::chrono::hours(hours) + std::chrono::minutes(minutes) + Duration(seconds);
        return text[0] == '-' ? -size : size;
    }

    static LocalTime parse_local(const std::string& text) {
        const auto day = parse_day(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2));
        return LocalTime(*day) + std::chrono::hours(std::stoi(text.substr(9, 2))) +
               std::chrono::minutes(std::stoi(text.substr(11, 2))) + Duration(std::stoi(text.substr(13, 2)));
    }

    // "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in one year.
    static Day rule_day(const std::string& rule, int year) {
        int month = 0;
        int position = 0;
        char weekday[3] = {};
        REQUIRE(std::sscanf(rule.c_str(), "FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%2s", &month, &position, weekday) ==
                3);
        const std::string names = "SUMOTUWETHFRSA";
        const std::chrono::weekday wanted(static_cast<unsigned>(names.find(weekday) / 2));
        const std::chrono::year_month in{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month))};
        if (position < 0) return Day(in / wanted[std::chrono::last]);
        return Day(in / wanted[static_cast<unsigned>(position)]);
    }

    void add(const std::map<std::string, std::string>& properties, int last_year) {
        ++(properties.at("KIND") == "DAYLIGHT" ? daylights : standards);
        const Duration from = parse_offset(properties.at("TZOFFSETFROM"));
        const Duration to = parse_offset(properties.at("TZOFFSETTO"));
        if (properties.at("KIND") == "DAYLIGHT") CHECK(to > from);
        const LocalTime start = parse_local(properties.at("DTSTART"));
        const auto set = [&](LocalTime local) { onsets_[Instant(local.time_since_epoch()) - from] = to; };
        set(start);
        const auto rule = properties.find("RRULE");
        if (rule == properties.end()) return;
        has_rule = true;
        const Day first = std::chrono::floor<days>(start);
        const int first_year = int(std::chrono::year_month_day(first).year());
        CHECK(rule_day(rule->second, first_year) == first);  // RFC 5545 3.8.5.3: DTSTART is an instance
        for (int year = first_year; year <= last_year; ++year)
            set(LocalTime(rule_day(rule->second, year)) + (start - first));
    }

    std::map<Instant, Duration> onsets_;
};

}  // namespace

TEST_CASE("every half hour of every window resolves as tzdata has it, in zones of all kinds") {
    // Yearly rules on both halves of the earth, half an hour of summer time, negative summer time, a Ramadan
    // pause, rules that no weekday of a month describes, changes at other hours, none at all.
    const std::string zone =
        GENERATE("Europe/Paris", "America/Montreal", "Europe/Dublin", "Australia/Lord_Howe",
                 "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "Africa/Casablanca",
                 "America/Santiago", "America/Nuuk", "Africa/Cairo", "Asia/Gaza", "Asia/Jerusalem",
                 "Asia/Beirut", "America/Havana", "Asia/Kolkata", "Etc/GMT+5", "Asia/Tokyo",
                 "America/Sao_Paulo", "Europe/Volgograd", "Pacific/Apia", "Antarctica/Troll");
    const Zone truth = Zone::get(zone);
    for (int month = 0; month < 30; ++month) {
        const Instant start = at("2024-12-20T00:00:00Z") + days(31 * month);
        const Interval span{start, start + days(210)};
        const std::string bytes = vtimezone(zone, span);
        INFO(zone << " from " << format_instant(start) << "\n" << bytes);
        const ReadZone read(bytes, 2030);
        CHECK(read.standards > 0);
        if (read.has_rule) CHECK((read.standards == 1 && read.daylights == 1));
        for (Instant now = span.start; now < span.end; now += std::chrono::minutes(30)) {
            if (read.offset(now) != truth.offset(now)) {
                FAIL_CHECK("differs at " << format_instant(now));
                break;
            }
        }
    }
}

TEST_CASE("old changes resolve too, offsets with seconds included") {
    const Interval span{at("1970-01-01T00:00:00Z"), at("1973-01-01T00:00:00Z")};
    const ReadZone read(vtimezone("Africa/Monrovia", span), 1974);  // -00:44:30 until 7 January 1972
    CHECK(read.offset(at("1971-06-01T00:00:00Z")) == Duration(-(44 * 60 + 30)));
    CHECK(read.offset(at("1972-06-01T00:00:00Z")) == Duration(0));
}

TEST_CASE("a zone with a yearly rule is one STANDARD and one DAYLIGHT, from before the window") {
    CHECK(vtimezone("Australia/Lord_Howe", {at("2026-11-22T00:00:00Z"), at("2027-06-20T00:00:00Z")}) ==
          "BEGIN:VTIMEZONE\r\nTZID:Australia/Lord_Howe\r\n"
          "BEGIN:STANDARD\r\nDTSTART:20260405T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU\r\n"
          "TZOFFSETFROM:+1100\r\nTZOFFSETTO:+1030\r\nTZNAME:+1030\r\nEND:STANDARD\r\n"
          "BEGIN:DAYLIGHT\r\nDTSTART:20261004T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\r\n"
          "TZOFFSETFROM:+1030\r\nTZOFFSETTO:+1100\r\nTZNAME:+11\r\nEND:DAYLIGHT\r\n"
          "END:VTIMEZONE\r\n");
}

TEST_CASE("Dublin's summer is the DAYLIGHT half, though tzdata calls winter the exception") {
    const std::string bytes =
        vtimezone("Europe/Dublin", {at("2026-11-22T00:00:00Z"), at("2027-06-20T00:00:00Z")});
    CHECK_THAT(bytes, Catch::Contains("BEGIN:DAYLIGHT\r\nDTSTART:20260329T010000\r\n") &&
                          Catch::Contains("TZOFFSETTO:+0100\r\nTZNAME:IST\r\nEND:DAYLIGHT"));
}

TEST_CASE("a zone without a yearly rule has one observance for each change of the window") {
    // Morocco goes back to +00 for Ramadan: 15 February to 22 March 2026.
    const std::string bytes =
        vtimezone("Africa/Casablanca", {at("2026-01-01T00:00:00Z"), at("2026-08-01T00:00:00Z")});
    CHECK(bytes ==
          "BEGIN:VTIMEZONE\r\nTZID:Africa/Casablanca\r\n"
          "BEGIN:DAYLIGHT\r\nDTSTART:20250406T020000\r\n"
          "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:+01\r\nEND:DAYLIGHT\r\n"
          "BEGIN:STANDARD\r\nDTSTART:20260215T030000\r\n"
          "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nTZNAME:+00\r\nEND:STANDARD\r\n"
          "BEGIN:DAYLIGHT\r\nDTSTART:20260322T020000\r\n"
          "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:+01\r\nEND:DAYLIGHT\r\n"
          "END:VTIMEZONE\r\n");
}

TEST_CASE("a zone that never changes is one STANDARD since 1970") {
    const Interval span{at("2026-11-22T00:00:00Z"), at("2027-06-20T00:00:00Z")};
    CHECK(vtimezone("Asia/Kolkata", span) ==
          "BEGIN:VTIMEZONE\r\nTZID:Asia/Kolkata\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
          "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nTZNAME:IST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
    CHECK_THAT(vtimezone("Etc/GMT+5", span), Catch::Contains("TZOFFSETTO:-0500\r\n"));
}

}  // namespace vtimezone_writer_test
