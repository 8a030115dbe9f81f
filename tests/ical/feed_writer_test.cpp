#include "ical/feed_writer.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <sstream>

#include "ical/content_lines.h"
#include "ical/vtimezone_writer.h"
#include "time/format.h"
#include "time/zone.h"

namespace feed_writer_test {

using namespace watchbill;

namespace {

Instant at(std::string_view text) { return *parse_instant(text); }
Day day(std::string_view text) { return *parse_day(text); }

const Interval winter{at("2026-11-22T00:00:00Z"), at("2027-06-20T00:00:00Z")};

FeedEvent shift_event() {
    FeedEvent event;
    event.uid = "2026-12-03.mro.payments.shift@watchbill";
    event.when = {at("2026-12-03T08:00:00Z"), at("2026-12-03T17:00:00Z")};
    event.zone = "Europe/Paris";
    event.summary = "MRO: Zoé Tremblay";
    event.description = "Zoé Tremblay is MRO: next in turn.\nHands over at 18:00; then, \\o/";
    event.categories = {"MRO", "A, B"};
    return event;
}

FeedEvent day_event() {
    FeedEvent event;
    event.uid = "2026-12-21.vacation.zoe@example.com.payments.absence@watchbill";
    event.all_day = DaySpan{day("2026-12-21"), day("2026-12-26")};
    event.zone = "America/Montreal";
    event.summary = "Zoé Tremblay: vacation";
    return event;
}

Feed feed_of(std::vector<FeedEvent> events) {
    return {"Payments, rotation", "Who is on duty; and why.", "Europe/Paris", std::move(events)};
}

std::string written(const Feed& feed, Interval window = winter) {
    return ical::write_feed(feed, ical::changed_versions(feed, {}, at("2026-11-22T10:00:00Z")), window);
}

std::vector<std::string> physical_lines(const std::string& bytes) {
    std::vector<std::string> lines;
    size_t begin = 0;
    for (size_t end = 0; (end = bytes.find("\r\n", begin)) != std::string::npos; begin = end + 2)
        lines.push_back(bytes.substr(begin, end - begin));
    REQUIRE(begin == bytes.size());
    return lines;
}

// The other direction, as RFC 5545 3.1 tells a reader to do it.
std::vector<std::string> unfolded(const std::string& bytes) {
    std::vector<std::string> lines;
    for (const std::string& line : physical_lines(bytes)) {
        if (!line.empty() && (line[0] == ' ' || line[0] == '\t'))
            lines.back() += line.substr(1);
        else
            lines.push_back(line);
    }
    return lines;
}

std::string unescaped(std::string_view value) {
    std::string text;
    for (size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\') {
            REQUIRE((value[i] != ',' && value[i] != ';'));
            text += value[i];
            continue;
        }
        REQUIRE(i + 1 < value.size());
        const char next = value[++i];
        REQUIRE((next == 'n' || next == '\\' || next == ',' || next == ';'));
        text += next == 'n' ? '\n' : next;
    }
    return text;
}

// The first value of a property, its parameters aside.
std::string value_of(const std::string& bytes, std::string_view name) {
    for (const std::string& line : unfolded(bytes)) {
        if (line.starts_with(std::string(name) + ":") || line.starts_with(std::string(name) + ";"))
            return line.substr(line.find(':') + 1);
    }
    FAIL("no " << name);
    return {};
}

size_t count(const std::string& bytes, std::string_view text) {
    size_t found = 0;
    for (size_t i = bytes.find(text); i != std::string::npos; i = bytes.find(text, i + 1)) ++found;
    return found;
}

// A strict decoder of its own (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int more = lead < 0x80   ? 0
                         : lead < 0xc2 ? -1
                         : lead < 0xe0 ? 1
                         : lead < 0xf0 ? 2
                         : lead < 0xf5 ? 3
                                       : -1;
        if (more < 0) return false;
        for (int k = 0; k < more; ++k, ++i) {
            if (i >= text.size()) return false;
            const auto byte = static_cast<unsigned char>(text[i]);
            unsigned char low = 0x80;
            unsigned char high = 0xbf;
            if (k == 0 && lead == 0xe0) low = 0xa0;
            if (k == 0 && lead == 0xed) high = 0x9f;
            if (k == 0 && lead == 0xf0) low = 0x90;
            if (k == 0 && lead == 0xf4) high = 0x8f;
            if (byte < low || byte > high) return false;
        }
    }
    return true;
}

