// The problems found so far in one file. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "config/problem.h"

namespace watchbill {

class ProblemLog {
public:
    explicit ProblemLog(std::string file) : file_(std::move(file)) {}

    const std::string& file() const { return file_; }
    FilePlace whole_file() const { return {file_, 1, 1}; }

    void error(const FilePlace& place, std::string message) {
        add(place, ProblemSeverity::error, std::move(message));
    }
    void warning(const FilePlace& place, std::string message) {
        add(place, ProblemSeverity::warning, std::move(message));
    }

    // Suggestions compare with every known word. A file with this many problems is not one typed by hand.
    bool wants_suggestions() const { return problems_.size() < 200; }

    const std::vector<Problem>& problems() const { return problems_; }

private:
    void add(const FilePlace& place, ProblemSeverity severity, std::string message) {
        problems_.push_back({place, severity, std::move(message)});
    }

    std::string file_;
    std::vector<Problem> problems_;
};

// A value and where it was written.
template <typename T>
struct Located {
    T value;
    FilePlace place;
};
using Text = Located<std::string>;

}  // namespace watchbill
