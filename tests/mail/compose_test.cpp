#include "mail/compose.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <sstream>

#include "mail/receive.h"
#include "time/format.h"

namespace compose_test {

using namespace watchbill;

namespace {

const mail::Sender rota{*MemberId::parse("rota@example.com"), "Payments on call"};

OutboxMessage invitation() {
    OutboxMessage message;
    message.id = "2026-17.payments.0.3f9a1c.request";
    message.team = "payments";
    message.kind = "invitation";
    message.about = "2026-17";
    message.recipient = *MemberId::parse("bob@example.com");
    message.recipient_name = "Bob Jäger";
    message.subject = "SEV1: paiements refusés";
    message.text = "Commander: Alice\nExpert: you\n\nJoin: https://meet.example.com/2026-17";
    message.html = "<p>Commander: <b>Alice</b></p>";
    message.calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
    message.calendar_method = "REQUEST";
    message.created_at = *parse_instant("2026-03-02T14:05:09Z");
    return message;
}

OutboxMessage notice() {
    OutboxMessage message = invitation();
    message.id = "swap-4.applied.bob";
    message.kind = "swap";
    message.subject = "Your MRO shift of 3 December is Alice's now";
    message.html = message.calendar = message.calendar_method = "";
    return message;
}

std::string golden(const std::string& name) {
    std::ifstream file(std::string(WATCHBILL_TEST_DATA) + "/" + name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

// Every line ends with CRLF and is short enough; nothing but ASCII goes out.
bool is_sound(const std::string& bytes) {
    size_t begin = 0;
    for (size_t end = 0; (end = bytes.find("\r\n", begin)) != std::string::npos; begin = end + 2) {
        if (end - begin > 998) return false;
        for (size_t i = begin; i < end; ++i) {
            const auto c = static_cast<unsigned char>(bytes[i]);
            if ((c < 0x20 && c != '\t') || c > 0x7e) return false;
        }
    }
    return begin == bytes.size();
}

std::vector<std::string> header_names(const std::string& bytes) {
    std::vector<std::string> names;
    std::istringstream lines(bytes);
    for (std::string line; std::getline(lines, line) && line != "\r";) {
        if (line[0] != ' ' && line[0] != '\t') names.push_back(line.substr(0, line.find(':')));
    }
    return names;
}

}  // namespace

TEST_CASE("An invitation goes out in the one shape that all programs show as one") {
    CHECK(mail::compose(invitation(), rota) == golden("invitation.eml"));
}

TEST_CASE("A notice is a plain mail that programs do not answer") {
    CHECK(mail::compose(notice(), rota) == golden("notice.eml"));
}

TEST_CASE("The Message-ID is of the message and the sender's domain") {
    CHECK(mail::message_id(notice(), rota.address) == "<swap-4.applied.bob@example.com>");
}

TEST_CASE("A message with HTML and without a calendar has both texts and no more") {
    OutboxMessage message = notice();
    message.html = "<p>x</p>";
    const std::string bytes = mail::compose(message, rota);
    CHECK(bytes.find("multipart/alternative") != std::string::npos);
    CHECK(bytes.find("multipart/mixed") == std::string::npos);
    CHECK(bytes.find("text/calendar") == std::string::npos);
}

TEST_CASE("The calendar part comes back byte for byte, long lines and all") {
    OutboxMessage message = invitation();
    message.calendar = "BEGIN:VCALENDAR\r\nX:" + std::string(3000, 'x') + "\r\n.\r\nZ:é\r\nEND:VCALENDAR\r\n";
    const auto received = mail::read_mail(mail::compose(message, rota));
    REQUIRE(received);
    CHECK(received->calendar == message.calendar);
    CHECK(received->method == "REQUEST");
    CHECK(received->from == rota.address);
}

TEST_CASE(
    "Whatever the texts hold, no header and no line is forged, and the same message is the same bytes") {
    std::mt19937 random(20260302);
    const std::string pieces[] = {"\r\nBcc: eve@example.com",
                                  "\n",
                                  "\r",
                                  std::string(1, '\0'),
                                  "\xff",
                                  "é",
                                  "=?utf-8?q?=0d=0aX:_y?=",
                                  "\r\n\r\n",
                                  "日本",
                                  "\x85",
                                  "\xe2\x80\xa8",
                                  "a",
                                  " ",
                                  "--=_mix_",
                                  "\"",
                                  "<eve@example.com>",
                                  ",",
                                  ";",
                                  ":",
                                  ".\r\n",
                                  std::string(300, 'w')};
    const auto text = [&] {
        std::string made;
        for (int n = std::uniform_int_distribution<int>(0, 40)(random); n > 0; --n)
            made += pieces[std::uniform_int_distribution<size_t>(0, std::size(pieces) - 1)(random)];
        return made;
    };
    const auto names = header_names(mail::compose(invitation(), rota));
    for (int round = 0; round < 1000; ++round) {
        INFO("seed 20260302, round " << round);
        OutboxMessage message = invitation();
        message.subject = text() + "x";
        message.recipient_name = text();
        message.text = text();
        message.html = text() + "x";
        const mail::Sender sender{rota.address, text()};
        const std::string bytes = mail::compose(message, sender);
        CHECK(bytes == mail::compose(message, sender));
        CHECK(is_sound(bytes));
        CHECK(header_names(bytes) == names);
        const auto received = mail::read_mail(bytes);
        REQUIRE(received);
        CHECK(received->from == rota.address);
        CHECK(received->calendar == message.calendar);
    }
}

}  // namespace compose_test
