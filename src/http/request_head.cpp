#include "http/request_head.h"

#include "http/field_text.h"

namespace watchbill::http {

namespace {

tl::unexpected<Refusal> refuse(int status, std::string detail) {
    return tl::unexpected(Refusal{status, std::move(detail)});
}

constexpr ByteSet letters_and_digits =
    ByteSet().with("0123456789").with("abcdefghijklmnopqrstuvwxyz").with("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

// RFC 9110 5.6.2.
bool is_token(std::string_view text) {
    static constexpr ByteSet token = letters_and_digits.with("!#$%&'*+-.^_`|~");
    return !text.empty() && token.has_all_of(text);
}

// There is no blank in a target, of whatever kind: some would take what follows a tab for the version.
bool is_target(std::string_view text) {
    static constexpr ByteSet target = ByteSet::visible().without(" ");
    return target.has_all_of(text);
}

// The characters of RFC 3986 3.2.2 and 3.2.3. Nothing here depends on the host, but somebody's logs may.
bool is_host(std::string_view text) {
    static constexpr ByteSet host = letters_and_digits.with("-._~%!$&'()*+,;=:[]");
    return host.has_all_of(text);
}

std::string_view take_line(std::string_view& text) {
    const size_t end = text.find(line_end);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + line_end.size());
    return line;
}

bool list_has(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const size_t comma = list.find(',');
        if (same_without_case(trim(list.substr(0, comma)), word)) return true;
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return false;
}

enum class Version { http_1_0, http_1_1 };

// What the headers say of how the message goes on. Each is an error when given twice: whoever forwarded it
// may have taken the other one.
struct Framing {
    size_t hosts = 0;
    size_t lengths = 0;
    size_t encodings = 0;
    size_t length = 0;
    size_t ranges = 0;
    bool chunked = false;
    bool expects_continue = false;
    bool closes = false;
};

// METHOD SP target SP HTTP/1.x, single blanks only.
tl::expected<Version, Refusal> parse_request_line(std::string_view line, Request& request) {
    const size_t first = line.find(' ');
    const size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    const bool two_blanks =
        second != std::string_view::npos && line.find(' ', second + 1) == std::string_view::npos;
    if (!two_blanks || second == first + 1) return refuse(400, "The request line is malformed.");
    const std::string_view target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    if (!is_token(line.substr(0, first)) || !is_target(target))
        return refuse(400, "The request line is malformed.");
    request.method = line.substr(0, first);
    request.target = target;
    if (version == "HTTP/1.1") return Version::http_1_1;
    if (version == "HTTP/1.0") return Version::http_1_0;
    return refuse(505, "This server speaks HTTP/1.1 and HTTP/1.0.");
}

// A number of bytes in digits only: no sign, no list ("5, 5"), no hexadecimal.
tl::expected<size_t, Refusal> parse_length(std::string_view value) {
    constexpr size_t most_digits = 18;  // fits into 64 bits
    const bool digits = !value.empty() && value.size() <= most_digits &&
                        value.find_first_not_of("0123456789") == std::string_view::npos;
    if (!digits) return refuse(400, "Content-Length is not a number of bytes.");
    size_t number = 0;
    for (const char digit : value) number = number * 10 + static_cast<size_t>(digit - '0');
    return number;
}

tl::expected<void, Refusal> read_framing(std::string_view name, std::string_view value, Framing& framing) {
    if (same_without_case(name, "Host")) {
        ++framing.hosts;
        if (!is_host(value)) return refuse(400, "The Host header is malformed.");
    } else if (same_without_case(name, "Transfer-Encoding")) {
        ++framing.encodings;
        framing.chunked = same_without_case(value, "chunked");
    } else if (same_without_case(name, "Content-Length")) {
        ++framing.lengths;
        const auto length = parse_length(value);
        if (!length) return tl::unexpected(length.error());
        framing.length = *length;
    } else if (same_without_case(name, "Content-Encoding")) {
        // What is small when compressed may be of any size when it is not.
        if (!same_without_case(value, "identity"))
            return refuse(415, "A request's body must not be compressed.");
    } else if (same_without_case(name, "Range")) {
        framing.ranges += 1 + static_cast<size_t>(std::count(value.begin(), value.end(), ','));
    } else if (same_without_case(name, "Expect")) {
        if (!same_without_case(value, "100-continue"))
            return refuse(417, "The only expectation that is met is \"100-continue\".");
        framing.expects_continue = true;
    } else if (same_without_case(name, "Connection")) {
        framing.closes = framing.closes || list_has(value, "close");
    }
    return {};
}

tl::expected<void, Refusal> read_header(std::string_view line, Request& request, Framing& framing) {
    const size_t colon = line.find(':');
    // A blank before the colon or in front of the line (an obsolete fold) has been used to smuggle.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return refuse(400, "A header line is malformed.");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (!is_clean(value)) return refuse(400, "A header's value is malformed.");
    request.headers.add(name, value);
    return read_framing(name, value, framing);
}

tl::expected<void, Refusal> judge(const Framing& framing, Version version) {
    if (framing.hosts > 1 || (version == Version::http_1_1 && framing.hosts == 0))
        return refuse(400, "The request needs exactly one Host header.");
    if (framing.lengths > 1 || (framing.lengths > 0 && framing.encodings > 0))
        return refuse(400, "The length of the request's body is given more than once.");
    // HTTP/1.0 has no transfer codings: whoever forwarded this did not understand it (RFC 9112 6.1).
    if (framing.encodings > 0 && version == Version::http_1_0)
        return refuse(400, "A request of HTTP/1.0 has no Transfer-Encoding.");
    if (framing.encodings > 1 || (framing.encodings > 0 && !framing.chunked))
        return refuse(501, "The only Transfer-Encoding that is taken is \"chunked\".");
    // Parts of a feed are of no use to anybody, and many of them would be much more than all of it. One is
    // answered with the whole (RFC 9110 14.2).
    if (framing.ranges > 1) return refuse(416, "More than one range is asked for.");
    return {};
}

}  // namespace

tl::expected<void, Refusal> parse_request_head(std::string_view head, RequestHead& parsed) {
    const auto version = parse_request_line(take_line(head), parsed.request);
    if (!version) return tl::unexpected(version.error());
    Framing framing;
    for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
        if (const auto read = read_header(line, parsed.request, framing); !read)
            return tl::unexpected(read.error());
    }
    if (const auto judged = judge(framing, *version); !judged) return tl::unexpected(judged.error());
    parsed.body_size = framing.length;
    // HTTP/1.0 knows neither interim answers nor, without a word of its own, further requests.
    const bool current = *version == Version::http_1_1;
    parsed.is_chunked = framing.chunked;
    parsed.waits_for_continue =
        current && framing.expects_continue && (framing.length > 0 || framing.chunked);
    parsed.keeps_connection = current && !framing.closes;
    return {};
}

