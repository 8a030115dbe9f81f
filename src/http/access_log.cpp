#include "http/access_log.h"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

namespace watchbill::http {

namespace {

// Of what somebody else made up: a method, or an exception's text.
constexpr size_t most_of_method = 16;
constexpr size_t most_of_failure = 500;

spdlog::level::level_enum level_of(const Answered& answered) {
    if (answered.status == 500) return spdlog::level::err;
    if (answered.route.empty()) return spdlog::level::debug;
    if (answered.status > 500) return spdlog::level::warn;
    if (answered.status == 401 || answered.status == 403) return spdlog::level::info;
    const bool reads = answered.method == "GET" || answered.method == "HEAD";
    return reads ? spdlog::level::debug : spdlog::level::info;
}

double milliseconds(std::chrono::nanoseconds took) {
    // Microseconds are as fine as anybody looks.
    return static_cast<double>(std::chrono::round<std::chrono::microseconds>(took).count()) / 1000.0;
}

// "PUT /api/v1/teams/{team}/shifts/{rotation}/{date} 200"
std::string summary(const Answered& answered) {
    const std::string_view method = answered.method.substr(0, most_of_method);
    return fmt::format("{} {} {}", method.empty() ? "-" : method,
                       answered.route.empty() ? "-" : answered.route, answered.status);
}

std::string in_words(const Answered& answered) {
    std::string line = fmt::format("{}: {} bytes, {:.3f} ms", summary(answered), answered.bytes,
                                   milliseconds(answered.took));
    if (!answered.who.empty()) line += fmt::format(", {}", answered.who);
    if (!answered.from.empty()) line += fmt::format(", from {}", answered.from);
    line += fmt::format(", request {}", answered.id);
    if (!answered.failure.empty()) line += fmt::format(": {}", answered.failure.substr(0, most_of_failure));
    return line;
}

std::string in_fields(const Answered& answered) {
    nlohmann::ordered_json fields{
        {"message", summary(answered)}, {"method", answered.method.substr(0, most_of_method)},
        {"route", answered.route},      {"status", answered.status},
        {"bytes", answered.bytes},      {"milliseconds", milliseconds(answered.took)},
        {"who", answered.who},          {"from", answered.from},
        {"request_id", answered.id}};
    if (!answered.failure.empty()) fields["failure"] = answered.failure.substr(0, most_of_failure);
    return fields.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

void AccessLog::note(const Answered& answered) const {
    const auto level = level_of(answered);
    if (!log_->should_log(level)) return;
    const std::string line = form_ == Form::words ? in_words(answered) : in_fields(answered);
    log_->log(level, "{}", line);
}

}  // namespace watchbill::http
