#include "config/problem.h"

namespace watchbill {

std::string_view severity_name(Severity severity) {
    return severity == Severity::error ? "error" : "warning";
}

std::string format_problem(const Problem& problem) {
    return problem.place.file + ':' + std::to_string(problem.place.line) + ':' +
           std::to_string(problem.place.column) + ": " + std::string(severity_name(problem.severity)) + ": " +
           problem.message;
}

}  // namespace watchbill
