#include "service/people_text.h"

#include <catch2/catch.hpp>

namespace people_text_test {

using namespace watchbill;

namespace {

constexpr TextRules line{"the reason", 20, false, true};
constexpr TextRules note{"the note", 20, true, false};

std::string refusal(std::string_view text, const TextRules& rules) {
    const auto accepted = accept_text(text, rules);
    REQUIRE_FALSE(accepted);
    return std::string(code_name(accepted.error().code)) + ": " + accepted.error().message;
}

}  // namespace

TEST_CASE("text of people is taken without the blanks around it") {
    CHECK(accept_text("  dentist ", line).value() == "dentist");
    CHECK(accept_text("", line).value().empty());
    CHECK(accept_text("\n \n one\n\n  two \n\n", note).value() == "one\n\n  two");
    CHECK(accept_text("one\r\ntwo\r\n", note).value() == "one\ntwo");
    CHECK(accept_text("Zoé 日本 🦊", line).value() == "Zoé 日本 🦊");
}

TEST_CASE("text that is too long, empty or more than text is refused, saying why") {
    CHECK(accept_text(std::string(20, 'x'), line));
    CHECK(refusal(std::string(21, 'x'), line) == "too_large: the reason is longer than 20 bytes: shorten it");
    CHECK(refusal(" \n ", note) == "invalid_input: the note is empty: write something");
    CHECK(refusal("a\nb", line) ==
          "invalid_input: the reason holds a control character: it has to be one line of plain text");
    CHECK(refusal("a\tb", note) ==
          "invalid_input: the note holds a control character: only ends of lines are allowed");
    CHECK(refusal("a\rb", note).starts_with("invalid_input"));
    CHECK(refusal("a\x1b[31mb", note).starts_with("invalid_input"));
    CHECK(refusal("a\x7f", line).starts_with("invalid_input"));
    CHECK(refusal(std::string_view("a\0b", 3), line).starts_with("invalid_input"));
    CHECK(refusal("a\xc2\x9b"
                  "b",
                  line)
              .starts_with("invalid_input"));  // CSI as one character
    CHECK(
        accept_text("a\xc2\xa0"
                    "b",
                    line));  // a blank that does not break
}

TEST_CASE(
    "what cannot be seen or turns a line around is left out of a text, and a text of it alone is empty") {
    CHECK(accept_text("Check\u202eout \u200bfails\ufeff", TextRules{"it", 99}).value() == "Checkout fails");
    CHECK(accept_text("one\u2028two", note).value() == "one\ntwo");
    CHECK(accept_text("one\u2028two", line).value() == "one two");
    CHECK(accept_text("\u00a0Panne\u00a0: réseau\u3000", TextRules{"it", 99}).value() ==
          "Panne\u00a0: réseau");
    for (const char* empty : {"\u200b", "\u00a0", "\u202e\u202c", "\u3164", "\u2800 \u2003", "\ufeff",
                              "\u200d", "\U000e0041", "\u2028", "\u00ad"}) {
        INFO(empty);
        CHECK(refusal(empty, note) == "invalid_input: the note is empty: write something");
        CHECK(accept_text(empty, line).value().empty());
    }
    CHECK(refusal("a\u0085"
                  "b",
                  note)
              .starts_with("invalid_input"));  // C1
}

TEST_CASE("what is no UTF-8 is no text") {
    // RFC 3629 section 4, each form that it rules out.
    for (const char* bytes :
         {"\x80", "\xbf", "\xc3", "\xc3(", "\xc0\xaf", "\xc1\x81", "\xe0\x80\xaf", "\xe2\x82", "\xed\xa0\x80",
          "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "caf\xe9"}) {
        INFO(bytes);
        CHECK(refusal(bytes, line) == "invalid_input: the reason is not UTF-8 text");
    }
    for (const char* bytes : {"\xc2\xa1", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                              "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        INFO(bytes);
        CHECK(accept_text(bytes, line).value() == bytes);
    }
}

}  // namespace people_text_test
