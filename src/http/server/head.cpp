#include "http/server/head.h"

#include <algorithm>

#include "words/ascii.h"

namespace watchbill::http {

namespace {

// Of some ranges one alone may be long; none is served.
constexpr size_t longest_range = 100;

// What the headers say of how the message goes on. Each is an error when given twice: whoever forwarded it
// may have taken the other one.
struct Framing {
    bool is_old = false;  // HTTP/1.0
    size_t hosts = 0;
    size_t lengths = 0;
    size_t encodings = 0;
    bool is_chunked = false;
};

using Judged = std::optional<Refusal>;  // nothing: it may go on

// All bytes are letters, digits or among these.
bool consists_of(std::string_view text, std::string_view others) {
    return std::all_of(text.begin(), text.end(), [others](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

// RFC 9110 5.6.2.
bool is_token(std::string_view text) { return !text.empty() && consists_of(text, "!#$%&'*+-.^_`|~"); }

bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; });
}

// METHOD SP target SP HTTP/1.x, single blanks only. There is no blank in a target, of whatever kind: some
// would take what follows a tab for the version.
Judged judge_request_line(std::string_view line, Head& head, Framing& framing) {
    const auto parts = split(line, ' ');
    if (parts.size() != 3 || !is_token(parts[0]) || parts[1].empty() || has_controls(line) ||
        line.find('\t') != std::string_view::npos)
        return Refusal{400, "The request line is malformed."};
    head.method = parts[0];
    head.target = parts[1];
    head.is_last = framing.is_old = parts[2] == "HTTP/1.0";
    if (parts[2] == "HTTP/1.1" || framing.is_old) return std::nullopt;
    return Refusal{505, "This server speaks HTTP/1.1 and HTTP/1.0."};
}

// A number of bytes in digits only: no sign, no list ("5, 5"), no hexadecimal.
Judged judge_length(std::string_view value, Head& head) {
    constexpr size_t most_digits = 18;  // fits into 64 bits
    if (value.empty() || value.size() > most_digits ||
        value.find_first_not_of("0123456789") != std::string_view::npos)
        return Refusal{400, "Content-Length is not a number of bytes."};
    head.body = 0;
    for (const char digit : value) head.body = head.body * 10 + static_cast<size_t>(digit - '0');
    return std::nullopt;
}

Judged judge_header(std::string_view line, Head& head, Framing& framing) {
    const size_t colon = line.find(':');
    // A blank before the colon or in front of the line (an obsolete fold) has been used to smuggle.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return Refusal{400, "A header line is malformed."};
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (has_controls(value)) return Refusal{400, "A header's value is malformed."};
    const auto is = [name](std::string_view one) { return same_without_case(name, one); };
    if (is("Content-Length")) {
        ++framing.lengths;
        return judge_length(value, head);
    }
    if (is("Transfer-Encoding")) {
        ++framing.encodings;
        framing.is_chunked = same_without_case(value, "chunked");
    } else if (is("Host")) {
        ++framing.hosts;
        if (!consists_of(value, "-._~%!$&'()*+,;=:[]")) return Refusal{400, "The Host header is malformed."};
    } else if (is("Connection")) {
        for (const std::string_view word : split(value, ','))
            head.is_last = head.is_last || same_without_case(trim(word), "close");
    } else if (is("Expect")) {
        head.waits_for_continue = same_without_case(value, "100-continue");
        if (!head.waits_for_continue)
            return Refusal{417, "The only expectation that is met is \"100-continue\"."};
    } else if (is("Content-Encoding") && !same_without_case(value, "identity")) {
        // What is small when compressed may be of any size when it is not.
        return Refusal{415, "A request's body must not be compressed."};
    } else if (is("Range") && (value.size() > longest_range || value.find(',') != std::string_view::npos)) {
        return Refusal{416, "Several ranges are not served."};
    }
    return std::nullopt;
}

Judged judge_framing(const Framing& framing) {
    if (framing.hosts > 1 || (framing.hosts == 0 && !framing.is_old))
        return Refusal{400, "The request needs exactly one Host header."};
    if (framing.lengths > 1 || (framing.lengths > 0 && framing.encodings > 0))
        return Refusal{400, "The length of the request's body is given more than once."};
    if (framing.encodings == 0) return std::nullopt;
    if (framing.encodings > 1 || !framing.is_chunked)
        return Refusal{501, "The request's Transfer-Encoding is not known here."};
    if (framing.is_old) return Refusal{400, "HTTP/1.0 knows no chunks."};
    return Refusal{411, "A body needs a Content-Length: bodies in chunks are not taken."};
}

}  // namespace

tl::expected<std::optional<Head>, Refusal> judge_head(std::string_view bytes) {
    const size_t begin = bytes.starts_with("\r\n") ? 2 : 0;
    Head head;
    Framing framing;
    Judged judged;
    size_t headers = 0;  // where they begin
    size_t count = 0;
    for (size_t line = begin; !judged; line = head.end) {
        const size_t newline = bytes.find('\n', line);
        head.end = newline == std::string_view::npos ? bytes.size() : newline + 1;
        const bool is_long = head.end - line > longest_line + 2;
        if (is_long && headers == 0)
            return tl::unexpected(Refusal{414, "The request line is longer than 8190 bytes."});
        if (headers != 0 && (is_long || head.end - headers > most_header_bytes + 2))
            return tl::unexpected(Refusal{
                431, "The request's headers are longer than 16 KB, or one of them is longer than 8 KB."});
        if (newline == std::string_view::npos) return std::nullopt;
        if (newline == line || bytes[newline - 1] != '\r')
            return tl::unexpected(Refusal{400, "Lines must end with CR LF."});
        const std::string_view text = bytes.substr(line, newline - 1 - line);
        if (headers == 0) {
            judged = judge_request_line(text, head, framing);
            headers = head.end;
        } else if (text.empty()) {
            judged = judge_framing(framing);
            break;
        } else if (++count > most_headers) {
            judged = Refusal{431, "The request has more than 64 headers."};
        } else {
            judged = judge_header(text, head, framing);
        }
    }
    if (judged) return tl::unexpected(std::move(*judged));
    head.bytes = bytes.substr(begin, head.end - begin);
    head.waits_for_continue = head.waits_for_continue && head.body > 0 && !framing.is_old;
    return head;
}

}  // namespace watchbill::http
