// CALENDARS.md, "Bytes": points 23 and 25, and what of 27 concerns reading.
#include <algorithm>

#include "ical/decode.h"
#include "reader_fixture.h"

namespace bytes_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Window june{"2026-06-01", "2026-07-01"};
const std::string plain = calendar(event("SUMMARY:R\xc3\xa9union\nDTSTART:20260601T090000Z"));

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

void check_reads_as_plain(const std::string& bytes, const Lines& warnings = {}) {
    const auto reading = read(bytes, june);
    CHECK(starts(reading) == Lines{"2026-06-01T09:00:00Z"});
    CHECK(summaries(reading) == Lines{"R\xc3\xa9union"});
    CHECK(codes(reading) == warnings);
}

Error error_of(const std::string& bytes) {
    const auto reading = try_read(bytes, june);
    INFO(bytes.substr(0, 80));
    REQUIRE_FALSE(reading.has_value());
    return reading.error();
}

std::string utf16(const std::string& ascii, bool little) {
    std::string wide = little ? "\xff\xfe" : "\xfe\xff";
    for (const char c : ascii) wide += little ? std::string{c, '\0'} : std::string{'\0', c};
    return wide;
}

}  // namespace

TEST_CASE("Point 23: a byte order mark", "[calendars]") { check_reads_as_plain("\xef\xbb\xbf" + plain); }

TEST_CASE("Point 23: LF only, CR only, CR CR LF, blank lines and mixtures", "[calendars]") {
    check_reads_as_plain(replaced(plain, "\r\n", "\n"));
    check_reads_as_plain(replaced(plain, "\r\n", "\r"));
    check_reads_as_plain(replaced(plain, "\r\n", "\r\r\n"));
    check_reads_as_plain(replaced(plain, "\r\n", "\r\n\r\n"));
    check_reads_as_plain(replaced(plain, "\r\nDT", "\nDT"));
    check_reads_as_plain("\r\n\n  \r\n" + plain.substr(0, plain.size() - 2) + "\n\n");
}

TEST_CASE("Point 23: latin-1 and windows-1252 are converted, with one warning", "[calendars]") {
    check_reads_as_plain(replaced(plain, "\xc3\xa9", "\xe9"), {"not_utf8"});
    const auto two = read(calendar(event("SUMMARY:Cong\xe9s \x80\nDTSTART:20260601T090000Z", "a") +
                                   event("SUMMARY:\xc9t\xe9\nDTSTART:20260602T090000Z", "b")),
                          june);
    CHECK(summaries(two) == Lines{"Cong\xc3\xa9s \xe2\x82\xac", "\xc3\x89t\xc3\xa9"});
    CHECK(codes(two) == Lines{"not_utf8"});
}

TEST_CASE("Point 23: UTF-16 is converted, with a warning", "[calendars]") {
    const std::string ascii = calendar(event("DTSTART:20260601T090000Z"));
    for (const bool little : {true, false}) {
        const auto reading = read(utf16(ascii, little), june);
        CHECK(starts(reading) == Lines{"2026-06-01T09:00:00Z"});
        CHECK(codes(reading) == Lines{"not_utf8"});
        CHECK(starts(read(utf16(ascii, little).substr(2), june)) == Lines{"2026-06-01T09:00:00Z"});
    }
}

TEST_CASE("Point 23: a fold in the middle of a UTF-8 character", "[calendars]") {
    check_reads_as_plain(replaced(plain, "\xc3\xa9", "\xc3\r\n \xa9"));
    check_reads_as_plain(replaced(plain, "\xc3\xa9", "\xc3\n\t\xa9"));
    check_reads_as_plain(replaced(plain, "DTSTART:2026", "DT\r\n START:20\r\n 26"));
}

TEST_CASE("Point 23: lines that are neither property nor fold join the one before, with a warning",
          "[calendars]") {
    // Cut at 75 octets without the blank: nothing is missing between the two.
    const std::string long_word(80, 'x');
    const auto folded =
        read(calendar(event("DTSTART:20260601T090000Z\nSUMMARY:" + long_word + "\nyz")), june);
    CHECK(summaries(folded) == Lines{long_word + "yz"});
    CHECK(codes(folded) == Lines{"broken_lines"});
    // A line end inside the value, not escaped.
    const auto raw = read(calendar(event("DTSTART:20260601T090000Z\nSUMMARY:Vacation\nin Spain")), june);
    CHECK(summaries(raw) == Lines{"Vacation in Spain"});
    CHECK(codes(raw) == Lines{"broken_lines"});
}

TEST_CASE("Point 23: NUL bytes are dropped, with a warning", "[calendars]") {
    std::string bytes = plain;
    bytes.insert(bytes.find("SUMMARY") + 3, 1, '\0');
    check_reads_as_plain(bytes, {"nul_bytes"});
}

