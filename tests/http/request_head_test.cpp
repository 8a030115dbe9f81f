#include "http/request_head.h"

#include <catch2/catch.hpp>

using namespace watchbill::http;

namespace {

std::string head(const std::string& lines) { return lines + "\r\n"; }
int status_of(const std::string& lines) { return inspect_head(head(lines)).status; }

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";

}  // namespace

TEST_CASE("Ordinary heads pass") {
    CHECK(status_of(get) == 0);
    CHECK(status_of("GET / HTTP/1.0\r\n") == 0);
    CHECK(status_of("PROPFIND /x?y=z HTTP/1.1\r\nhost: a:8080\r\nX-Empty:\r\nTabs:\ta\tb\r\n") == 0);
    CHECK(inspect_head(head(get)).body_size == 0);
    CHECK(inspect_head(head(get + "Content-Length: 0\r\n")).body_size == 0);
}

TEST_CASE("The length of the body that follows is known") {
    CHECK(inspect_head(head(get + "Content-Length: 5\r\n")).body_size == 5);
    CHECK(inspect_head(head(get + "Content-Length: 0065536\r\n")).body_size == 65536);
    CHECK(status_of(get + "Content-Length: 65537\r\n") == 413);
    CHECK(status_of(get + "Content-Length: 999999999999999999\r\n") == 413);
    CHECK(status_of(get + "transfer-encoding: chunked\r\n") == 411);
}

TEST_CASE("A client that waits before it sends its body is known") {
    const std::string body = "Content-Length: 5\r\n";
    CHECK(inspect_head(head(get + body + "expect: 100-Continue\r\n")).waits_for_continue);
    CHECK_FALSE(inspect_head(head(get + body)).waits_for_continue);
    // HTTP/1.0 knows no interim answers (RFC 9110 10.1.1).
    CHECK_FALSE(
        inspect_head(head("POST / HTTP/1.0\r\n" + body + "Expect: 100-continue\r\n")).waits_for_continue);
}

TEST_CASE("Bodies whose length could be read in two ways are refused") {
    CHECK(status_of(get + "Content-Length: 5\r\nContent-Length: 5\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 5, 5\r\n") == 400);
    CHECK(status_of(get + "Content-Length: -1\r\n") == 400);
    CHECK(status_of(get + "Content-Length: +5\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 0x5\r\n") == 400);
    CHECK(status_of(get + "Content-Length:\r\n") == 400);
    CHECK(status_of(get + "Content-Length: 99999999999999999999\r\n") == 400);
}

TEST_CASE("Malformed request lines are refused") {
    for (const char* line :
         {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /a b HTTP/1.1",
          "G\tET / HTTP/1.1", "GET /\x01 HTTP/1.1", "", "GET", "\x16\x03\x01"}) {
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
    CHECK(status_of(get + "A: " + std::string(max_head, 'x') + "\r\n") == 431);
}

TEST_CASE("What can never become a head is refused before it ends") {
    CHECK(inspect_incomplete_head("GET / HT").status == 0);
    CHECK(inspect_incomplete_head("GET / HTTP/1.1\r\nHo").status == 0);
    CHECK(inspect_incomplete_head("GET / HTTP/1.1\n").status == 400);
    CHECK(inspect_incomplete_head("\n").status == 400);
    CHECK(inspect_incomplete_head(std::string(max_request_line + 1, 'a')).status == 414);
    CHECK(inspect_incomplete_head("GET / HTTP/1.1\r\nA: " + std::string(max_head, 'a')).status == 431);
}
