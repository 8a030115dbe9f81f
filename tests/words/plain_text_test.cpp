#include "words/plain_text.h"

#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>
#include <vector>

namespace plain_text_test {

using namespace watchbill;

namespace {

struct Case {
    std::string text;
    std::string plain;
};

// The character as UTF-8.
std::string utf8(char32_t c) {
    const auto byte = [](char32_t value) { return static_cast<char>(value); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xc0 | c >> 6), byte(0x80 | (c & 0x3f))};
    if (c < 0x10000) return {byte(0xe0 | c >> 12), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f))};
    return {byte(0xf0 | c >> 18), byte(0x80 | (c >> 12 & 0x3f)), byte(0x80 | (c >> 6 & 0x3f)),
            byte(0x80 | (c & 0x3f))};
}

}  // namespace

TEST_CASE("what turns a line around, has no width or is a tag is left out of a text") {
    for (const char32_t hidden : std::initializer_list<char32_t>{
             0xad,   0x34f,  0x61c,  0x17b4,  0x180e,  0x200b,  0x200e,  0x200f,  0x202a, 0x202b, 0x202c,
             0x202d, 0x202e, 0x2060, 0x2061,  0x2064,  0x2066,  0x2067,  0x2068,  0x2069, 0x206a, 0x206f,
             0xfeff, 0xfff9, 0xfffb, 0x1bca0, 0x1d173, 0xe0001, 0xe0020, 0xe0041, 0xe007f}) {
        INFO(std::hex << static_cast<unsigned>(hidden));
        const std::string c = utf8(hidden);
        CHECK(plain_text("pay" + c + "ments") == "payments");
        CHECK(plain_text(c + "Déjà" + c + c) == "Déjà");
        CHECK(plain_text(c).empty());
        CHECK(plain_text(" " + c + " ").empty());
        CHECK(find_hidden_character("pay" + c + "ments").has_value());
    }
    CHECK(find_hidden_character("a\u202eb") == "U+202E");
    CHECK(find_hidden_character("a\U000e0041b") == "U+E0041");
}

TEST_CASE("a text of blanks of any kind shows nothing, and blanks between words stay") {
    for (const char32_t blank :
         std::initializer_list<char32_t>{0x20, 0xa0, 0x1680, 0x2000, 0x2003, 0x2009, 0x200a, 0x202f, 0x205f,
                                         0x3000, 0x2800, 0x115f, 0x1160, 0x3164, 0xffa0}) {
        INFO(std::hex << static_cast<unsigned>(blank));
        const std::string c = utf8(blank);
        CHECK(plain_text(c).empty());
        CHECK(plain_text(c + "\u200b" + c + " ").empty());
        CHECK(plain_text(c + "two" + c + "words" + c) == "two" + c + "words");
        CHECK(has_blank("https://x.example/" + c));
        CHECK_FALSE(find_hidden_character("two" + c + "words").has_value());
    }
    CHECK_FALSE(has_blank("https://é.example/\u200b"));
}

TEST_CASE("controls go, and whatever ends a line for some reader is one blank or one line end") {
    for (const char* end : {"\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"}) {
        const std::string text = std::string("one") + end + "two";
        CHECK(plain_text(text) == "one two");
        CHECK(plain_text(text, Lines::several) == "one\ntwo");
        CHECK(find_hidden_character(text).has_value());
        CHECK(plain_text(end).empty());
        CHECK(plain_text(end, Lines::several).empty());
    }
    CHECK(plain_text("a\tb") == "a b");
    CHECK(plain_text("a\tb", Lines::several) == "a\tb");
    CHECK(plain_text(std::string_view("a\0b\x1b[31m\x7f\u009b", 12)) == "ab[31m");
    CHECK_FALSE(find_hidden_character("one\ntwo\r\n", Lines::several).has_value());
    CHECK(plain_text("\n \n one\n\n  two \n\n", Lines::several) == "one\n\n  two");
    CHECK(without_hidden_characters("  a\u202eb ") == "  ab ");
}

TEST_CASE("joiners and selectors stay where a script or an emoji needs them") {
    for (const char* text : {"می\u200cخواهم",            // Persian
                             "क्\u200dष",                 // Devanagari
                             "👩\u200d💻",                 // a woman at a computer
                             "❤\ufe0f\u200d🔥",           // a heart on fire
                             "1\ufe0f\u20e3",            // a key cap
                             "☎\ufe0e", "葛\U000e0100",  // a form of an ideograph
                             "ᠠ\u180b",                  // Mongolian
                             "Zoé 日本 🦊 e\u0301 שלום العربية"}) {
        INFO(text);
        CHECK(plain_text(text) == text);
        CHECK_FALSE(find_hidden_character(text).has_value());
    }
    const std::vector<Case> cases = {{"pay\u200dments", "payments"},
                                     {"pay\u200cments", "payments"},
                                     {"\u200d", ""},
                                     {"é\u200d\u200dé", "é\u200dé"},
                                     {"é\u200d", "é"},
                                     {"\u200dé", "é"},
                                     {"é\u200d é", "é é"},
                                     {"\ufe0f", ""},
                                     {" \ufe0fx", "x"},
                                     {"x\ufe0f\ufe0f", "x\ufe0f"}};
    for (const Case& each : cases) {
        INFO(each.text);
        CHECK(plain_text(each.text) == each.plain);
        CHECK(find_hidden_character(each.text).has_value());
    }
}

TEST_CASE("bytes that are no UTF-8 become characters that say so") {
    CHECK(plain_text("caf\xe9") == "caf\ufffd");
    CHECK(plain_text("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");
    CHECK(find_hidden_character("caf\xe9") == "U+FFFD");
}

TEST_CASE("what is plain stays as it is, twice as well as once") {
    for (char32_t c = 1; c < 0x30000; c += c < 0x3000 ? 1 : 37) {
        if (c >= 0xd800 && c < 0xe000) continue;
        const std::string once = plain_text("x" + utf8(c) + "é" + utf8(c) + "y");
        CHECK(plain_text(once) == once);
        CHECK_FALSE(find_hidden_character(once).has_value());
    }
}

}  // namespace plain_text_test
