#include "ical/invitation_reader.h"

#include <catch2/catch.hpp>

#include "time/format.h"

namespace invitation_reader_test {

using namespace watchbill;

namespace {

Instant at(std::string_view text) { return *parse_instant(text); }
MemberId id(std::string_view email) { return *MemberId::parse(email); }
const MemberId bob = id("bob@example.com");

std::string calendar(const std::string& method, const std::string& events) {
    return "BEGIN:VCALENDAR\r\nPRODID:-//X//Y//EN\r\nVERSION:2.0\r\n" + method + events + "END:VCALENDAR\r\n";
}

std::string event(const std::string& lines, const std::string& uid = "u1@watchbill") {
    return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260302T141500Z\r\nDTSTART:20260302T140500Z\r\n" +
           "SEQUENCE:2\r\n" + lines + "END:VEVENT\r\n";
}

const std::string accepted = "ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:Bob@Example.com\r\n";

std::string refusal(const std::string& bytes) {
    const auto reply = ical::read_reply(bytes, bob);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == ErrorCode::refused);
    return reply.error().message;
}

}  // namespace

TEST_CASE("A reply says who answers what to which version") {
    const auto reply = ical::read_reply(
        calendar("METHOD:REPLY\r\n", event("ORGANIZER:mailto:rota@example.com\r\n" + accepted)), bob);
    REQUIRE(reply);
    InvitationReply expected;
    expected.uid = "u1@watchbill";
    expected.attendee = bob;
    expected.status = ParticipationStatus::accepted;
    expected.sequence = 2;
    expected.dtstamp = at("2026-03-02T14:15:00Z");
    expected.organizer = id("rota@example.com");
    expected.sender = bob;
    CHECK(*reply == expected);
}

TEST_CASE("Replies as Outlook.com writes them lack the organizer, and methods come in any case") {
    const auto reply = ical::read_reply(
        calendar(
            "METHOD:Reply\r\n",
            event("ATTENDEE;PARTSTAT=DECLINED;X-RESPONSE-COMMENT=\"on \\\"leave\\\"\":MAILTO:bob@example.com"
                  "\r\nX-MICROSOFT-CDO-REPLYTIME:20260302T141500Z\r\n")),
        bob);
    REQUIRE(reply);
    CHECK(reply->status == ParticipationStatus::declined);
    CHECK_FALSE(reply->organizer);
}

TEST_CASE("The sender is carried along and not believed") {
    const auto reply = ical::read_reply(calendar("METHOD:REPLY\r\n", event(accepted)), id("eve@example.com"));
    REQUIRE(reply);
    CHECK(reply->attendee == bob);
    CHECK(reply->sender == id("eve@example.com"));
}

TEST_CASE("Of several attendees the sender answers") {
    const std::string both = accepted + "ATTENDEE;PARTSTAT=DECLINED:mailto:eve@example.com\r\n";
    const std::string bytes = calendar("METHOD:REPLY\r\n", event(both));
    CHECK(ical::read_reply(bytes, id("eve@example.com")).value().status == ParticipationStatus::declined);
    CHECK(ical::read_reply(bytes, id("mallory@example.com")).error().code == ErrorCode::refused);
}

TEST_CASE("A counter-proposal is marked as one") {
    CHECK(ical::read_reply(calendar("METHOD:COUNTER\r\n", event(accepted)), bob).value().counter);
}

TEST_CASE("An answer to one instance names it as occurrences do") {
    const auto instance = [](const std::string& line) {
        return ical::read_reply(calendar("METHOD:REPLY\r\n", event(line + "\r\n" + accepted)), bob)
            .value()
            .recurrence_id;
    };
    CHECK(instance("RECURRENCE-ID:20260309T080000Z") == "2026-03-09T08:00:00Z");
    CHECK(instance("RECURRENCE-ID;VALUE=DATE:20260309") == "2026-03-09");
    CHECK(instance("RECURRENCE-ID;TZID=Europe/Paris:20260309T090000") == "2026-03-09T08:00:00Z");
    CHECK(instance("RECURRENCE-ID;TZID=W. Europe Standard Time:20260309T090000") == "2026-03-09T08:00:00Z");
    CHECK(instance("RECURRENCE-ID;TZID=Nowhere:20260309T090000") == "2026-03-09T09:00:00");
}

