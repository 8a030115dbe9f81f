// Mails as the common programs send them (shapes only, written for this test), and what is refused.
#include "mail/receive.h"

#include <catch2/catch.hpp>

namespace receive_test {

using namespace watchbill;
using mail::read_mail;

namespace {

std::string crlf(std::string text) {
    std::string lines;
    for (const char c : text) {
        if (c == '\n') lines += '\r';
        lines += c;
    }
    return lines;
}

const std::string reply_text =
    "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:u1\nEND:VEVENT\nEND:VCALENDAR\n";
const std::string reply_base64 =
    "QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6UkVQTFkNCkVORDpWQ0FMRU5EQVINCg==\n";  // METHOD:REPLY
const std::string reply_decoded = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n";

const std::string from_bob =
    "From: Bob <Bob@Example.com>\nTo: rota@example.com\nSubject: Accepted\n"
    "Message-ID: <m1@example.com>\nMIME-Version: 1.0\n";

std::string refusal_of(const std::string& text) {
    const auto received = read_mail(crlf(text));
    REQUIRE_FALSE(received);
    CHECK_FALSE(received.error().message.empty());
    return received.error().code;
}

}  // namespace

TEST_CASE("Gmail: mixed with alternative, the answer in base64, marked as automatic, and an attachment") {
    const auto received = read_mail(
        crlf("Return-Path: <bob@example.com>\nAuthentication-Results: mx.example.com; dmarc=pass\n"
             "Sender: Google Calendar <calendar-notification@google.com>\nAuto-Submitted: auto-generated\n" +
             from_bob +
             "Content-Type: multipart/mixed; boundary=\"0000a\"\n\n--0000a\n"
             "Content-Type: multipart/alternative; boundary=\"0000b\"\n\n--0000b\n"
             "Content-Type: text/plain; charset=\"UTF-8\"; format=flowed; delsp=yes\n\nBob has accepted\n"
             "--0000b\nContent-Type: text/html; charset=\"UTF-8\"\n\n<p>Bob</p>\n--0000b\n"
             "Content-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\nContent-Transfer-Encoding: "
             "base64\n\n" +
             reply_base64 + "--0000b--\n--0000a\nContent-Type: application/ics; name=\"invite.ics\"\n" +
             "Content-Disposition: attachment; filename=\"invite.ics\"\nContent-Transfer-Encoding: "
             "base64\n\nAAAA\n" +
             "--0000a--\n"));
    REQUIRE(received);
    CHECK(received->from.email() == "bob@example.com");
    CHECK(received->calendar == reply_decoded);
    CHECK(received->method == "REPLY");
    CHECK(received->message_id == "m1@example.com");
}

TEST_CASE("Outlook: the calendar is an alternative in quoted-printable, or the whole mail") {
    const auto alternative = read_mail(
        crlf(from_bob +
             "X-MS-Has-Attach:\nContent-Type: multipart/alternative; boundary=\"_000_x_\"\n\n--_000_x_\n"
             "Content-Type: text/plain; charset=\"iso-8859-1\"\n\n\n--_000_x_\n"
             "Content-Type: text/calendar; charset=\"utf-8\"; method=REPLY\n"
             "Content-Transfer-Encoding: quoted-printable\n\nBEGIN:VCALENDAR\nX:a=3Db=\nc\nEND:VCALENDAR\n"
             "--_000_x_--\n"));
    REQUIRE(alternative);
    CHECK(alternative->calendar == "BEGIN:VCALENDAR\r\nX:a=bc\r\nEND:VCALENDAR");
    const auto whole = read_mail(
        crlf(from_bob + "Content-Type: text/calendar; method=\"reply\"; charset=utf-8\n\n" + reply_text));
    REQUIRE(whole);
    CHECK(whole->method == "REPLY");
    CHECK(whole->calendar == crlf(reply_text));
}

TEST_CASE("Apple Mail and Thunderbird: an attachment of a calendar type, named or not") {
    for (const char* type :
         {"text/calendar; charset=utf-8; method=REPLY; name=iCal-1.ics", "application/ics; name=invite.ics",
          "text/calendar; method=REPLY", "application/octet-stream; name=\"Answer.ICS\""}) {
        INFO(type);
        const auto received =
            read_mail(crlf(from_bob +
                           "Content-Type: multipart/mixed;\n boundary=\"Apple-Mail=_1\"\n\n--Apple-Mail=_1\n"
                           "Content-Type: text/plain\n\nyes\n--Apple-Mail=_1\nContent-Type: " +
                           type + "\n\n" + reply_text + "\n--Apple-Mail=_1--\n"));
        REQUIRE(received);
        CHECK(received->calendar.find("METHOD:REPLY") != std::string::npos);
    }
}

TEST_CASE("Other charsets become UTF-8, and LF ends lines as well") {
    const auto received = read_mail(
        from_bob + "Content-Type: text/calendar; method=REPLY; charset=iso-8859-15\n\nSUMMARY:\xa4 \xe9\n");
    REQUIRE(received);
    CHECK(received->calendar == "SUMMARY:€ é\n");
    const auto unknown =
        read_mail(from_bob + "Content-Type: text/calendar; method=REPLY; charset=x-klingon\n\nSUMMARY:x\n");
    CHECK(unknown.value().calendar == "SUMMARY:x\n");
}

TEST_CASE("An answer wins over other calendars in the mail, and what is only forwarded does not count") {
    const std::string two = from_bob +
                            "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                            "Content-Type: text/calendar; method=PUBLISH\n\nX:1\n--b\n"
                            "Content-Type: text/calendar; method=REPLY\n\nX:2\n--b--\n";
    CHECK(read_mail(crlf(two)).value().calendar.starts_with("X:2"));
    CHECK(refusal_of(from_bob +
                     "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                     "Content-Type: message/rfc822\n\n" +
                     from_bob + "Content-Type: text/calendar; method=REPLY\n\nX:2\n--b--\n") ==
          "no_calendar");
}

TEST_CASE("As a mail server pipes it, with the mbox line before") {
    CHECK(read_mail("From bob@example.com Mon Mar  2 14:15:00 2026\n" + from_bob +
                    "Content-Type: text/calendar; method=REPLY\n\nX:2\n"));
}

TEST_CASE("What is no answer is refused by name") {
    CHECK(refusal_of("") == "no_mail");
    CHECK(refusal_of("hello") == "no_mail");
    CHECK(refusal_of("From x") == "no_mail");
    CHECK(refusal_of(std::string(mail::largest_mail + 1, 'x')) == "too_large");
    CHECK(refusal_of("Subject: x\n\nx\n") == "no_sender");
    CHECK(refusal_of("From: undisclosed\n\nx\n") == "no_sender");
    CHECK(refusal_of("From: a@example.com, b@example.com\n\nx\n") == "several_senders");
    CHECK(refusal_of("From: a@example.com\nFrom: b@example.com\n\nx\n") == "several_senders");
    CHECK(refusal_of("From: team: a@example.com, b@example.com;\n\nx\n") == "no_sender");
    CHECK(refusal_of(from_bob + "\nyes, I'll come\n") == "no_calendar");
    CHECK(refusal_of(from_bob + "Auto-Submitted: auto-replied (vacation)\n\nI am away\n") == "auto_reply");
    CHECK(refusal_of(from_bob + "Auto-Submitted: no\n\nyes\n") == "no_calendar");
    CHECK(refusal_of(from_bob + "X-Autoreply: yes\n\nI am away\n") == "auto_reply");
    CHECK(refusal_of("Return-Path: <>\n" + from_bob + "\nundelivered\n") == "bounce");
    CHECK(refusal_of("From: MAILER-DAEMON@example.com\n"
                     "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nno\n"
                     "--b\nContent-Type: message/rfc822\n\n" +
                     from_bob + "Content-Type: text/calendar; method=REQUEST\n\nX\n--b--\n") == "bounce");
    CHECK(refusal_of("Authentication-Results: mx.example.com;\n spf=fail; DMARC=fail (p=reject)\n" +
                     from_bob + "Content-Type: text/calendar; method=REPLY\n\nX:2\n") == "unauthenticated");
}

TEST_CASE("Mails that nest or count without end are refused in bounded time") {
    std::string deep = from_bob;
    for (int i = 0; i < 8000; ++i) {
        const std::string bound = std::to_string(i);
        deep += "Content-Type: multipart/mixed; boundary=" + bound + "\n\n--" + bound + "\n";
    }
    CHECK(refusal_of(deep) == "too_many_parts");
    std::string wide = from_bob + "Content-Type: multipart/mixed; boundary=b\n\n";
    for (int i = 0; i < 50000; ++i) wide += "--b\n\nx\n";
    CHECK(refusal_of(wide) == "too_many_parts");
    std::string headers;
    for (int i = 0; i < 60000; ++i) headers += "X: y\n";
    CHECK(refusal_of(headers + "From: a@example.com\n\nx\n") == "header_too_large");
    CHECK(refusal_of("From: " + std::string(500'000, '(') + "a@example.com\n\nx\n") == "header_too_large");
    std::string addresses = "From: a@example.com";
    for (int i = 0; i < 3000; ++i) addresses += ",a@example.com";
    CHECK(refusal_of(addresses + "\n\nx\n") == "several_senders");
}

TEST_CASE("A group inside a group without end reaches no parser, whatever the field") {
    std::string groups;
    for (int i = 0; i < 45000; ++i) groups += "a:";
    for (const char* name : {"To", "Cc", "Bcc", "Reply-To", "Sender", "Resent-To", "RETURN-PATH", "To "}) {
        INFO(name);
        const std::string field = std::string(name) + ": " + groups + "\n";
        CHECK(refusal_of(from_bob + field + "\n" + reply_text) == "header_too_large");
        // A mail that another one carries is parsed too.
        CHECK(refusal_of(from_bob + "Content-Type: message/rfc822\n\n" + field + "\nx\n") ==
              "header_too_large");
    }
    CHECK(refusal_of("From: " + groups + "\n\nx\n") == "header_too_large");
}

TEST_CASE("Reading a mail that others carry in others ends, deep or not") {
    std::string carried;
    for (int i = 0; i < 90; ++i) carried += "Content-Type: message/rfc822\n\n";
    CHECK(refusal_of(from_bob + carried + "x\n") == "no_calendar");
    for (int i = 0; i < 20000; ++i) carried += "Content-Type: message/rfc822\n\n";
    CHECK(refusal_of(from_bob + carried + "x\n") == "too_many_parts");
}

TEST_CASE("Only the named server's findings count, else the topmost") {
    const std::string mail = from_bob + "Content-Type: text/calendar; method=REPLY\n\n" + reply_text;
    const std::string good = "Authentication-Results: mx.example.com; dmarc=pass\n";
    const std::string bad = "Authentication-Results: mx.example.org; dmarc=fail\n";
    const auto taken = [&](const std::string& findings, const char* server) {
        return read_mail(crlf(findings + mail), server).has_value();
    };
    CHECK(taken(good + bad, ""));
    CHECK_FALSE(taken(bad + good, ""));
    CHECK(taken(bad + good, "mx.example.com"));
    CHECK_FALSE(taken(good + bad, "mx.example.org"));
}

}  // namespace receive_test
