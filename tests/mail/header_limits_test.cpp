// What no mail program writes is refused before it is parsed, and what they do write is not.
#include "mail/header_limits.h"

#include <catch2/catch.hpp>

namespace header_limits_test {

using namespace watchbill::mail;

namespace {

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

// "" when it is within the limits.
std::string code_of(const std::string& mail) {
    const auto refusal = beyond_header_limits(mail);
    if (refusal) CHECK_FALSE(refusal->message.empty());
    return refusal ? refusal->code : "";
}

const std::string from = "From: b@example.com\n";

}  // namespace

TEST_CASE("Groups are counted in all fields that hold addresses, folded, quoted or commented") {
    for (const char* name :
         {"From", "To", "Cc", "Bcc", "Reply-To", "Sender", "reply-to", "TO", "To ", "To\t", "Resent-From",
          "Resent-To", "Return-Path", "Errors-To", "X-Original-To", "Disposition-Notification-To"}) {
        for (const char* group : {"a:", "a:\n ", "a:\r\n\t", "\"a\":", "\"a:\" ", "a(x):", "(:)", "a:b@c,",
                                  "a:;", "<@a:b@c>,", "\\:"}) {
            INFO(name << " " << group);
            const std::string field = std::string(name) + ": " + repeated(group, 200) + "\n";
            CHECK(code_of(field + "\n") == "header_too_nested");
            CHECK(code_of(from + field + "\nx") == "header_too_nested");
            // In a message inside, in a part, in a digest's message without a header of its part.
            CHECK(code_of(from + "Content-Type: message/rfc822\n\n" + field + "\n") == "header_too_nested");
            CHECK(code_of(from + "Content-Type: multipart/digest; boundary=b\n\n--b\n\n" + field + "\n") ==
                  "header_too_nested");
            CHECK(code_of(from + "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + field + "\n") ==
                  "header_too_nested");
        }
    }
    CHECK(code_of(from + "To: " + repeated("\"Ops: Bob\" <b@example.com>, ", 90) + "\n\n").empty());
    CHECK(code_of(from + "To: undisclosed-recipients:;\nCc: \n\nx").empty());
    // A NUL or a control character in the name does not hide it.
    CHECK(code_of(from + "To" + std::string(1, '\0') + "x: " + repeated("a:", 200) + "\n\n") ==
          "header_too_nested");
    CHECK(code_of(from + "\x01To\x7f: " + repeated("a:", 200) + "\n\n") == "header_too_nested");
}

TEST_CASE("Comments and angle brackets nest no deeper than anybody writes them") {
    for (const char* name : {"From", "To", "Received", "Date", "Message-ID", "References",
                             "Authentication-Results", "Content-Type", "Content-Disposition"}) {
        INFO(name);
        const std::string head = from + name + ": x ";
        CHECK(code_of(head + std::string(21, '(') + std::string(21, ')') + "\n\n") == "header_too_nested");
        CHECK(code_of(head + std::string(21, '<') + "\n\n") == "header_too_nested");
        CHECK(code_of(head + repeated("(\n ", 100) + "\n\n") == "header_too_nested");
        CHECK(code_of(head + repeated("(a (b)) ", 100) + "\n\n").empty());
    }
    CHECK(code_of(from + "Subject: " + std::string(60, '(') + "\n\n").empty());
}

TEST_CASE("A header, a field and their number are bounded, also those of parts and of messages inside") {
    const std::string long_field = "X-A: " + std::string(largest_field, 'y') + "\n";
    const std::string many = repeated("X-A: y\n", most_fields + 1);
    const std::string large = repeated("X-A: " + std::string(60'000, 'y') + "\n", 5);
    const std::string folded = "X-A: y" + repeated("\n y", 40'000) + "\n";
    for (const std::string& header : {long_field, many, large, folded}) {
        INFO(header.size());
        CHECK(code_of(header + "\n") == "header_too_large");
        CHECK(code_of(from + header) == "header_too_large");
        CHECK(code_of(from + "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + header + "\nx\n") ==
              "header_too_large");
        CHECK(code_of(from + "Content-Type: message/rfc822\r\n\r\n" + header + "\nx\n") ==
              "header_too_large");
        CHECK(code_of(from + "Content-Type: multipart/digest; boundary=b\n\n--b\n\n" + header + "\nx\n") ==
              "header_too_large");
        // A text may be as long as it likes.
        CHECK(code_of(from + "\n" + header).empty());
        CHECK(code_of(from + "\n--\nBob\n\n" + header).empty());
    }
    CHECK(code_of(repeated("X-A: " + std::string(1'000, 'y') + "\n", 200) + from + "\nx").empty());
}

TEST_CASE("Parts, what holds parts and their parameters are bounded") {
    CHECK(code_of(from + repeated("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 101)) ==
          "too_many_parts");
    CHECK(code_of(from + repeated("content-type :\n message/rfc822\n\n", 101)) == "too_many_parts");
    CHECK(code_of(from + repeated("Content-Type: Multipart/Digest; boundary=b\n\n--b\n\n", 101)) ==
          "too_many_parts");
    CHECK(code_of(from + "\n" + repeated("--b\n\n", 2001)) == "too_many_parts");
    for (const char* name : {"Content-Type: text/plain", "Content-Disposition: attachment"}) {
        for (const char* parameter : {";a=b", ";a*0=b", ";a*0*=utf-8''%41", ";\n a=b", ";"}) {
            const std::string field = std::string(name) + repeated(parameter, 101) + "\n";
            CHECK(code_of(from + field + "\nx") == "header_too_large");
            CHECK(code_of(from + "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + field + "\nx") ==
                  "header_too_large");
        }
    }
    CHECK(code_of(from + "Content-Type: text/plain; name=" + std::string(20'000, 'x') + "\n\nx") ==
          "header_too_large");
    // A file name in ninety continuations, ninety answers that a report returns.
    std::string name = "Content-Disposition: attachment";
    for (int i = 0; i < 90; ++i) name += ";\n filename*" + std::to_string(i) + "*=%C3%A9%C3%A9%C3%A9";
    CHECK(code_of(from + name + "\n\nx").empty());
}

TEST_CASE("A parted text with dashes, keys and headers of mails in it is no header") {
    std::string text = "\n-----BEGIN CERTIFICATE-----\n";
    for (int i = 0; i < 1500; ++i) text += std::string(64, 'A') + "\n";
    text += "-----END CERTIFICATE-----\nTo: bob\nFrom: Carol: 10:00\n> Content-Type: text/html; a; b\n";
    CHECK(code_of(from + text).empty());
    CHECK(code_of("").empty());
    CHECK(code_of("\n\n\n").empty());
    CHECK(code_of(":").empty());
}

}  // namespace header_limits_test
