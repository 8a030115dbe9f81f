// TOML text -> table. Not thread-safe only in its log.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string_view>

#include "config/problem_log.h"

namespace watchbill {

// Nothing when the text is no TOML; the log then says where and why. The parser stops at the first such
// place.
std::optional<toml::table> parse_toml(std::string_view text, ProblemLog& log);

}  // namespace watchbill
