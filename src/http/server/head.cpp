#include "http/server/head.h"

#include <algorithm>
#include <charconv>

#include "words/ascii.h"

namespace watchbill::http {

namespace {

// Of some ranges one alone may be long; none is served.
constexpr size_t longest_range = 100;

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

struct Judge {
    Head head;
    bool is_old = false;  // HTTP/1.0
    // Each is an error when given twice: whoever forwarded it may have taken the other one.
    size_t hosts = 0;
    size_t lengths = 0;
    size_t encodings = 0;

    // METHOD SP target SP HTTP/1.x, single blanks only. There is no blank in a target, of whatever kind: some
    // would take what follows a tab for the version.
    Judged request_line(std::string_view line) {
        const auto parts = split(line, ' ');
        if (parts.size() != 3 || !is_token(parts[0]) || parts[1].empty() || has_controls(line) ||
            line.find('\t') != std::string_view::npos)
            return Refusal{400, "The request line is malformed."};
        head.method = parts[0];
        head.target = parts[1];
        head.is_last = is_old = parts[2] == "HTTP/1.0";
        if (parts[2] == "HTTP/1.1" || is_old) return std::nullopt;
        return Refusal{505, "This server speaks HTTP/1.1 and HTTP/1.0."};
    }

    Judged header(std::string_view line) {
        const size_t colon = std::min(line.find(':'), line.size());
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trim(line.substr(std::min(colon + 1, line.size())));
        // A blank before the colon or in front of the line (an obsolete fold) has been used to smuggle.
        if (colon == line.size() || !is_token(name) || has_controls(value))
            return Refusal{400, "A header line is malformed."};
        const auto is = [name](std::string_view one) { return same_without_case(name, one); };
        if (is("Content-Length")) {
            // Digits only: no sign, no list ("5, 5"), no hexadecimal.
            const char* const last = value.data() + value.size();
            const auto [end, error] = std::from_chars(value.data(), last, head.body);
            ++lengths;
            // With 18 digits there is room for the head's own bytes.
            if (error != std::errc() || end != last || value.size() > 18)
                return Refusal{400, "Content-Length is not a number of bytes."};
        } else if (is("Transfer-Encoding")) {
            if (++encodings > 1 || !same_without_case(value, "chunked"))
                return Refusal{501, "The request's Transfer-Encoding is not known here."};
        } else if (is("Host")) {
            ++hosts;
            if (!consists_of(value, "-._~%!$&'()*+,;=:[]"))
                return Refusal{400, "The Host header is malformed."};
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
        } else if (is("Range") &&
                   (value.size() > longest_range || value.find(',') != std::string_view::npos)) {
            return Refusal{416, "Several ranges are not served."};
        }
        return std::nullopt;
    }

    Judged end() {
        head.waits_for_continue = head.waits_for_continue && head.body > 0 && !is_old;
        if (hosts > 1 || (hosts == 0 && !is_old))
            return Refusal{400, "The request needs exactly one Host header."};
        if (lengths + encodings > 1)
            return Refusal{400, "The length of the request's body is given more than once."};
        if (encodings == 0) return std::nullopt;
        if (is_old) return Refusal{400, "HTTP/1.0 knows no chunks."};
        return Refusal{411, "A body needs a Content-Length: bodies in chunks are not taken."};
    }
};

}  // namespace

tl::expected<std::optional<Head>, Refusal> judge_head(std::string_view bytes) {
    const size_t begin = bytes.starts_with("\r\n") ? 2 : 0;
    Judge judge;
    size_t headers = 0;  // where they begin
    size_t& end = judge.head.end;
    end = begin;
    for (size_t count = 0;; ++count) {
        const size_t line = end;
        const size_t newline = bytes.find('\n', line);
        end = newline == std::string_view::npos ? bytes.size() : newline + 1;
        const bool is_long = end - line > longest_line + 2;
        if (is_long && count == 0)
            return tl::unexpected(Refusal{414, "The request line is longer than 8190 bytes."});
        if (count > 0 && (is_long || end - headers > most_header_bytes + 2))
            return tl::unexpected(Refusal{
                431, "The request's headers are longer than 16 KB, or one of them is longer than 8 KB."});
        if (newline == std::string_view::npos) return std::nullopt;
        if (newline == line || bytes[newline - 1] != '\r')
            return tl::unexpected(Refusal{400, "Lines must end with CR LF."});
        const std::string_view text = bytes.substr(line, newline - 1 - line);
        const bool is_end = count > 0 && text.empty();
        if (count > most_headers && !is_end)
            return tl::unexpected(Refusal{431, "The request has more than 64 headers."});
        if (count == 0) headers = end;
        auto judged = count == 0 ? judge.request_line(text) : is_end ? judge.end() : judge.header(text);
        if (judged) return tl::unexpected(std::move(*judged));
        if (!is_end) continue;
        judge.head.bytes = bytes.substr(begin, end - begin);
        return judge.head;
    }
}

}  // namespace watchbill::http