std::string golden(const std::string& name) {
    std::ifstream file(std::string(WATCHBILL_TEST_DATA) + "/" + name, std::ios::binary);
    REQUIRE(file);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

}  // namespace

TEST_CASE("a whole feed is these bytes") {
    FeedEvent cancelled = shift_event();
    cancelled.uid = "2026-12-04.remote.payments.shift@watchbill";
    cancelled.when = {at("2026-12-04T17:00:00Z"), at("2026-12-05T01:00:00Z")};
    cancelled.zone = "America/Montreal";
    cancelled.cancelled = true;
    cancelled.categories.clear();
    cancelled.description.clear();
    const Feed feed = feed_of({shift_event(), cancelled, day_event()});
    EventVersions versions = ical::changed_versions(feed, {}, at("2026-11-22T10:00:00Z"));
    versions.at(cancelled.uid).sequence = 3;
    versions.at(cancelled.uid).last_modified = at("2026-11-23T11:12:13Z");
    CHECK(ical::write_feed(feed, versions, winter) == golden("feed_writer_golden.ics"));
}

TEST_CASE("an empty feed is still a calendar, without zones") {
    Feed feed = feed_of({});
    feed.description.clear();
    CHECK(written(feed) ==
          "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Watchbill//Watchbill//EN\r\nCALSCALE:GREGORIAN\r\n"
          "METHOD:PUBLISH\r\nNAME:Payments\\, rotation\r\nX-WR-CALNAME:Payments\\, rotation\r\n"
          "X-WR-TIMEZONE:Europe/Paris\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
          "COLOR:steelblue\r\nX-APPLE-CALENDAR-COLOR:#4682B4\r\nEND:VCALENDAR\r\n");
}

TEST_CASE("nothing in a feed invites, hides or alarms") {
    const std::string bytes = written(feed_of({shift_event(), day_event()}));
    for (const char* unwanted :
         {"ATTENDEE", "ORGANIZER", "CLASS", "VALARM", "RDATE", "TZUNTIL", "X-LIC", "freeassociation"}) {
        INFO(unwanted);
        CHECK(bytes.find(unwanted) == std::string::npos);
    }
    CHECK(count(bytes, "TRANSP:TRANSPARENT\r\n") == 2);
    CHECK(count(bytes, "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n") == 2);
}