TEST_CASE("Point 23: several VCALENDARs in one file, each with zones of its own", "[calendars]") {
    const auto zone = [](const char* offset) {
        return std::string(
                   "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:") +
               offset + "\nTZOFFSETTO:" + offset + "\nEND:STANDARD\nEND:VTIMEZONE\n";
    };
    const auto reading = read(calendar(zone("+0300") + event("DTSTART;TZID=Mine:20260601T090000", "a")) +
                                  calendar(zone("-0300") + event("DTSTART;TZID=Mine:20260601T090000", "b")),
                              june);
    CHECK(starts(reading) == Lines{"2026-06-01T06:00:00Z", "2026-06-01T12:00:00Z"});
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 23: a missing END is repaired, with a warning that names the event", "[calendars]") {
    const std::string two =
        calendar("BEGIN:VEVENT\nUID:a\nDTSTART:20260601T090000Z\n" + event("DTSTART:20260602T090000Z", "b"));
    const auto reading = read(two, june);
    CHECK(starts(reading) == Lines{"2026-06-01T09:00:00Z", "2026-06-02T09:00:00Z"});
    REQUIRE(codes(reading) == Lines{"missing_end"});
    CHECK(reading.warnings[0].message.find("event \"a\" (start 20260601T090000Z)") != std::string::npos);

    const auto alarm =
        read(calendar("BEGIN:VEVENT\nUID:a\nDTSTART:20260601T090000Z\nBEGIN:VALARM\nEND:VEVENT\n"), june);
    CHECK(starts(alarm) == Lines{"2026-06-01T09:00:00Z"});
    CHECK(codes(alarm) == Lines{"missing_end"});

    const auto calendars = read("BEGIN:VCALENDAR\n" + event("DTSTART:20260601T090000Z") + calendar(""), june);
    CHECK(starts(calendars) == Lines{"2026-06-01T09:00:00Z"});
    CHECK(codes(calendars) == Lines{"missing_end"});
}

TEST_CASE("Point 23: a file that is cut off is read up to there, with a warning", "[calendars]") {
    const std::string whole =
        calendar(event("DTSTART:20260601T090000Z", "a") + event("DTSTART:20260602T090000Z\nSUMMARY:x", "b"));
    const auto reading = read(whole.substr(0, whole.find("SUMMARY") + 4), june);
    CHECK(starts(reading) == Lines{"2026-06-01T09:00:00Z", "2026-06-02T09:00:00Z"});
    REQUIRE(codes(reading) == Lines{"broken_lines", "cut_off"});
    CHECK(reading.warnings[1].message.find("\"b\"") != std::string::npos);
}

TEST_CASE("Point 23: a file that is cut off before anything is whole is an error", "[calendars]") {
    const std::string whole = plain;
    for (const char* upto : {"VERSION", "BEGIN:VEVENT", "DTSTART", "END:VEVENT"}) {
        CHECK(error_of(whole.substr(0, whole.find(upto))).code == ErrorCode::not_a_calendar);
    }
    CHECK(error_of("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:x\r\nEND:VTIMEZONE\r\n").code ==
          ErrorCode::not_a_calendar);
}

TEST_CASE("Point 23: what is no calendar is an error that names what it is", "[calendars]") {
    const auto check = [](const std::string& bytes, const std::string& what) {
        const Error error = error_of(bytes);
        CHECK(error.code == ErrorCode::not_a_calendar);
        INFO(error.message);
        CHECK(error.message.find(what) != std::string::npos);
    };
    check("", "nothing (0 bytes)");
    check(" \r\n\r\n ", "nothing but blanks");
    check("\xef\xbb\xbf", "nothing but blanks");
    check("<!DOCTYPE html>\n<html><body>Sign in: a:b</body></html>", "an HTML page");
    check("<?xml version=\"1.0\"?>\n<icalendar/>", "XML");
    check("{\"error\": \"unauthorized\"}", "JSON");
    check("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice\r\nEND:VCARD\r\n", "a vCard");
    check(std::string("\x1f\x8b\x08\0\0", 5), "gzip data");
    check("Name,Date\nAlice,2026-01-01\n", "text without BEGIN:VCALENDAR");
    check("DTSTART:20260601T090000Z", "text without BEGIN:VCALENDAR");
}

TEST_CASE("Point 23: an HTML page that shows a calendar is none", "[calendars]") {
    CHECK(error_of("<!DOCTYPE html>\n<html><pre>\n" + plain + "</pre></html>").code ==
          ErrorCode::not_a_calendar);
}

