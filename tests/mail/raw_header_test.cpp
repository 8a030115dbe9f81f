#include "mail/raw_header.h"

#include <catch2/catch.hpp>

namespace raw_header_test {

using namespace watchbill::mail;

TEST_CASE("Fields are unfolded, their names without case and blanks, up to the empty line") {
    const auto header = read_header("From : a\r\n\tb \r\nX-Y:\nfrom:c:d\r\n\r\nTo: e\r\n");
    REQUIRE(header);
    CHECK(*header == std::vector<HeaderField>{{"from", "a\tb"}, {"x-y", ""}, {"from", "c:d"}});
    CHECK(read_header("").value().empty());
    CHECK(read_header("\nFrom: a\n").value().empty());
    CHECK(read_header("From: a").value().size() == 1);
    CHECK(read_header("From: a\n ").value() == std::vector<HeaderField>{{"from", "a"}});
}

TEST_CASE("What two readers could take apart differently is no header") {
    const std::string nul(1, '\0');
    for (const std::string& bytes :
         {std::string("From a: b\n"), std::string("x\nFrom: a\n"), std::string(" From: a\n"),
          std::string(": a\n"), std::string("Fr\xc3\xb6m: a\n"), "From: a" + nul + "\n",
          "From" + nul + ": a\n", std::string("From: a\rTo: b\n"), std::string("Fr\rom: a\n")}) {
        INFO(bytes);
        const auto header = read_header(bytes);
        REQUIRE_FALSE(header);
        CHECK(header.error().code == "malformed_header");
    }
}

}  // namespace raw_header_test
