#include "config/problem.h"

namespace watchbill {

std::string_view problem_severity_name(ProblemSeverity severity) {
    return severity == ProblemSeverity::error ? "error" : "warning";
}

std::string format_problem(const Problem& problem) {
    return problem.place.file + ':' + std::to_string(problem.place.line) + ':' +
           std::to_string(problem.place.column) + ": " +
           std::string(problem_severity_name(problem.severity)) + ": " + problem.message;
}

}  // namespace watchbill
