#include "ical/invitation_writer.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <sstream>

#include "ical/invitation_reader.h"
#include "ical/reader.h"
#include "time/format.h"

namespace invitation_writer_test {

using namespace watchbill;

namespace {

Instant at(std::string_view text) { return *parse_instant(text); }
MemberId id(std::string_view email) { return *MemberId::parse(email); }

InvitationEvent opening() {
    InvitationEvent event;
    event.uid = "2026-17.payments.incident@watchbill";
    event.dtstamp = event.created = at("2026-03-02T14:05:00Z");
    event.when = {at("2026-03-02T14:05:00Z"), at("2026-03-02T15:05:00Z")};
    event.zone = "Europe/Paris";
    event.organizer = id("rota@example.com");
    event.organizer_name = "Payments on call";
    event.invitees = {
        {id("alice@example.com"), "Alice \"Al\" Martin", AttendeeRole::chair,
         ParticipationStatus::needs_action},
        {id("bob+rota@example.com"), "Bob; Jäger: DBA", AttendeeRole::required,
         ParticipationStatus::accepted},
        {id("eve@example.com"), "", AttendeeRole::optional, ParticipationStatus::declined},
    };
    event.summary = "SEV1: card payments fail, everywhere; now";
    event.description =
        "Commander: Alice Martin\nExperts: Bob Jäger (database)\n\nJoin: https://meet.example.com/2026-17";
    event.location = "https://meet.example.com/2026-17";
    event.conference = "https://meet.example.com/2026-17";
    event.url = "https://rota.example.com/teams/payments/incidents/2026-17";
    return event;
}

std::string golden(const std::string& name) {
    std::ifstream file(std::string(WATCHBILL_TEST_DATA) + "/" + name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

std::string unfolded(std::string bytes) {
    for (size_t at = 0; (at = bytes.find("\r\n ", at)) != std::string::npos;) bytes.erase(at, 3);
    return bytes;
}

}  // namespace

TEST_CASE("An invitation keeps its published bytes") {
    CHECK(ical::write_invitation(opening()) == golden("invitation_request.ics"));
}

TEST_CASE("A cancellation keeps its published bytes") {
    InvitationEvent event = opening();
    event.method = InvitationMethod::cancel;
    event.sequence = 3;
    event.dtstamp = at("2026-03-02T14:30:00Z");
    event.invitees.erase(event.invitees.begin() + 1, event.invitees.end());
    CHECK(ical::write_invitation(event) == golden("invitation_cancel.ics"));
}

TEST_CASE("An invitation reads back with its attendees and its time") {
    const std::string bytes = ical::write_invitation(opening());
    const auto stored = ical::read_invitation(bytes);
    REQUIRE(stored);
    CHECK(stored->uid == opening().uid);
    CHECK(stored->method == "REQUEST");
    CHECK_FALSE(stored->cancelled);
    CHECK(stored->organizer == id("rota@example.com"));
    REQUIRE(stored->attendees.size() == 3);
    CHECK(stored->attendees[0].member == id("alice@example.com"));
    CHECK(stored->attendees[0].common_name == "Alice 'Al' Martin");
    CHECK(stored->attendees[1].member == id("bob+rota@example.com"));
    CHECK(stored->attendees[1].status == ParticipationStatus::accepted);
    CHECK(stored->attendees[1].common_name == "Bob; Jäger: DBA");

    ical::initialise();
    const auto reading = ical::read_calendar(
        bytes, {{at("2026-03-01T00:00:00Z"), at("2026-04-01T00:00:00Z")}, Zone::get("America/New_York")});
    REQUIRE(reading);
    REQUIRE(reading->occurrences.size() == 1);
    CHECK(reading->occurrences[0].when == opening().when);
    CHECK(reading->warnings.empty());
}

TEST_CASE("An invitation in the hour that autumn repeats is written in UTC") {
    InvitationEvent event = opening();
    event.when = {at("2026-10-25T01:30:00Z"), at("2026-10-25T02:30:00Z")};
    const std::string bytes = ical::write_invitation(event);
    CHECK(bytes.find("DTSTART:20261025T013000Z\r\n") != std::string::npos);
    CHECK(bytes.find("VTIMEZONE") == std::string::npos);
}

TEST_CASE("An event without length has no DTEND") {
    InvitationEvent event = opening();
    event.when.end = event.when.start;
    CHECK(ical::write_invitation(event).find("DTEND") == std::string::npos);
}

TEST_CASE("URIs hold visible ASCII only, and an odd address survives its mailto") {
    InvitationEvent event = opening();
    event.url = "https://rota.example.com/\xC3\xA9t\xC3\xA9 <x>\r\nX:\x7f";
    event.invitees = {{id("a%b?c&d@example.com"), "", AttendeeRole::required, {}}};
    const std::string bytes = unfolded(ical::write_invitation(event));
    CHECK(bytes.find("\r\nURL:https://rota.example.com/%C3%A9t%C3%A9%20%3Cx%3EX:\r\n") != std::string::npos);
    CHECK(ical::read_invitation(bytes).value().attendees.at(0).member == id("a%b?c&d@example.com"));
}

TEST_CASE("Whatever people write, lines stay lines") {
    std::mt19937 random(20260302);
    const std::string pieces[] = {"\r\n", "\n",       "\r",     "\x00" + std::string("x"),
                                  "\xff", "é",        "\"",     "END:VEVENT",
                                  "\\",   ";X=1:",    "\x0b",   "\xc2\x85",
                                  "日本", "ATTENDEE", "\t",     "\xe2\x80\xa8",
                                  "a",    " ",        "BEGIN:", "\xf0\x9f\x94\xa5"};
    const auto text = [&] {
        std::string made;
        for (int n = std::uniform_int_distribution<int>(0, 60)(random); n > 0; --n)
            made += pieces[std::uniform_int_distribution<size_t>(0, std::size(pieces) - 1)(random)];
        return made;
    };
    for (int round = 0; round < 1000; ++round) {
        INFO("seed 20260302, round " << round);
        InvitationEvent event = opening();
        event.summary = text();
        event.description = text();
        event.location = text();
        event.conference = "https://x.org/" + text();
        event.url = "https://x.org/" + text();
        event.organizer_name = text();
        for (Invitee& invitee : event.invitees) invitee.name = text();
        const std::string bytes = ical::write_invitation(event);
        size_t begin = 0;
        bool sound = bytes.ends_with("\r\n");
        for (size_t end = 0; (end = bytes.find("\r\n", begin)) != std::string::npos; begin = end + 2) {
            const std::string line = bytes.substr(begin, end - begin);
            sound &= line.size() <= 75;
            for (const char c : line) sound &= static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
        }
        CHECK(sound);
        const auto stored = ical::read_invitation(bytes);
        REQUIRE(stored);
        CHECK(stored->attendees.size() == 3);
        const std::string lines = unfolded(bytes);
        size_t count = 0;
        for (size_t found = 0; (found = lines.find("\r\nEND:VEVENT\r\n", found)) != std::string::npos;
             ++found)
            ++count;
        CHECK(count == 1);
    }
}

}  // namespace invitation_writer_test
