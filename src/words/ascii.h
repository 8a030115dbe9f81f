// ASCII as protocols write their words and lists. No locale; bytes of UTF-8 are compared as they are. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchbill {

// As names of headers and schemes are compared (RFC 9110 5.1).
bool same_without_case(std::string_view a, std::string_view b);
// Without the blanks and tabs around it (RFC 9110 5.6.3).
std::string_view trim(std::string_view text);
// What stands between the separators: always one piece more than there are of them.
std::vector<std::string_view> split(std::string_view text, char separator);
// Decodes "%XX" (RFC 3986 2.1). Nothing where a "%" is not followed by two hex digits, or a decoded character
// is a control character.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace watchbill
