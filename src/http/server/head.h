// Whether the head of a request may be handed to the library: judged while its bytes arrive, for what
// smuggles one request behind another (RFC 9112 11.2) and for size. Strict, since messages that two readers
// would understand differently are how that is done. Nothing is taken apart here but where the message ends
// and where it goes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace watchbill::http {

// A feed's URL is under 300 bytes, browsers send about 2 KB in 20 headers; a proxy may add as much again. The
// library takes no line longer than 8 KB with its end; RFC 9112 3 asks for 8000 bytes of request line at
// least.
inline constexpr size_t longest_line = size_t{8} * 1024 - 2;
inline constexpr size_t most_header_bytes = size_t{16} * 1024;
inline constexpr size_t most_headers = 64;

// Why a request is not handled: the answer, after which the connection ends.
struct Refusal {
    int status = 400;
    std::string detail;  // one sentence for whoever sent it
};

// Refers to the bytes that were judged.
struct Head {
    std::string_view bytes;  // without an empty line in front, which is nobody's (RFC 9112 2.2)
    std::string_view method;
    std::string_view target;
    size_t end = 0;                   // of the head, counted from the first byte that was judged
    size_t body = 0;                  // bytes that follow
    bool is_last = false;             // the client wants no further answer, or is too old to (RFC 9112 9.3)
    bool waits_for_continue = false;  // it sends its body once we ask for it (RFC 9110 10.1.1)
};

// `bytes` are all that came since the last request, more with each call. Nothing: the head is not whole yet.
// A body of unknown length, in chunks, is refused with 411: the library would take one of any size.
tl::expected<std::optional<Head>, Refusal> judge_head(std::string_view bytes);

}  // namespace watchbill::http
