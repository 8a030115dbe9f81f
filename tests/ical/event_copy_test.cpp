#include "ical/event_copy.h"

#include <catch2/catch.hpp>
#include <random>

#include "ical/reader.h"
#include "support/case_count.h"
#include "time/format.h"

namespace event_copy_test {

using namespace watchbill;
using Catch::Matchers::Contains;

namespace {

Instant at(std::string_view text) { return *parse_instant(text); }
MemberId id(std::string_view email) { return *MemberId::parse(email); }

ical::CopyOrder opening() {
    ical::CopyOrder order;
    InvitationEvent& event = order.event;
    event.uid = "2026-17.payments.incident@watchbill";
    event.dtstamp = event.created = at("2026-03-02T14:05:00Z");
    event.when = {at("2026-03-02T14:05:00Z"), at("2026-03-02T15:05:00Z")};
    event.zone = "Europe/Paris";
    event.organizer = id("rota@example.com");
    event.organizer_name = "Payments incidents";
    event.summary = "SEV1: card payments fail, everywhere; now";
    event.description = "Commander: Alice Martin\n\nJoin: https://meet.example.com/2026-17";
    event.url = "https://rota.example.com/2026-17";
    for (const char* name : {"alice@example.com", "bob+rota@example.com"}) {
        order.invitees.push_back(
            {{id(name), std::string(name), AttendeeRole::required, ParticipationStatus::accepted}, 0, false});
        order.told.push_back(id(name));
    }
    order.server_schedules = true;
    return order;
}

ical::CopyOrder changed(ical::CopyOrder order) {
    ++order.event.sequence;
    order.event.summary = "SEV2: card payments fail";
    return order;
}

std::string unfolded(std::string bytes) {
    for (size_t at = 0; (at = bytes.find("\r\n ", at)) != std::string::npos;) bytes.erase(at, 3);
    return bytes;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

// The unfolded line of an attendee.
std::string attendee(const std::string& bytes, const std::string& address) {
    const std::string all = unfolded(bytes);
    const size_t end = all.find(":mailto:" + address);
    REQUIRE(end != std::string::npos);
    const size_t begin = all.rfind("\r\n", end) + 2;
    return all.substr(begin, end - begin);
}

int count(const std::string& text, const std::string& what) {
    int found = 0;
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++found;
    return found;
}

const std::string bob = "bob%2Brota@example.com";

}  // namespace

TEST_CASE(
    "A new copy has no METHOD, nobody has answered in it, and it says whom the server must not invite") {
    ical::CopyOrder order = opening();
    order.invitees[1].by_client = true;
    const std::string bytes = unfolded(ical::write_copy(order));
    CHECK_THAT(bytes, !Contains("METHOD") && Contains("BEGIN:VTIMEZONE") && Contains("SEQUENCE:0\r\n"));
    CHECK(count(bytes, "PARTSTAT=NEEDS-ACTION") == 2);
    CHECK_THAT(attendee(bytes, "alice@example.com"), !Contains("SCHEDULE-AGENT"));
    CHECK_THAT(attendee(bytes, "bob+rota@example.com"), Contains(";SCHEDULE-AGENT=CLIENT"));
    const auto copy = ical::read_copy(bytes, order.event.uid);
    REQUIRE(copy);
    REQUIRE(copy->attendees.size() == 2);
    CHECK(copy->attendees[1].member == id("bob+rota@example.com"));
    CHECK(copy->attendees[1].by_client);
    CHECK_FALSE(copy->attendees[0].by_client);
    CHECK_FALSE(ical::merge_copy(bytes, order));
}

TEST_CASE("A change keeps what is not ours, in the event and around it") {
    const ical::CopyOrder order = opening();
    std::string stored = unfolded(ical::write_copy(order));
    stored = replaced(stored, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED;SCHEDULE-STATUS=\"2.0;Success\"");
    stored =
        replaced(stored, "PRODID:-//Watchbill//Watchbill//EN", "PRODID:-//Server//EN\r\nX-WR-CALNAME:Ours");
    stored =
        replaced(stored, "END:VEVENT",
                 "CATEGORIES:War room\r\nLOCATION:Room 4\r\nX-ALT-DESC;FMTTYPE=text/html:<b>old</b>\r\n"
                 "ATTENDEE;CN=\"Guest: x;y\":mailto:guest@example.com\r\n"
                 "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nDESCRIPTION:theirs\r\nEND:VALARM\r\n"
                 "END:VEVENT");
    const auto merged = ical::merge_copy(stored, changed(order));
    REQUIRE(merged);
    const std::string bytes = unfolded(*merged);
    CHECK_THAT(bytes, Contains("SUMMARY:SEV2: card payments fail\r\n") && !Contains("SEV1") &&
                          Contains("SEQUENCE:1\r\n") && Contains("CATEGORIES:War room") &&
                          Contains("LOCATION:Room 4") && !Contains("X-ALT-DESC") &&
                          Contains("PRODID:-//Server//EN") && Contains("X-WR-CALNAME:Ours"));
    CHECK_THAT(bytes, Contains("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nDESCRIPTION:theirs\r\n"
                               "END:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
    CHECK_THAT(attendee(bytes, "alice@example.com"),
               Contains("PARTSTAT=ACCEPTED") && Contains("SCHEDULE-STATUS=\"2.0;Success\""));
    CHECK_THAT(attendee(bytes, "guest@example.com"), Contains("CN=\"Guest: x;y\""));
    for (const char* once :
         {"DTSTART", "UID:", "ORGANIZER", "CREATED", "BEGIN:VTIMEZONE", "DESCRIPTION:Commander"})
        CHECK(count(bytes, once) == (std::string(once) == "DTSTART" ? count(stored, once) : 1));
    CHECK_FALSE(ical::merge_copy(bytes, changed(order)));
}

TEST_CASE("People who are done are taken out, and others' guests are not") {
    ical::CopyOrder order = opening();
    const std::string stored =
        replaced(ical::write_copy(order), "END:VEVENT", "ATTENDEE:mailto:guest@example.com\r\nEND:VEVENT");
    order = changed(order);
    order.invitees.pop_back();
    const auto merged = ical::merge_copy(stored, order);
    REQUIRE(merged);
    CHECK_THAT(unfolded(*merged), !Contains("bob") && Contains("guest@example.com"));
}

TEST_CASE("Whoever is asked anew has not answered, and whom the server invited stays with it") {
    ical::CopyOrder order = opening();
    std::string stored = ical::write_copy(order);
    stored = replaced(stored, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=DECLINED");
    order = changed(order);
    order.invitees[0].asked_sequence = 1;
    order.invitees[0].by_client = true;
    std::string merged = ical::merge_copy(stored, order).value();
    CHECK_THAT(attendee(merged, "alice@example.com"),
               Contains("NEEDS-ACTION") && !Contains("SCHEDULE-AGENT"));
    // A server that does not schedule has invited nobody.
    order.server_schedules = false;
    merged = ical::merge_copy(stored, order).value();
    CHECK_THAT(attendee(merged, "alice@example.com"), Contains(";SCHEDULE-AGENT=CLIENT"));
}

TEST_CASE("SEQUENCE is always greater than what attendees have seen, and the same for the same") {
    const ical::CopyOrder order = opening();
    const std::string raised = replaced(ical::write_copy(order), "SEQUENCE:0\r\n", "SEQUENCE:7\r\n");
    CHECK_FALSE(ical::merge_copy(raised, order));
    const std::string merged = ical::merge_copy(raised, changed(order)).value();
    CHECK_THAT(merged, Contains("\r\nSEQUENCE:8\r\n"));
    CHECK_FALSE(ical::merge_copy(merged, changed(order)));
    CHECK(ical::read_copy(merged, order.event.uid)->sequence == 1);
    const std::string far =
        replaced(ical::write_copy(order), "SEQUENCE:0\r\n", "SEQUENCE:99999999999999\r\n");
    CHECK(ical::merge_copy(far, changed(order)));
}

TEST_CASE("A server's own way of writing is no difference") {
    const ical::CopyOrder order = opening();
    std::string stored = unfolded(ical::write_copy(order));
    stored =
        replaced(stored, "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT", "attendee;role=REQ-PARTICIPANT");
    stored = replaced(stored, "SUMMARY:SEV1: card payments fail\\, everywhere\\; now",
                      "summary;LANGUAGE=en:SEV1: card payments fail\\, everywhere; now");
    CHECK_FALSE(ical::merge_copy(stored, order));
    CHECK(ical::merge_copy(replaced(stored, "STATUS:CONFIRMED", "STATUS:TENTATIVE"), order));
}

TEST_CASE("A cancelled event stays, and says so") {
    const ical::CopyOrder order = opening();
    ical::CopyOrder cancelled = changed(order);
    cancelled.event.method = InvitationMethod::cancel;
    const std::string merged = ical::merge_copy(ical::write_copy(order), cancelled).value();
    CHECK_THAT(merged, Contains("STATUS:CANCELLED") && Contains("alice@example.com") && !Contains("METHOD"));
}

TEST_CASE("What is no event of ours is refused when read, and replaced when written") {
    const ical::CopyOrder order = opening();
    const std::string good = ical::write_copy(order);
    const std::string nested = [] {
        std::string text;
        for (int i = 0; i < 40; ++i) text += "BEGIN:VCALENDAR\r\n";
        return text;
    }();
    const std::string many = replaced(good, "END:VEVENT", [] {
        std::string lines;
        for (int i = 0; i < 20'000; ++i) lines += "ATTENDEE:mailto:a@b.cd\r\n";
        return lines + "END:VEVENT";
    }());
    for (const std::string& bad :
         {std::string(), std::string("<html>"), std::string(2'000'000, 'a'), nested, many,
          std::string("BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n"),
          std::string("BEGIN:VCALENDAR\r\nBEGIN:VEVENT"), replaced(good, "UID:2026", "UID:2027"),
          replaced(good, "SUMMARY", "RECURRENCE-ID:20260302T140500Z\r\nSUMMARY"),
          replaced(good, "END:VCALENDAR", good.substr(good.find("BEGIN:VEVENT")))}) {
        INFO(bad.substr(0, 100));
        CHECK_FALSE(ical::read_copy(bad, order.event.uid));
        CHECK(ical::merge_copy(bad, order) == good);
    }
    // Cut off, it is still the event.
    CHECK(ical::read_copy(good.substr(0, good.find("TRANSP")), order.event.uid)->attendees.size() == 2);
}

TEST_CASE("Whatever bytes a server has, what is put is an event that reads as ours") {
    ical::initialise();
    const ical::CopyOrder order = opening();
    const std::string good = ical::write_copy(order);
    for (unsigned seed = 1; seed <= test::case_count(2000U); ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        std::string stored = good;
        const int edits = 1 + static_cast<int>(random() % 6);
        for (int i = 0; i < edits; ++i) {
            const size_t at = random() % stored.size();
            const char byte = "\r\n;:\"\\ \xff\x80\0A"[random() % 11];
            if (random() % 3 == 0)
                stored.erase(at, random() % 40);
            else
                stored.insert(at, 1 + random() % 3, byte);
            if (stored.empty()) stored = "x";
        }
        static_cast<void>(ical::read_copy(stored, order.event.uid));
        const auto merged = ical::merge_copy(stored, changed(order));
        if (!merged) continue;
        const auto copy = ical::read_copy(*merged, order.event.uid);
        REQUIRE(copy);
        CHECK(copy->sequence == 1);
        for (const ical::CopyInvitee& one : order.invitees) {
            CHECK(std::any_of(copy->attendees.begin(), copy->attendees.end(), [&one](const auto& attendee) {
                return attendee.member == one.invitee.member;
            }));
        }
        CHECK_FALSE(ical::merge_copy(*merged, changed(order)));
    }
}

}  // namespace event_copy_test
