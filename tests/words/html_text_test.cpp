#include "words/html_text.h"

#include <catch2/catch.hpp>

namespace html_text_test {

using namespace watchbill;

TEST_CASE("text in HTML has no character that could begin or end a tag or an attribute") {
    CHECK(escape_html("") == "");
    CHECK(escape_html("Chloé & <b onclick=\"x\">'y'</b>") ==
          "Chloé &amp; &lt;b onclick=&quot;x&quot;&gt;&#39;y&#39;&lt;/b&gt;");
    CHECK(escape_html("&amp;") == "&amp;amp;");
    CHECK(escape_html(std::string("a\0<", 3)) == std::string("a\0&lt;", 6));
    CHECK(escape_html("two\nlines") == "two\nlines");
}

TEST_CASE("lines of a text stay lines in HTML") {
    CHECK(escape_html_lines("") == "");
    CHECK(escape_html_lines("<one>\ntwo\n") == "&lt;one&gt;<br>two<br>");
    CHECK(escape_html_lines("\n\n") == "<br><br>");
}

}  // namespace html_text_test
