#include "sources/url.h"

#include <catch2/catch.hpp>

namespace url_test {

using namespace watchbill;

namespace {

Url parsed(const std::string& text) {
    INFO(text);
    const std::optional<Url> url = Url::parse(text);
    REQUIRE(url.has_value());
    return *url;
}

bool follows(const std::string& from, const std::string& to) { return may_follow(parsed(from), parsed(to)); }
bool shares(const std::string& from, const std::string& to) {
    return same_audience(parsed(from), parsed(to));
}

}  // namespace

TEST_CASE("A URL is taken apart, its credentials decoded and removed with its fragment") {
    const Url url =
        parsed("HTTPS://us%40er:p%3Aa%2Fss@Calendar.Example.COM:8443/private-1/basic.ics?a=b&c#part");
    CHECK(url.text == "https://Calendar.Example.COM:8443/private-1/basic.ics?a=b&c");
    CHECK(url.scheme == "https");
    CHECK(url.host == "calendar.example.com");
    CHECK(url.port == "8443");
    CHECK(url.credentials.user == "us@er");
    CHECK(url.credentials.password == "p:a/ss");
}

TEST_CASE("Ports have their scheme's default, and webcal is https") {
    CHECK(parsed("http://example.com/x").port == "80");
    CHECK(parsed("https://example.com/x").port == "443");
    CHECK(parsed("webcal://example.com/x").text == "https://example.com/x");
    CHECK(parsed("WebCal://example.com:8080/x").port == "8080");
    CHECK(parsed("webcals://example.com/x").is_https());
    CHECK(parsed("http://[::1]:8080/x").host == "[::1]");
    CHECK(parsed("https://example.com").credentials.empty());
}

TEST_CASE("What is no http or https URL is refused") {
    for (const char* text :
         {"", "example.com/x.ics", "/etc/passwd", "file:///etc/passwd", "ftp://example.com/x", "gopher://a/b",
          "http://", "http://exa mple.com/", "http://example.com/\r\nX: y", "http://a:99999/",
          "javascript:alert(1)", "http://user%00name@example.com/"}) {
        INFO(text);
        CHECK_FALSE(Url::parse(text).has_value());
    }
    CHECK_FALSE(Url::parse(std::string_view("http://example.com/\0x", 21)).has_value());
}

TEST_CASE("A redirect's target is resolved as RFC 3986 5.4 shows") {
    const Url base = parsed("http://user:pw@a/b/c/d;p?q");
    for (const auto& [reference, target] : std::vector<std::pair<std::string, std::string>>{
             {"g", "http://a/b/c/g"},
             {"./g", "http://a/b/c/g"},
             {"/g", "http://a/g"},
             {"//g", "http://g/"},
             {"?y", "http://a/b/c/d;p?y"},
             {"../../g", "http://a/g"},
             {"https://other.example/x", "https://other.example/x"},
         }) {
        INFO(reference);
        const std::optional<Url> resolved = Url::resolve(base, reference);
        REQUIRE(resolved.has_value());
        CHECK(resolved->text == target);
        CHECK(resolved->credentials.empty());
    }
    for (const char* reference : {"file:///etc/passwd", "javascript:1", "http://", "ftp://a/b"}) {
        INFO(reference);
        CHECK_FALSE(Url::resolve(base, reference).has_value());
    }
}

TEST_CASE("https is followed to https anywhere, http only to the same host") {
    CHECK(follows("https://a.example/x", "https://b.example/y"));
    CHECK(follows("https://a.example/x", "https://a.example:8443/y"));
    CHECK_FALSE(follows("https://a.example/x", "http://a.example/x"));
    CHECK_FALSE(follows("https://a.example/x", "http://b.example/x"));
    CHECK(follows("http://a.example/x", "http://A.EXAMPLE/y"));
    CHECK(follows("http://a.example/x", "https://a.example/x"));
    CHECK(follows("http://a.example:8080/x", "https://a.example:8443/x"));
    CHECK_FALSE(follows("http://a.example/x", "http://b.example/x"));
    CHECK_FALSE(follows("http://a.example/x", "https://b.example/x"));
    CHECK_FALSE(follows("http://a.example/x", "http://a.example:8080/x"));
    CHECK_FALSE(follows("http://127.0.0.1/x", "http://localhost/x"));
}

TEST_CASE("Credentials go to the same scheme, host and port, or along to https on the same host") {
    CHECK(shares("https://a.example/x", "https://a.example/y"));
    CHECK(shares("https://a.example/x", "https://a.example:443/y"));
    CHECK(shares("http://a.example/x", "https://a.example/x"));
    CHECK_FALSE(shares("https://a.example/x", "https://b.example/x"));
    CHECK_FALSE(shares("https://a.example/x", "https://a.example:8443/x"));
    CHECK_FALSE(shares("https://a.example/x", "https://sub.a.example/x"));
    CHECK_FALSE(shares("https://a.example/x", "http://a.example/x"));
}

}  // namespace url_test