TEST_CASE("control characters of people cannot start a property of their own") {
    FeedEvent event = shift_event();
    event.summary =
        "MRO: Eve\r\nATTENDEE:mailto:victim@example.com\nX:1\rY:2\x0b"
        "\x0c"
        "\x1b[2J\x7f\xc2\x85Z:3\tend";
    event.description = std::string("nul\0byte", 8) +
                        "\xe2\x80\xa8"
                        "separated";
    event.categories = {"a\r\nB:c"};
    event.uid = "u\r\nUID:other";
    Feed feed = feed_of({event});
    feed.name = "N\r\nMETHOD:REQUEST";
    feed.zone = "Europe/Paris\r\nX-A:b";
    const std::string bytes = written(feed);

    for (const std::string& line : physical_lines(bytes)) {
        CHECK(std::none_of(line.begin(), line.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
    }
    for (const std::string& line : unfolded(bytes)) {
        for (const char* injected :
             {"ATTENDEE", "X:", "Y:", "Z:", "B:", "UID:other", "METHOD:REQUEST", "X-A:"})
            CHECK_FALSE(line.starts_with(injected));
    }
    CHECK(unescaped(value_of(bytes, "SUMMARY")) ==
          "MRO: Eve\nATTENDEE:mailto:victim@example.com\nX:1\nY:2[2JZ:3 end");
    CHECK(unescaped(value_of(bytes, "DESCRIPTION")).starts_with("Who is on duty"));
    CHECK(bytes.find("DESCRIPTION:nulbyte\\nseparated\r\n") != std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 become replacement characters, and the feed stays UTF-8") {
    FeedEvent event = shift_event();
    // A latin-1 e acute, a cut off sequence, a surrogate, an overlong slash.
    event.summary = "Zo\xe9 \xf0\x9f\x8e \xed\xa0\x80 \xc0\xaf end\xc3";
    const std::string bytes = written(feed_of({event}));
    CHECK(is_utf8(bytes));
    CHECK_THAT(value_of(bytes, "SUMMARY"),
               Catch::StartsWith("Zo\xef\xbf\xbd ") && Catch::Contains(" end\xef\xbf\xbd"));
}

TEST_CASE("a line of exactly 75 octets is not folded, one more is, and never inside a character") {
    const auto lines_for = [](const std::string& summary) {
        ical::ContentLines lines;
        lines.add_text("SUMMARY", summary);
        return physical_lines(lines.bytes());
    };
    CHECK(lines_for(std::string(67, 'x')).size() == 1);
    CHECK(lines_for(std::string(68, 'x')) ==
          std::vector<std::string>{"SUMMARY:" + std::string(67, 'x'), " x"});
    // 66 + a character of two octets: the character moves down whole.
    CHECK(lines_for(std::string(66, 'x') + "é") ==
          std::vector<std::string>{"SUMMARY:" + std::string(66, 'x'), " é"});
    // Continuations count their blank: 67, then 74 a line.
    CHECK(lines_for(std::string(67 + 74 + 1, 'x')) ==
          std::vector<std::string>{"SUMMARY:" + std::string(67, 'x'), " " + std::string(74, 'x'), " x"});
}

TEST_CASE("random texts survive folding and escaping, in lines of at most 75 octets of valid UTF-8") {
    const auto seed = GENERATE(1U, 20261122U, 4242U);
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> pieces = {"a",  "Z", " ",           ",",   ";",         "\\",
                                             "\n", ":", "\"",          "é",   "ß",         "漢",
                                             "–",  "🎄", "👩‍🚒", "\\n", "e\xcc\x81", "0123456789"};
    for (int round = 0; round < 400; ++round) {
        std::string text;
        const size_t length = random() % 200;
        while (text.size() < length) text += pieces[random() % pieces.size()];
        FeedEvent event = shift_event();
        event.summary = text;
        const std::string bytes = written(feed_of({event}));
        for (const std::string& line : physical_lines(bytes)) {
            REQUIRE(line.size() <= 75);
            REQUIRE(is_utf8(line));
        }
        REQUIRE(unescaped(value_of(bytes, "SUMMARY")) == text);
    }
}

TEST_CASE("random bytes always make a feed of valid UTF-8") {
    const unsigned seed = 77;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 400; ++round) {
        FeedEvent event = shift_event();
        event.summary.clear();
        for (size_t length = random() % 120; length > 0; --length)
            event.summary += static_cast<char>(random() % 256);
        event.description = event.summary;
        const std::string bytes = written(feed_of({event}));
        for (const std::string& line : physical_lines(bytes)) {
            REQUIRE(line.size() <= 75);
            REQUIRE(is_utf8(line));
            REQUIRE(line.find_first_of("\r\n") == std::string::npos);
        }
    }
}

TEST_CASE("UTC is written with Z and needs no VTIMEZONE") {
    for (const char* zone : {"UTC", "Etc/UTC"}) {
        FeedEvent event = shift_event();
        event.zone = zone;
        const std::string bytes = written(feed_of({event}));
        CHECK(bytes.find("DTSTART:20261203T080000Z\r\nDTEND:20261203T170000Z\r\n") != std::string::npos);
        CHECK(bytes.find("VTIMEZONE") == std::string::npos);
        CHECK(bytes.find("TZID") == std::string::npos);
    }
}

TEST_CASE("an event inside the hour that autumn repeats is written in UTC, its neighbours in local time") {
    FeedEvent second_pass = shift_event();  // 02:45 to 03:00 CET; 02:45 local would mean CEST
    second_pass.when = {at("2026-10-25T01:45:00Z"), at("2026-10-25T02:00:00Z")};
    FeedEvent across = shift_event();  // 02:45 CEST to 02:00 CET: the local end would be before the start
    across.uid = "across";
    across.when = {at("2026-10-25T00:45:00Z"), at("2026-10-25T01:00:00Z")};
    FeedEvent first_pass = shift_event();
    first_pass.uid = "first";
    first_pass.when = {at("2026-10-25T00:15:00Z"), at("2026-10-25T00:45:00Z")};
    const std::string bytes = written(feed_of({second_pass, across, first_pass}));
    CHECK(bytes.find("DTSTART:20261025T014500Z\r\nDTEND:20261025T020000Z\r\n") != std::string::npos);
    CHECK(bytes.find("DTSTART:20261025T004500Z\r\nDTEND:20261025T010000Z\r\n") != std::string::npos);
    CHECK(bytes.find(
              "DTSTART;TZID=Europe/Paris:20261025T021500\r\nDTEND;TZID=Europe/Paris:20261025T024500\r\n") !=
          std::string::npos);
}

TEST_CASE("an event that reaches out of the window widens its zone") {
    // Morocco's Ramadan pause of 2026 is from 15 February to 22 March.
    FeedEvent event = shift_event();
    event.zone = "Africa/Casablanca";
    const Interval march{at("2026-03-01T00:00:00Z"), at("2026-03-10T00:00:00Z")};
    event.when = {at("2026-03-05T08:00:00Z"), at("2026-03-06T08:00:00Z")};
    CHECK(count(written(feed_of({event}), march), "TZOFFSETFROM") == 1);
    event.when.start = at("2026-02-14T08:00:00Z");
    CHECK(count(written(feed_of({event}), march), "TZOFFSETFROM") == 2);
    event.when = {at("2026-03-05T08:00:00Z"), at("2026-03-22T02:00:00Z")};
    CHECK(count(written(feed_of({event}), march), "TZOFFSETFROM") == 2);
}

TEST_CASE("an event without length has no DTEND") {
    FeedEvent event = shift_event();
    event.when.end = event.when.start;
    CHECK(written(feed_of({event})).find("DTEND") == std::string::npos);
}

TEST_CASE("the hash covers what a subscriber sees, and nothing else") {
    const FeedEvent event = shift_event();
    const std::string hash = ical::content_hash(event);
    CHECK(hash.size() == 64);
    CHECK(ical::content_hash(shift_event()) == hash);

    std::vector<FeedEvent> changed(8, event);
    changed[0].uid += "x";
    changed[1].when.start += std::chrono::minutes(1);
    changed[2].when.end += std::chrono::minutes(1);
    changed[3].summary += "x";
    changed[4].description += "x";
    changed[5].categories = {"MRO"};
    changed[6].cancelled = true;
    changed[7].all_day = DaySpan{day("2026-12-03"), day("2026-12-04")};
    for (const FeedEvent& other : changed) CHECK(ical::content_hash(other) != hash);

    // The boundary between two texts counts, and what is not written does not.
    FeedEvent moved = event;
    moved.summary = event.summary + "\r\nDESCRIPTION:";
    CHECK(ical::content_hash(moved) != hash);
    FeedEvent unseen = changed[7];
    unseen.when.start += std::chrono::hours(1);
    unseen.summary += "\x01";
    CHECK(ical::content_hash(unseen) == ical::content_hash(changed[7]));
}

TEST_CASE("versions rise only for events that are new or changed") {
    const Instant first = at("2026-11-22T10:00:00Z");
    const Instant later = at("2026-11-22T11:00:00Z");
    Feed feed = feed_of({shift_event(), day_event()});
    EventVersions known = ical::changed_versions(feed, {}, first);
    REQUIRE(known.size() == 2);
    CHECK(known.at(shift_event().uid) == EventVersion{0, first, ical::content_hash(shift_event())});

    CHECK(ical::changed_versions(feed, known, later).empty());

    feed.events[0].summary = "MRO: Bob Durand";
    const EventVersions changed = ical::changed_versions(feed, known, later);
    REQUIRE(changed.size() == 1);
    CHECK(changed.at(shift_event().uid) == EventVersion{1, later, ical::content_hash(feed.events[0])});

    // A clock set back makes a new sequence, never an older date.
    CHECK(ical::changed_versions(feed, known, first - std::chrono::hours(5)).at(shift_event().uid) ==
          EventVersion{1, first, ical::content_hash(feed.events[0])});

    // A withdrawn event that comes back unchanged keeps the version it had.
    CHECK(ical::changed_versions(feed_of({}), known, later).empty());
}

TEST_CASE("the same state gives the same bytes, and a window that moves by days does not change them") {
    const Feed feed = feed_of({shift_event(), day_event()});
    const std::string bytes = written(feed);
    CHECK(written(feed) == bytes);
    CHECK(written(feed, {winter.start + std::chrono::days(9), winter.end + std::chrono::days(9)}) == bytes);
}

}  // namespace feed_writer_test