TEST_CASE("Point 23: a calendar without events is a calendar", "[calendars]") {
    const auto reading = read(calendar(""), june);
    CHECK(reading.occurrences.empty());
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 23: text around a calendar, events without one and stray ENDs are warned of",
          "[calendars]") {
    check_reads_as_plain("Notice: something broke\n" + plain, {"text_outside_calendar"});
    check_reads_as_plain(plain + "X-AFTER:1\n", {"text_outside_calendar"});
    const auto bare = read(event("DTSTART:20260601T090000Z"), june);
    CHECK(starts(bare) == Lines{"2026-06-01T09:00:00Z"});
    CHECK(codes(bare) == Lines{"missing_begin"});
    const auto stray = read(calendar("END:VALARM\n" + event("DTSTART:20260601T090000Z")), june);
    CHECK(starts(stray) == Lines{"2026-06-01T09:00:00Z"});
    CHECK(codes(stray) == Lines{"stray_end"});
}

TEST_CASE("Point 23: names of components and properties have no case", "[calendars]") {
    const auto reading = read(
        "begin:vcalendar\nBegin:vEvent\nuid:1\ndtstart;tzid=Europe/"
        "Paris:20260601t110000\nend:VEVENT\nEnd:VCalendar\n",
        june);
    CHECK(starts(reading) == Lines{"2026-06-01T09:00:00Z"});
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 23: an event without a usable start is left out with a warning, the others stay",
          "[calendars]") {
    const auto reading =
        read(calendar(event("SUMMARY:Secret", "none@x") + event("DTSTART:20260230T090000Z", "bad@x") +
                      event("DTSTART:20260601T090000Z", "good@x")),
             june);
    CHECK(starts(reading) == Lines{"2026-06-01T09:00:00Z"});
    CHECK(codes(reading) == Lines{"missing_start", "bad_start", "missing_start"});
    CHECK(reading.warnings[0].message ==
          "event \"none@x\" (without start) has no usable DTSTART and was left out");
    for (const CalendarWarning& warning : reading.warnings) {
        CHECK(warning.message.find("Secret") == std::string::npos);
    }
}

TEST_CASE("Point 23: events without UID are read each on its own, with a warning", "[calendars]") {
    const std::string one = "BEGIN:VEVENT\nDTSTART:20260601T090000Z\nEND:VEVENT\n";
    const auto reading = read(calendar(one + one), june);
    CHECK(starts(reading).size() == 2);
    CHECK(codes(reading) == Lines{"missing_uid", "missing_uid"});
    // Nothing that can be printed is none.
    const std::string control = "BEGIN:VEVENT\nUID:\x01\x7f\t\nDTSTART:20260601T090000Z\nEND:VEVENT\n";
    const auto unprintable = read(calendar(control + control), june);
    CHECK(starts(unprintable).size() == 2);
    CHECK(codes(unprintable) == Lines{"missing_uid", "missing_uid"});
}

TEST_CASE("Point 25: other UIDs in the next export give the same occurrences", "[calendars]") {
    const auto with_uid = [](const std::string& uid) {
        return spans(read(calendar(event("DTSTART:20260601T090000Z\nRRULE:FREQ=WEEKLY", uid) +
                                   event("RECURRENCE-ID:20260608T090000Z\nDTSTART:20260609T090000Z", uid)),
                          june));
    };
    CHECK(with_uid("040000008200E00074C5B7101A82E008") == with_uid("another"));
}

TEST_CASE("Point 27: control characters do not come out of a calendar", "[calendars]") {
    const auto reading =
        read(calendar(event("DTSTART:20260601T090000Z\nSUMMARY:a\x01\x7f b\\nc\x1b[31m\nCATEGORIES:x\x02y\n"
                            "ATTENDEE;CN=\"A\x03\tB\":mailto:a@example.com",
                            "u\x04id")),
             june);
    REQUIRE(reading.occurrences.size() == 1);
    const EventDetails& details = *reading.occurrences[0].event;
    CHECK(details.summary == "a b c[31m");
    CHECK(details.categories == Lines{"xy"});
    CHECK(details.attendees.at(0).common_name == "A B");
    CHECK(details.uid == "uid");
}

TEST_CASE("Warnings are bounded in number and in length", "[calendars]") {
    std::string events;
    for (int i = 0; i < 300; ++i) events += event("SUMMARY:x", std::string(5000, 'u') + std::to_string(i));
    const auto reading = read(calendar(events), june);
    REQUIRE(reading.warnings.size() == 201);
    CHECK(reading.warnings.back().code == "more_warnings");
    CHECK(reading.warnings.back().message.substr(0, 4) == "100 ");
    for (const CalendarWarning& warning : reading.warnings) CHECK(warning.message.size() < 300);
}

TEST_CASE("Text is cut between characters", "[calendars]") {
    CHECK(ical::cut_text("a\xc3\xa9", 2) == "a");
    CHECK(ical::cut_text("a\xc3\xa9", 3) == "a\xc3\xa9");
    const auto reading =
        read(calendar(event("DTSTART:20260601T090000Z\nSUMMARY:" + std::string(20'000, 'x'))), june);
    CHECK(summaries(reading).at(0).size() == 4096);
}

}  // namespace bytes_test
