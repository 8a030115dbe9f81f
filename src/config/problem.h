// What is wrong with a configuration and exactly where. Values, safe to share between threads.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace watchbill {

// Lines and columns start at 1; columns count characters, not bytes. 1:1 stands for the file as a whole.
struct Place {
    std::string file;  // as the user would type it: the config's own folder, then the file
    int line = 1;
    int column = 1;
    auto operator<=>(const Place&) const = default;
};

enum class Severity { error, warning };

struct Problem {
    Place place;
    Severity severity = Severity::error;
    std::string message;  // what is wrong and what to do. Never a secret (URL, password).
    bool operator==(const Problem&) const = default;
};

std::string format_problem(const Problem& problem);  // "watchbill.toml:3:1: error: ..."
std::string_view severity_name(Severity severity);   // "error", "warning"

}  // namespace watchbill