// `end` is where the line that begins at line_ ends, its line end included, or where the bytes end so far.
std::optional<Refusal> HeadScanner::judge_size(size_t end) const {
    if (headers_ == 0 && end - line_ > max_request_line + line_end.size())
        return Refusal{414, "The request line is longer than 8192 bytes."};
    if (headers_ != 0 && end - headers_ > max_header_bytes + line_end.size())
        return Refusal{431, "The request's headers are longer than 16 KB."};
    return std::nullopt;
}

tl::expected<std::optional<HeadScanner::Place>, Refusal> HeadScanner::scan(std::string_view bytes) {
    for (;;) {
        const size_t newline = bytes.find('\n', scanned_);
        if (newline == std::string_view::npos) break;
        scanned_ = newline + 1;
        if (auto refusal = judge_size(scanned_)) return tl::unexpected(*refusal);
        if (newline == line_ || bytes[newline - 1] != '\r') return refuse(400, "Lines must end with CR LF.");
        const bool empty = newline == line_ + 1;
        const bool first = line_ == 0;
        line_ = scanned_;
        if (headers_ != 0 && empty) return std::optional(Place{begin_, scanned_});
        if (headers_ != 0 && ++count_ > max_headers)
            return refuse(431, "The request has more than 64 headers.");
        if (headers_ == 0 && empty && first) {
            begin_ = scanned_;
        } else if (headers_ == 0) {
            if (empty) return refuse(400, "The request line is malformed.");
            headers_ = scanned_;
        }
    }
    scanned_ = bytes.size();
    if (auto refusal = judge_size(bytes.size())) return tl::unexpected(*refusal);
    return std::nullopt;
}

}  // namespace watchbill::http
