#include "http/server/head.h"

#include <catch2/catch.hpp>

namespace head_test {

using namespace watchbill::http;

namespace {

// 0 when it passes, -1 while more is to come.
int status_of_bytes(const std::string& bytes) {
    const auto head = judge_head(bytes);
    if (!head) return head.error().status;
    return *head ? 0 : -1;
}
int status_of(const std::string& lines) { return status_of_bytes(lines + "\r\n"); }
// Its views are gone.
Head judged(const std::string& lines) {
    const auto head = judge_head(lines + "\r\n");
    REQUIRE((head && *head));
    return **head;
}

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";

}  // namespace

TEST_CASE("Ordinary heads pass") {
    CHECK(status_of(get) == 0);
    CHECK(status_of("GET / HTTP/1.0\r\n") == 0);
    CHECK(status_of("PROPFIND /x?y=z HTTP/1.1\r\nhost: a:8080\r\nX-Empty:\r\nTabs:\ta\tb\r\n") == 0);
    CHECK(judged(get).body == 0);
    CHECK(judged(get + "Content-Length: 0\r\n").body == 0);
}

TEST_CASE("The length of the body that follows is known") {
    CHECK(judged(get + "Content-Length: 5\r\n").body == 5);
    CHECK(judged(get + "Content-Length: 0065536\r\n").body == 65536);
    CHECK(judged(get + "Content-Length: 999999999999999999\r\n").body == 999999999999999999);
    // In chunks it is not: the client is asked to say it.
    CHECK(status_of(get + "transfer-encoding: Chunked\r\n") == 411);
}

TEST_CASE("A client that waits before it sends its body is known") {
    const std::string body = "Content-Length: 5\r\n";
    CHECK(judged(get + body + "expect: 100-Continue\r\n").waits_for_continue);
    CHECK_FALSE(judged(get + body).waits_for_continue);
    // HTTP/1.0 knows no interim answers (RFC 9110 10.1.1).
    CHECK_FALSE(judged("POST / HTTP/1.0\r\n" + body + "Expect: 100-continue\r\n").waits_for_continue);
    // Without a body there is nothing to wait for.
    CHECK_FALSE(judged(get + "Expect: 100-continue\r\n").waits_for_continue);
    CHECK(status_of(get + body + "Expect: 200-maybe\r\n") == 417);
}

TEST_CASE("Where a request goes is known") {
    const std::string bytes =
        "PUT /a%20b?c=d HTTP/1.1\r\nHost: a:80\r\nX-Blanks: \t b  c \t\r\nX-Empty:\r\n\r\n";
    const std::string all = bytes + "a body";
    const auto head = judge_head(all);
    REQUIRE((head && *head));
    CHECK((*head)->method == "PUT");
    CHECK((*head)->target == "/a%20b?c=d");
    CHECK((*head)->bytes == bytes);
    CHECK((*head)->end == bytes.size());
}

TEST_CASE("A client says whether it wants to go on") {
    CHECK_FALSE(judged(get).is_last);
    CHECK_FALSE(judged(get + "Connection: keep-alive\r\n").is_last);
    CHECK(judged(get + "Connection: close\r\n").is_last);
    CHECK(judged(get + "Connection: TE, Close\r\n").is_last);
    CHECK(judged(get + "Connection: close\r\nConnection: keep-alive\r\n").is_last);
    CHECK(judged("GET / HTTP/1.0\r\n").is_last);
    CHECK(judged("GET / HTTP/1.0\r\nConnection: keep-alive\r\n").is_last);
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
    CHECK(status_of(get + "Range: bytes=" + std::string(100, '0') + "-\r\n") == 416);
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
    const std::string longest_target(longest_line - std::string("GET  HTTP/1.1").size(), '/');
    CHECK(status_of("GET " + longest_target + " HTTP/1.1\r\nHost: a\r\n") == 0);
    CHECK(status_of("GET " + longest_target + "/ HTTP/1.1\r\nHost: a\r\n") == 414);

    std::string many = get;
    for (size_t i = 1; i < most_headers; ++i) many += "A: b\r\n";
    CHECK(status_of(many) == 0);
    CHECK(status_of(many + "A: b\r\n") == 431);

    // The library takes no longer line.
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
    const std::string line = "A: " + std::string(longest_line - 3, 'x');
    CHECK(status_of(start + line + "\r\n") == 0);
    CHECK(status_of(start + line + "x\r\n") == 431);
    const std::string rest(most_header_bytes - std::string("Host: a\r\n").size() - line.size() - 2 - 5, 'x');
    CHECK(status_of(start + line + "\r\nB: " + rest + "\r\n") == 0);
    CHECK(status_of(start + line + "\r\nB: " + rest + "xxx\r\n") == 431);
}

TEST_CASE("What can never become a head is refused before it ends") {
    CHECK(status_of_bytes("GET / HT") == -1);
    CHECK(status_of_bytes("GET / HTTP/1.1\r\nHo") == -1);
    CHECK(status_of_bytes("GET / HTTP/1.1\n") == 400);
    CHECK(status_of_bytes("\n") == 400);
    CHECK(status_of_bytes("\r\n") == -1);
    CHECK(status_of_bytes("\r\n\r\n") == 400);
    CHECK(status_of_bytes(std::string(longest_line + 3, 'a')) == 414);
    CHECK(status_of_bytes("GET / HTTP/1.1\r\nA: " + std::string(most_header_bytes, 'a')) == 431);
    std::string many = "GET / HTTP/1.1\r\n";
    for (size_t i = 0; i <= most_headers; ++i) many += "A: b\r\n";
    CHECK(status_of_bytes(many) == 431);
}

TEST_CASE("A head ends at the same place however it was cut, and what follows is not touched") {
    const std::string one = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string all = "\r\n" + one + one;
    for (size_t cut = 0; cut < one.size() + 2; ++cut) {
        INFO(cut);
        CHECK(status_of_bytes(all.substr(0, cut)) == -1);
    }
    const auto head = judge_head(all);
    REQUIRE((head && *head));
    CHECK((*head)->bytes == one);
    CHECK((*head)->end == 2 + one.size());
}

}  // namespace head_test
