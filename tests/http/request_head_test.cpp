#include "http/request_head.h"

#include <catch2/catch.hpp>

namespace request_head_test {

using namespace watchbill::http;

namespace {

std::string head(const std::string& lines) { return lines + "\r\n"; }

// 0 when it passes: what arrives in one piece.
int status_of(const std::string& lines) {
    const std::string bytes = head(lines);
    const auto place = HeadScanner().scan(bytes);
    if (!place) return place.error().status;
    if (!*place) return -1;
    RequestHead unused;
    const auto parsed =
        parse_request_head(bytes.substr((*place)->begin, (*place)->end - (*place)->begin), unused);
    return parsed ? 0 : parsed.error().status;
}
RequestHead parsed(const std::string& lines) {
    RequestHead result;
    REQUIRE(parse_request_head(head(lines), result));
    return result;
}

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";

}  // namespace

TEST_CASE("Ordinary heads pass") {
    CHECK(status_of(get) == 0);
    CHECK(status_of("GET / HTTP/1.0\r\n") == 0);
    CHECK(status_of("PROPFIND /x?y=z HTTP/1.1\r\nhost: a:8080\r\nX-Empty:\r\nTabs:\ta\tb\r\n") == 0);
    CHECK(parsed(get).body_size == 0);
    CHECK(parsed(get + "Content-Length: 0\r\n").body_size == 0);
}

TEST_CASE("The length of the body that follows is known") {
    CHECK(parsed(get + "Content-Length: 5\r\n").body_size == 5);
    CHECK(parsed(get + "Content-Length: 0065536\r\n").body_size == 65536);
    CHECK(parsed(get + "Content-Length: 999999999999999999\r\n").body_size == 999999999999999999);
    CHECK_FALSE(parsed(get).is_chunked);
    CHECK(parsed(get + "transfer-encoding: Chunked\r\n").is_chunked);
}

TEST_CASE("A client that waits before it sends its body is known") {
    const std::string body = "Content-Length: 5\r\n";
    CHECK(parsed(get + body + "expect: 100-Continue\r\n").waits_for_continue);
    CHECK(parsed(get + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n").waits_for_continue);
    CHECK_FALSE(parsed(get + body).waits_for_continue);
    // HTTP/1.0 knows no interim answers (RFC 9110 10.1.1).
    CHECK_FALSE(parsed("POST / HTTP/1.0\r\n" + body + "Expect: 100-continue\r\n").waits_for_continue);
    // Without a body there is nothing to wait for.
    CHECK_FALSE(parsed(get + "Expect: 100-continue\r\n").waits_for_continue);
    CHECK(status_of(get + body + "Expect: 200-maybe\r\n") == 417);
}

TEST_CASE("Method, target and headers come out as they were sent") {
    const Request request =
        parsed("PUT /a%20b?c=d HTTP/1.1\r\nHost: a:80\r\nX-Blanks: \t b  c \t\r\nX-Blanks:d\r\nX-Empty:\r\n")
            .request;
    CHECK(request.method == "PUT");
    CHECK(request.target == "/a%20b?c=d");
    CHECK(request.headers.get("host") == "a:80");
    CHECK(request.headers.get("x-blanks") == "b  c, d");
    CHECK(request.headers.get("X-Empty") == "");
    CHECK(request.headers.size() == 4);
}

TEST_CASE("A client says whether it wants to go on") {
    CHECK(parsed(get).keeps_connection);
    CHECK(parsed(get + "Connection: keep-alive\r\n").keeps_connection);
    CHECK_FALSE(parsed(get + "Connection: close\r\n").keeps_connection);
    CHECK_FALSE(parsed(get + "Connection: TE, Close\r\n").keeps_connection);
    CHECK_FALSE(parsed(get + "Connection: close\r\nConnection: keep-alive\r\n").keeps_connection);
    CHECK_FALSE(parsed("GET / HTTP/1.0\r\n").keeps_connection);
    CHECK_FALSE(parsed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n").keeps_connection);
}

TEST_CASE("Compressed bodies are refused") {
    CHECK(status_of(get + "Content-Length: 5\r\nContent-Encoding: gzip\r\n") == 415);
    CHECK(status_of(get + "Content-Length: 5\r\nContent-Encoding: identity, gzip\r\n") == 415);
    CHECK(status_of(get + "Content-Length: 5\r\nContent-Encoding: identity\r\n") == 0);
}

TEST_CASE("Bodies whose length could be read in two ways are refused") {
    CHECK(status_of(get + "Content-Length: 5\r\nContent-Length: 5\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n") == 400);
    CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 5, 5\r\n") == 400);
    CHECK(status_of(get + "Content-Length: -1\r\n") == 400);
    CHECK(status_of(get + "Content-Length: +5\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 0x5\r\n") == 400);
    CHECK(status_of(get + "Content-Length:\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 99999999999999999999\r\n") == 400);
}

TEST_CASE("Encodings other than chunks are refused") {
    for (const char* encoding : {"gzip", "gzip, chunked", "chunked, chunked", "xchunked", "identity", "",
                                 "\"chunked\"", "chunked;q=1"}) {
        INFO(encoding);
        CHECK(status_of(get + "Transfer-Encoding: " + encoding + "\r\n") == 501);
    }
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    CHECK(status_of(get + chunked + chunked) == 501);
}

TEST_CASE("More than one range is refused") {
    CHECK(status_of(get + "Range: bytes=0-99\r\n") == 0);
    CHECK(status_of(get + "Range: bytes=0-1,2-3\r\n") == 416);
    CHECK(status_of(get + "Range: bytes=0-1\r\nRange: bytes=2-3\r\n") == 416);
}

TEST_CASE("Malformed request lines are refused") {
    for (const char* line :
         {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /a b HTTP/1.1",
          "G\tET / HTTP/1.1", "GET /\tx HTTP/1.1", "GET /\x01 HTTP/1.1", "", "GET", "\x16\x03\x01"}) {
        INFO(line);
        CHECK(status_of(std::string(line) + "\r\nHost: a\r\n") == 400);
    }
    CHECK(status_of("GET / HTTP/2.0\r\nHost: a\r\n") == 505);
    CHECK(status_of("GET / HTTP/0.9\r\nHost: a\r\n") == 505);
}

TEST_CASE("Malformed headers are refused") {
    CHECK(status_of(get + "No-Colon\r\n") == 400);
    CHECK(status_of(get + "Blank : x\r\n") == 400);
    CHECK(status_of(get + " Folded: x\r\n") == 400);
    CHECK(status_of(get + ": x\r\n") == 400);
    CHECK(status_of(get + "A: x\x01y\r\n") == 400);
    CHECK(status_of(get + std::string("A: x\0y\r\n", 8)) == 400);
    CHECK(status_of(get + "A: x\ry\r\n") == 400);
    CHECK(status_of(get + "A: x\nB: y\r\n") == 400);
}

TEST_CASE("HTTP/1.1 needs exactly one Host") {
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a b\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: u@a\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost:\r\n") == 0);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: [::1]:80\r\n") == 0);
    CHECK(status_of("GET / HTTP/1.1\r\n") == 400);
    CHECK(status_of(get + "Host: b\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n") == 400);
}

TEST_CASE("Heads have a size") {
    const std::string longest_target(max_request_line - std::string("GET  HTTP/1.1").size(), '/');
    CHECK(status_of("GET " + longest_target + " HTTP/1.1\r\nHost: a\r\n") == 0);
    CHECK(status_of("GET " + longest_target + "/ HTTP/1.1\r\nHost: a\r\n") == 414);

    std::string many = get;
    for (size_t i = 1; i < max_headers; ++i) many += "A: b\r\n";
    CHECK(status_of(many) == 0);
    CHECK(status_of(many + "A: b\r\n") == 431);

    const std::string host = "Host: a\r\n";
    const std::string filler(max_header_bytes - host.size() - std::string("A: \r\n").size(), 'x');
    CHECK(status_of("GET / HTTP/1.1\r\n" + host + "A: " + filler + "\r\n") == 0);
    CHECK(status_of("GET / HTTP/1.1\r\n" + host + "A: " + filler + "xxx\r\n") == 431);
}

namespace {

// Of a head that has not ended: 0 while it may go on.
int status_so_far(const std::string& bytes) {
    const auto place = HeadScanner().scan(bytes);
    if (place) CHECK_FALSE(*place);
    return place ? 0 : place.error().status;
}

}  // namespace

TEST_CASE("What can never become a head is refused before it ends") {
    CHECK(status_so_far("GET / HT") == 0);
    CHECK(status_so_far("GET / HTTP/1.1\r\nHo") == 0);
    CHECK(status_so_far("GET / HTTP/1.1\n") == 400);
    CHECK(status_so_far("\n") == 400);
    CHECK(status_so_far("\r\n") == 0);
    CHECK(status_so_far("\r\n\r\n") == 400);
    CHECK(status_so_far(std::string(max_request_line + 3, 'a')) == 414);
    CHECK(status_so_far("GET / HTTP/1.1\r\nA: " + std::string(max_header_bytes, 'a')) == 431);
    std::string many = "GET / HTTP/1.1\r\n";
    for (size_t i = 0; i <= max_headers; ++i) many += "A: b\r\n";
    CHECK(status_so_far(many) == 431);
}

TEST_CASE("A head ends at the same place however it was cut, and what follows is not touched") {
    const std::string one = head("GET / HTTP/1.1\r\nHost: a\r\n");
    const std::string all = "\r\n" + one + one;
    for (size_t cut = 0; cut < one.size() + 2; ++cut) {
        INFO(cut);
        HeadScanner scanner;
        const auto before = scanner.scan(all.substr(0, cut));
        REQUIRE(before);
        CHECK_FALSE(*before);
        const auto after = scanner.scan(all);
        REQUIRE((after && *after));
        CHECK((*after)->begin == 2);
        CHECK((*after)->end == 2 + one.size());
    }
}

}  // namespace request_head_test
