// What headers and trailers are made of (RFC 9110 5.5). Pure.
#pragma once

#include <string_view>

namespace watchbill::http {

inline constexpr std::string_view line_end = "\r\n";

inline bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

// Without the blanks around it.
inline std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace watchbill::http
