// What is not there, as JSON says it. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace watchbill {

inline nlohmann::ordered_json text_or_null(const std::string& text) {
    return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
}

}  // namespace watchbill
