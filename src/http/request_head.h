// Requests judged before the server library sees a byte: httplib 0.11.4 bounds neither the request line nor
// the number of headers, and takes messages whose length two readers would understand differently (request
// smuggling, RFC 9112 11.2). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watchbill::http {

// A feed's URL is under 300 bytes, browsers send about 2 KB in 20 headers.
inline constexpr size_t max_request_line = 4096;
inline constexpr size_t max_head = size_t{16} * 1024;
inline constexpr size_t max_headers = 100;
// Bodies are orders in JSON: names, dates and a few sentences.
inline constexpr size_t max_body = size_t{64} * 1024;

struct HeadVerdict {
    int status = 0;                   // 0: fine. Otherwise the answer, after which the connection is closed
    std::string detail;               // what is wrong, for the answer
    size_t body_size = 0;             // bytes that follow the head, at most max_body
    bool waits_for_continue = false;  // with a body: the client sends it once we ask (RFC 9110 10.1.1)
};

// `head` is a request line and headers with the empty line that ends them, each line ended by CRLF.
HeadVerdict inspect_head(std::string_view head);

// What can be told of a head that is not complete yet: too long already, or lines not ended by CRLF.
HeadVerdict inspect_incomplete_head(std::string_view head);

}  // namespace watchbill::http
