#include "words/ascii.h"

#include <catch2/catch.hpp>

namespace ascii_test {

using namespace watchbill;
using Pieces = std::vector<std::string_view>;

TEST_CASE("Words of protocols are the same in either case, and all other bytes are themselves") {
    CHECK(same_without_case("Content-Length", "content-LENGTH"));
    CHECK(same_without_case("", ""));
    CHECK_FALSE(same_without_case("a", "ab"));
    CHECK_FALSE(same_without_case("[", "{"));
    CHECK_FALSE(same_without_case("\xc3\xa4", "\xc3\x84"));
}

TEST_CASE("Blanks and tabs around a text are no part of it") {
    CHECK(trim(" \ta b\t ") == "a b");
    CHECK(trim(" \t ").empty());
    CHECK(trim("").empty());
    CHECK(trim("\r a") == "\r a");
}

TEST_CASE("There is one piece more than there are separators") {
    CHECK(split("a,b", ',') == Pieces{"a", "b"});
    CHECK(split("", ',') == Pieces{""});
    CHECK(split(",", ',') == Pieces{"", ""});
}

TEST_CASE("Percent-encoding is decoded whole or not at all") {
    CHECK(percent_decode("a%2Fb%c3%A4") == "a/b\xc3\xa4");
    CHECK(percent_decode("+") == "+");
    CHECK(percent_decode("") == "");
    for (const char* text : {"%", "%4", "%zz", "%-1", "%+1", "% 1", "%0x", "%00", "%7f", "a\tb", "a\nb"}) {
        INFO(text);
        CHECK_FALSE(percent_decode(text));
    }
}

}  // namespace ascii_test
