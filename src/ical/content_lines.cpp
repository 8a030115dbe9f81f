#include "ical/content_lines.h"

#include <unicode/unistr.h>

namespace watchbill::ical {

namespace {

constexpr size_t longest_line = 75;  // octets without CRLF: RFC 5545 3.1

constexpr UChar32 line_separator = 0x2028;
constexpr UChar32 paragraph_separator = 0x2029;

// C0, DEL and C1: RFC 5545 forbids all but the tab, and readers that split lines at any of them exist
// (Python's splitlines() does at U+0085).
bool is_control(UChar32 c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

void append_escaped(std::string& out, UChar32 c) {
    switch (c) {
        case '\\': out += "\\\\"; return;
        case ';': out += "\\;"; return;
        case ',': out += "\\,"; return;
        case '\n':
        case line_separator:
        case paragraph_separator: out += "\\n"; return;
        case '\t': out += ' '; return;
        default: break;
    }
    if (!is_control(c)) icu::UnicodeString(c).toUTF8String(out);
}

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }

}  // namespace

std::string escape_text(std::string_view text) {
    const icu::UnicodeString characters =
        icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    std::string out;
    out.reserve(text.size() + 8);
    for (int32_t i = 0; i < characters.length(); i = characters.moveIndex32(i, 1)) {
        const UChar32 c = characters.char32At(i);
        // "\r\n" and a lone "\r" are one line end each.
        if (c == '\r' && characters.charAt(i + 1) == '\n') continue;
        append_escaped(out, c == '\r' ? '\n' : c);
    }
    return out;
}

void ContentLines::add(std::string_view name, std::string_view value) {
    std::string line;
    line.reserve(name.size() + 1 + value.size());
    line.append(name).append(":").append(value);

    std::string_view rest = line;
    size_t room = longest_line;
    while (rest.size() > room) {
        size_t cut = room;
        while (!starts_character(rest[cut])) --cut;
        bytes_.append(rest.substr(0, cut)).append("\r\n ");
        rest.remove_prefix(cut);
        room = longest_line - 1;  // the blank that marks a continuation counts
    }
    bytes_.append(rest).append("\r\n");
}

}  // namespace watchbill::ical
