#include "mail/from_field.h"

#include <catch2/catch.hpp>

namespace from_field_test {

using namespace watchbill::mail;

namespace {

// The address, or the refusal's code.
std::string sender(const std::string& header) {
    const auto fields = read_header(header);
    if (!fields) return fields.error().code;
    const auto member = sender_of(*fields);
    return member ? member->email() : member.error().code;
}

}  // namespace

TEST_CASE("One plain address, as mail programs write it") {
    for (const char* from :
         {"bob@example.com", "<Bob@Example.COM>", "Bob <bob@example.com>",
          "Bob B. Durand < bob@example.com >", "\"Durand, Bob\" <bob@example.com>",
          "\"Bob (Ops: \\\"x\\\")\" <bob@example.com>", "bob@example.com (Bob, of ops; mostly)",
          "=?utf-8?q?Z=C3=A9?= <bob@example.com>", "\"bob@example.com\" <bob@example.com>",
          "bob@example.com <bob@example.com>", "\"Bob, eve@example.net\" <bob@example.com>",
          "=?utf-8?q?B=C3=B6b_=28bob=40Example=2Ecom=29?= <bob@example.com>", "Bob\r\n <bob@example.com>"}) {
        INFO(from);
        CHECK(sender(std::string("From: ") + from + "\r\n") == "bob@example.com");
    }
    CHECK(sender("FROM :bob@example.com\nSender: eve@example.net\nReply-To: eve@example.net\n") ==
          "bob@example.com");
}

TEST_CASE("Several addresses, or what can be read so, are refused") {
    for (const char* from :
         {"bob@example.com, eve@example.net", "<bob@example.com> <eve@example.net>",
          "bob@example.com eve@example.net", "Bob <bob@example.com>, Eve <eve@example.net>",
          "bob@example.com <eve@example.net>", "<bob@example.com>,",
          "eve@example.net (x), bob@example.com"}) {
        INFO(from);
        CHECK(sender(std::string("From: ") + from + "\n") == "several_senders");
    }
    CHECK(sender("From: bob@example.com\nfrom: bob@example.com\n") == "several_senders");
    CHECK(sender("From: bob@example.com\nX: y\nFROM\t: eve@example.net\n") == "several_senders");
}

TEST_CASE("A display name is no address, encoded or quoted or not") {
    for (const char* from :
         {"=?utf-8?q?bob=40example=2Ecom?= <eve@example.net>",
          "=?utf-8?b?Ym9iQGV4YW1wbGUuY29t?= <eve@example.net>",
          "=?utf-8?q?=3Cbob=40example.com=3E=2C?= <eve@example.net>", "\"bob@example.com\" <eve@example.net>",
          "\"<bob@example.com>\" <eve@example.net>", "(bob@example.com) eve@example.net",
          "eve@example.net (=?utf-8?q?bob=40example.com?=)"}) {
        INFO(from);
        CHECK(sender(std::string("From: ") + from + "\n") == "eve@example.net");
    }
}

TEST_CASE("What is not plainly an address is none") {
    for (const char* from : {"",
                             "undisclosed",
                             "ops: bob@example.com;",
                             "bob@example.com;",
                             "<@example.net:bob@example.com>",
                             "=?utf-8?q?bob=40example.com?=",
                             "=?utf-8?q?=3Cbob=40example.com=3E?=",
                             "<=?utf-8?b?Ym9i?=@example.com>",
                             "=?utf-8?b?Ym9i?=@example.com",
                             "<\"bob@example.com,\"@example.net>",
                             "\"bob\"@example.com",
                             "bob(x)@example.com",
                             "bob @ example.com",
                             "<bob@example.com",
                             "bob@example.com>",
                             "bob@example.com (",
                             "\"bob <bob@example.com>",
                             "<bob@example.com> Bob",
                             "<bob@example.com>\"x\"",
                             "<bob@example.com@example.net>",
                             "bob@example.com\\@example.net",
                             "<>",
                             "Bob",
                             "<bob@example.com\x01>",
                             "<bob@example.com (x)>"}) {
        INFO(from);
        CHECK(sender(std::string("From: ") + from + "\n") == "no_sender");
    }
    CHECK(sender("To: bob@example.com\n") == "no_sender");
    const std::string nul(1, '\0');
    CHECK(sender("From: carol@example.com" + nul + "\n") == "malformed_header");
    CHECK(sender("From: <bob@example.com" + nul + "@evil.net>\n") == "malformed_header");
}

}  // namespace from_field_test
