// ASCII letters in one case, in which protocols compare their words. No locale; all other bytes stay as they
// are, those of UTF-8 among them. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace watchbill {

constexpr char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char upper_case(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return lower_case(c); });
    return lower;
}
inline std::string upper_case(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return upper_case(c); });
    return upper;
}

}  // namespace watchbill
