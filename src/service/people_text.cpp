#include "service/people_text.h"

#include <cstdint>
#include <optional>

namespace watchbill {

namespace {

// Takes one character from the front; nothing where there is none in UTF-8 (RFC 3629 section 4: shortest
// form, no surrogates, nothing above U+10FFFF).
std::optional<char32_t> take_character(std::string_view& text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || first > 0xf4 || text.size() < length) return std::nullopt;
    char32_t character = length == 1 ? first : first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
        character = character << 6 | (byte(i) & 0x3fU);
    }
    constexpr char32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = character >= 0xd800 && character < 0xe000;
    if (character < shortest[length] || surrogate || character > 0x10ffff) return std::nullopt;
    text.remove_prefix(length);
    return character;
}

// C0, DEL and C1.
bool is_control(char32_t character) { return character < 0x20 || (character >= 0x7f && character < 0xa0); }

std::string with_plain_line_ends(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if (!pair) plain += text[i];
    }
    return plain;
}

std::string trimmed(const std::string& text, const char* blanks) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

tl::unexpected<Error> refuse(const TextRules& rules, ErrorCode code, const std::string& why) {
    return fail(code, std::string(rules.what) + " " + why);
}

}  // namespace

Result<std::string> accept_text(std::string_view text, const TextRules& rules) {
    // Before anything looks at each of its bytes.
    if (text.size() > rules.max_bytes) {
        return refuse(rules, ErrorCode::too_large,
                      "is longer than " + std::to_string(rules.max_bytes) + " bytes: shorten it");
    }
    std::string accepted = trimmed(rules.several_lines ? with_plain_line_ends(text) : std::string(text),
                                   rules.several_lines ? " \n" : " ");
    if (accepted.empty() && !rules.may_be_empty)
        return refuse(rules, ErrorCode::invalid_input, "is empty: write something");
    for (std::string_view rest = accepted; !rest.empty();) {
        const auto character = take_character(rest);
        if (!character) return refuse(rules, ErrorCode::invalid_input, "is not UTF-8 text");
        if (!is_control(*character) || (*character == '\n' && rules.several_lines)) continue;
        return refuse(rules, ErrorCode::invalid_input,
                      rules.several_lines ? "holds a control character: only ends of lines are allowed"
                                          : "holds a control character: it has to be one line of plain text");
    }
    return accepted;
}

}  // namespace watchbill
