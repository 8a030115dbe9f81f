// The head of a request: found while its bytes arrive, judged and taken apart when it is whole. Strict, since
// messages that two readers would understand differently are how requests are smuggled past one of them
// (RFC 9112 11.2). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "http/message.h"
#include "http/refusal.h"

namespace watchbill::http {

// A feed's URL is under 300 bytes, browsers send about 2 KB in 20 headers; a proxy may add as much again.
inline constexpr size_t max_request_line = size_t{8} * 1024;  // also what RFC 9112 3 asks for at least
inline constexpr size_t max_header_bytes = size_t{16} * 1024;
inline constexpr size_t max_headers = 64;

struct RequestHead {
    Request request;       // without its body
    size_t body_size = 0;  // bytes that follow the head; unknown when it comes in chunks
    bool is_chunked = false;
    bool waits_for_continue = false;  // the client sends its body once we ask for it (RFC 9110 10.1.1)
    bool keeps_connection = false;    // it wants to go on after the answer (RFC 9112 9.3)
};

// `head` is a request line and headers with the empty line that ends them, each line ended by CR LF. `parsed`
// is a new one; what it holds after a refusal is to be dropped.
tl::expected<void, Refusal> parse_request_head(std::string_view head, RequestHead& parsed);

// Looks for the end of a head while it arrives, at each byte once, so that a client that drips its bytes
// costs no more than another; and stops at what can never become a head.
class HeadScanner {
public:
    // `bytes` are all that came since the last request, more with each call. The place of the head in them,
    // once it is whole. The same however the bytes were cut.
    struct Place {
        size_t begin = 0;
        size_t end = 0;
    };
    tl::expected<std::optional<Place>, Refusal> scan(std::string_view bytes);

private:
    std::optional<Refusal> judge_size(size_t end) const;

    size_t begin_ = 0;  // of the request line: an empty line in front of it is nobody's (RFC 9112 2.2)
    size_t scanned_ = 0;
    size_t line_ = 0;     // where the line begins that has not ended yet
    size_t headers_ = 0;  // where they begin; 0 while the request line has not ended
    size_t count_ = 0;    // of headers
};

}  // namespace watchbill::http
