#include "http/chunked_body.h"

#include "http/field_text.h"

namespace watchbill::http {

namespace {

// A chunk's size and its extensions, which nobody uses: room for both, and none to hide much in.
constexpr size_t longest_line = 256;
// Headers behind the body are read over (RFC 9112 7.1.2 allows that): so many bytes of them.
constexpr size_t most_trailers = size_t{4} * 1024;

tl::unexpected<Refusal> malformed() {
    return tl::unexpected(Refusal{400, "The chunks of the request's body are malformed."});
}

int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

// size [ ";" extensions ]. No blank, no sign and no "0x" in front of or behind the digits.
tl::expected<void, Refusal> ChunkedBody::read_size(std::string_view line) {
    size_t size = 0;
    size_t digits = 0;
    while (digits < line.size() && digit_value(line[digits]) >= 0) {
        size = size * 16 + static_cast<size_t>(digit_value(line[digits++]));
        if (size > most_ - body_.size()) return tl::unexpected(body_too_large(most_));
    }
    const std::string_view extensions = line.substr(digits);
    if (digits == 0 || !is_clean(extensions)) return malformed();
    if (!extensions.empty() && extensions.front() != ';') return malformed();
    left_ = size;
    part_ = size > 0 ? Part::data : Part::trailer;
    return {};
}

tl::expected<void, Refusal> ChunkedBody::read_trailer(std::string_view line) {
    trailers_ += line.size() + line_end.size();
    if (line.empty()) {
        part_ = Part::complete;
        return {};
    }
    if (!is_clean(line) || line.find(':') == std::string_view::npos) return malformed();
    if (trailers_ > most_trailers)
        return tl::unexpected(Refusal{431, "The headers behind the request's body are longer than 4 KB."});
    return {};
}

// The line at the front, if all of it is there.
tl::expected<size_t, Refusal> ChunkedBody::take_line(std::string_view bytes) {
    const size_t newline = bytes.find('\n');
    if (std::min(newline, bytes.size()) > longest_line) return malformed();
    if (newline == std::string_view::npos) return size_t{0};
    if (newline == 0 || bytes[newline - 1] != '\r') return malformed();
    const std::string_view line = bytes.substr(0, newline - 1);
    tl::expected<void, Refusal> read;
    switch (part_) {
        case Part::size: read = read_size(line); break;
        case Part::trailer: read = read_trailer(line); break;
        // What follows a chunk's bytes is nothing but the end of the line.
        default:
            if (!line.empty()) return malformed();
            part_ = Part::size;
    }
    if (!read) return tl::unexpected(read.error());
    return newline + 1;
}

tl::expected<size_t, Refusal> ChunkedBody::take(std::string_view bytes) {
    size_t taken = 0;
    while (part_ != Part::complete && taken < bytes.size()) {
        const std::string_view rest = bytes.substr(taken);
        if (part_ == Part::data) {
            const size_t count = std::min(left_, rest.size());
            body_.append(rest.substr(0, count));
            taken += count;
            left_ -= count;
            if (left_ == 0) part_ = Part::end_of_data;
            continue;
        }
        const auto line = take_line(rest);
        if (!line) return line;
        if (*line == 0) break;
        taken += *line;
    }
    return taken;
}

}  // namespace watchbill::http
