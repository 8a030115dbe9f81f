// What is wrong with a configuration and exactly where. Values, safe to share between threads.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace watchbill {

// Where in which file. Lines and columns start at 1; columns count characters, not bytes. 1:1 stands for the
// file as a whole.
struct FilePlace {
    std::string file;  // as the user would type it: the config's own folder, then the file
    int line = 1;
    int column = 1;
    auto operator<=>(const FilePlace&) const = default;
};

enum class ProblemSeverity { error, warning };

struct Problem {
    FilePlace place;
    ProblemSeverity severity = ProblemSeverity::error;
    std::string message;  // what is wrong and what to do. Never a secret (URL, password).
    bool operator==(const Problem&) const = default;
};

std::string format_problem(const Problem& problem);                // "watchbill.toml:3:1: error: ..."
std::string_view problem_severity_name(ProblemSeverity severity);  // "error", "warning"

}  // namespace watchbill