TEST_CASE(
    "An answer from a server that calls London GMT names the instance by the zone that it brings along") {
    const std::string zone =
        "BEGIN:VTIMEZONE\r\nTZID:GMT\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\n"
        "TZOFFSETTO:+0000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:16010101T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
    const auto instance = [&](const std::string& day) {
        return ical::read_reply(calendar("METHOD:REPLY\r\n", zone + event("RECURRENCE-ID;TZID=GMT:" + day +
                                                                          "T090000\r\n" + accepted)),
                                bob)
            .value()
            .recurrence_id;
    };
    CHECK(instance("20260715") == "2026-07-15T08:00:00Z");
    CHECK(instance("20260115") == "2026-01-15T09:00:00Z");
}

TEST_CASE("What is no answer is refused, with the reason") {
    CHECK(refusal(calendar("METHOD:REQUEST\r\n", event(accepted))).find("no answer") != std::string::npos);
    CHECK(refusal(calendar("", event(accepted))).find("no answer") != std::string::npos);
    CHECK(refusal(calendar("METHOD:REPLY\r\n", "")).find("no event") != std::string::npos);
    CHECK(refusal(calendar("METHOD:REPLY\r\n", event(accepted) + event(accepted, "u2")))
              .find("several events") != std::string::npos);
    CHECK(refusal(calendar("METHOD:REPLY\r\n", event(""))).find("who answers") != std::string::npos);
    CHECK(refusal(calendar("METHOD:REPLY\r\n", event(accepted, ""))).find("UID") != std::string::npos);
    // Nothing is left of it without what cannot be printed.
    const std::string controls = calendar("METHOD:REPLY\r\n", event(accepted, std::string("\x01\0\0", 3)));
    CHECK(refusal(controls).find("UID") != std::string::npos);
    CHECK_FALSE(ical::read_invitation(controls));
    CHECK(refusal(calendar("METHOD:REPLY\r\n", event(accepted, std::string(2000, 'u')))).find("UID") !=
          std::string::npos);
    CHECK(refusal(calendar("METHOD:REPLY\r\n", event(accepted)) +
                  calendar("METHOD:REQUEST\r\n", event(accepted)))
              .find("no answer") != std::string::npos);
    CHECK(refusal(calendar("METHOD:REPLY\r\n", event("RECURRENCE-ID:20260309T080000Z\r\n" + accepted) +
                                                   event("RECURRENCE-ID:20260310T080000Z\r\n" + accepted)))
              .find("several instances") != std::string::npos);
}

TEST_CASE("What is no calendar, or too large, is no answer") {
    CHECK(ical::read_reply("", bob).error().code == ErrorCode::not_a_calendar);
    CHECK(ical::read_reply("<!DOCTYPE html><html></html>", bob).error().code == ErrorCode::not_a_calendar);
    CHECK(ical::read_reply(std::string(ical::largest_invitation + 1, 'x'), bob).error().code ==
          ErrorCode::too_large);
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "BEGIN:X\r\n";
    CHECK(ical::read_reply("BEGIN:VCALENDAR\r\n" + deep, bob).error().code == ErrorCode::too_large);
}

TEST_CASE("A stored event tells how its attendees stand, and overrides do not stand for the series") {
    const std::string bytes = calendar(
        "", event("RECURRENCE-ID:20260309T080000Z\r\nATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com\r\n") +
                event("STATUS:CANCELLED\r\n" + accepted));
    const auto stored = ical::read_invitation(bytes);
    REQUIRE(stored);
    CHECK(stored->method.empty());
    CHECK(stored->cancelled);
    CHECK(stored->sequence == 2);
    REQUIRE(stored->attendees.size() == 1);
    CHECK(stored->attendees[0].status == ParticipationStatus::accepted);
}

}  // namespace invitation_reader_test
