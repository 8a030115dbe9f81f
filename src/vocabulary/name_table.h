// Values of an enumeration and the names that scripts know them by, each once. Pure.
#pragma once

#include <array>
#include <cassert>
#include <optional>
#include <string_view>
#include <utility>

namespace watchbill {

template <typename Enum, size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

template <typename Enum, size_t N>
std::string_view name_of(const Names<Enum, N>& names, Enum value) {
    for (const auto& [known, name] : names) {
        if (known == value) return name;
    }
    assert(false && "every value has a name");
    return "";
}

template <typename Enum, size_t N>
std::optional<Enum> value_of(const Names<Enum, N>& names, std::string_view text) {
    for (const auto& [value, name] : names) {
        if (name == text) return value;
    }
    return std::nullopt;
}

}  // namespace watchbill
