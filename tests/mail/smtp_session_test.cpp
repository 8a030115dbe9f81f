#include "mail/smtp_session.h"

#include <catch2/catch.hpp>

namespace smtp_session_test {

using namespace watchbill;
using mail::SmtpSession;

namespace {

SmtpSession session(std::initializer_list<const char*> lines) {
    SmtpSession made;
    for (const std::string_view line : lines) {
        if (line.starts_with("S: "))
            made.answered(line.substr(3));
        else if (line == "CONTENT")
            made.content_begins();
        else if (line == "END")
            made.content_ends();
        else
            made.sent(line);
    }
    return made;
}

Delivery verdict(std::initializer_list<const char*> lines) { return failure_of(session(lines)).delivery; }

}  // namespace

TEST_CASE("What a server says of one recipient or mail concerns that mail") {
    CHECK(verdict({"EHLO x", "S: 250 ok", "MAIL FROM:<a@b>", "S: 250 ok", "RCPT TO:<c@d>",
                   "S: 550 5.1.1 no such user c@d"}) == Delivery::refused_for_good);
    CHECK(verdict({"RCPT TO:<c@d>", "S: 550 no", "QUIT", "S: 221 bye"}) == Delivery::refused_for_good);
    CHECK(verdict({"RCPT TO:<c@d>", "S: 451 4.7.1 greylisted"}) == Delivery::refused_for_now);
    CHECK(verdict({"RCPT TO:<c@d>", "S: 250 ok", "DATA", "S: 554 no valid recipients"}) ==
          Delivery::refused_for_good);
    CHECK(verdict({"DATA", "S: 354 go on", "CONTENT", "S: 552 5.3.4 too big"}) == Delivery::refused_for_good);
    CHECK(verdict({"DATA", "S: 354 go on", "CONTENT", "S: 452 4.3.1 full"}) == Delivery::refused_for_now);
}

TEST_CASE("What it says of the connection or the sender concerns every mail") {
    CHECK(verdict({}) == Delivery::no_server);
    CHECK(verdict({"S: 554 no service for you"}) == Delivery::no_server);
    CHECK(verdict({"EHLO x", "S: 550 go away"}) == Delivery::no_server);
    CHECK(verdict({"AUTH PLAIN xyz", "S: 535 5.7.8 no"}) == Delivery::no_server);
    CHECK(verdict({"MAIL FROM:<a@b>", "S: 530 5.7.0 authenticate first"}) == Delivery::no_server);
    CHECK(verdict({"RCPT TO:<c@d>", "S: 421 4.3.2 shutting down"}) == Delivery::no_server);
    // Dropped before it was acknowledged: the answers before mean nothing.
    CHECK(verdict({"RCPT TO:<c@d>", "S: 250 ok", "DATA"}) == Delivery::no_server);
    CHECK(verdict({"DATA", "S: 354 go on", "CONTENT"}) == Delivery::no_server);
}

TEST_CASE("An error names codes and not the server's words, which may quote the mail") {
    const auto report = failure_of(session({"RCPT TO:<c@d>", "S: 550 5.1.1 <secret@example.com>: no\r\n"}));
    CHECK(report.error == "the mail server refused the recipient (550 5.1.1)");
    CHECK(failure_of(session({"RCPT TO:<c@d>", "S: 550 5.1 secret"})).error ==
          "the mail server refused the recipient (550)");
    CHECK(failure_of(session({"RCPT TO:<c@d>", "S: 550"})).error ==
          "the mail server refused the recipient (550)");
    CHECK(session({"RCPT TO:<c@d>", "S: hello"}).code() == 0);
}

TEST_CASE("What went wrong is said by what had happened, and not by the code of an answer before") {
    const auto error = [](std::initializer_list<const char*> lines, bool closed = true) {
        return failure_of(session(lines), closed).error;
    };
    const std::string closed = "the mail server closed the connection ";
    CHECK(error({}) == closed + "before anything was sent");
    CHECK(error({"S: 220 hello"}) == closed + "before anything was sent");
    CHECK(error({"EHLO x", "S: 250 ok"}) == closed + "before it was told of a mail");
    CHECK(error({"AUTH PLAIN", "S: 334 go on"}) == closed + "before it was told of a mail");
    CHECK(error({"MAIL FROM:<a@b>"}) == closed + "when it was told the sender");
    CHECK(error({"RCPT TO:<c@d>", "S: 250 ok"}) == closed + "when it was told the recipient");
    CHECK(error({"RCPT TO:<c@d>", "S: 250 ok", "DATA"}) == closed + "before the message was sent");
    CHECK(error({"DATA", "S: 354 go on"}) == closed + "before the message was sent");
    CHECK(error({"DATA", "S: 354 go on", "CONTENT"}) == closed + "while the message was being sent");
    CHECK(error({"DATA", "S: 354 go on", "CONTENT", "END"}) ==
          closed + "after the message was sent and before it said whether it took it");
    CHECK(error({"DATA", "S: 354 go on", "CONTENT", "END", "S: 999 what"}, false) ==
          "the mail server gave an answer that makes no sense after the message was sent and before it said "
          "whether it took it");
    CHECK(error({"RCPT TO:<c@d>", "S: 421 4.3.2 shutting down"}) ==
          "the mail server ended the session (421 4.3.2)");
    CHECK(timeout_of(session({"RCPT TO:<c@d>"})).error ==
          "the mail server took too long to answer (when it was told the recipient)");
}

TEST_CASE("What breaks off in the middle of a mail may be that mail's doing") {
    const auto in_message = [](std::initializer_list<const char*> lines) {
        CHECK(failure_of(session(lines)).in_message == timeout_of(session(lines)).in_message);
        return timeout_of(session(lines)).in_message;
    };
    CHECK_FALSE(in_message({}));
    CHECK_FALSE(in_message({"EHLO x"}));
    CHECK_FALSE(in_message({"MAIL FROM:<a@b>"}));
    CHECK(in_message({"MAIL FROM:<a@b>", "S: 250 ok", "RCPT TO:<c@d>"}));
    CHECK(in_message({"RCPT TO:<c@d>", "S: 250 ok", "DATA"}));
    CHECK(in_message({"DATA", "S: 354 go on", "CONTENT"}));
    // It said itself that it goes away.
    CHECK_FALSE(failure_of(session({"RCPT TO:<c@d>", "S: 421 4.3.2 shutting down"})).in_message);
}

}  // namespace smtp_session_test
