#include "http/request_head.h"

#include <algorithm>
#include <optional>

#include "http/message.h"

namespace watchbill::http {

namespace {

constexpr std::string_view line_end = "\r\n";

HeadVerdict bad_request(std::string detail) { return {400, std::move(detail)}; }

// RFC 9110 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

std::string_view take_line(std::string_view& text) {
    const size_t end = text.find(line_end);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + line_end.size());
    return line;
}

std::string_view trim(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// METHOD SP target SP HTTP/1.x, single blanks only.
std::optional<HeadVerdict> judge_request_line(std::string_view line) {
    const size_t first = line.find(' ');
    const size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    const bool two_blanks =
        second != std::string_view::npos && line.find(' ', second + 1) == std::string_view::npos;
    if (!two_blanks || second == first + 1) return bad_request("The request line is malformed.");
    const std::string_view target = line.substr(first + 1, second - first - 1);
    const std::string_view version = line.substr(second + 1);
    if (!is_token(line.substr(0, first)) || std::any_of(target.begin(), target.end(), is_control))
        return bad_request("The request line is malformed.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return HeadVerdict{505, "This server speaks HTTP/1.1 and HTTP/1.0."};
    return std::nullopt;
}

struct Framing {
    size_t hosts = 0;
    size_t lengths = 0;
    size_t encodings = 0;
    size_t length = 0;
    bool expects_continue = false;
};

// Of up to 18 digits.
size_t to_number(std::string_view digits) {
    size_t number = 0;
    for (const char digit : digits) number = number * 10 + static_cast<size_t>(digit - '0');
    return number;
}

std::optional<HeadVerdict> judge_header(std::string_view line, Framing& framing) {
    const size_t colon = line.find(':');
    // A blank before the colon or in front of the line (an obsolete fold) has been used to smuggle.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return bad_request("A header line is malformed.");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), is_control))
        return bad_request("A header's value is malformed.");
    if (same_without_case(name, "Host")) ++framing.hosts;
    if (same_without_case(name, "Transfer-Encoding")) ++framing.encodings;
    if (same_without_case(name, "Content-Length")) {
        ++framing.lengths;
        const bool digits = !value.empty() && value.size() <= 18 &&
                            value.find_first_not_of("0123456789") == std::string_view::npos;
        if (!digits) return bad_request("Content-Length is not a number of bytes.");
        framing.length = to_number(value);
    }
    if (same_without_case(name, "Expect"))
        framing.expects_continue = same_without_case(value, "100-continue");
    return std::nullopt;
}

}  // namespace

HeadVerdict inspect_head(std::string_view head) {
    if (auto verdict = inspect_incomplete_head(head); verdict.status != 0) return verdict;
    const std::string_view request_line = take_line(head);
    if (auto verdict = judge_request_line(request_line)) return *verdict;

    Framing framing;
    size_t count = 0;
    for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
        if (++count > max_headers) return {431, "The request has more than 100 headers."};
        if (auto verdict = judge_header(line, framing)) return *verdict;
    }
    const bool needs_host = request_line.ends_with("HTTP/1.1");
    if (framing.hosts > 1 || (needs_host && framing.hosts == 0))
        return bad_request("The request needs exactly one Host header.");
    if (framing.lengths > 1 || (framing.lengths > 0 && framing.encodings > 0))
        return bad_request("The length of the request's body is given more than once.");
    if (framing.encodings > 0)
        return {411, "A request's body is taken with a Content-Length only, not with Transfer-Encoding."};
    if (framing.length > max_body) return {413, "The request's body is larger than 64 KB."};
    return {0, {}, framing.length, needs_host && framing.expects_continue};
}

HeadVerdict inspect_incomplete_head(std::string_view head) {
    const size_t first_line = std::min(head.find(line_end), head.size());
    if (first_line > max_request_line) return {414, "The request line is longer than 4096 bytes."};
    if (head.size() > max_head) return {431, "The request's headers are longer than 16 KB."};
    for (size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
        if (at == 0 || head[at - 1] != '\r') return bad_request("Lines must end with CR LF.");
    }
    return {};
}

}  // namespace watchbill::http
