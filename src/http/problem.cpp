#include "http/problem.h"

#include <algorithm>
#include <array>

#include "http/json_message.h"
#include "service/team_actions.h"

namespace watchbill::http {

namespace {

constexpr const char* problem_type = "application/problem+json";

struct Status {
    int number;
    std::string_view title;  // RFC 9110 15
    std::string_view code;   // that of the Error which it stands for, where there is one
};

constexpr std::array statuses = {
    Status{400, "Bad Request", "invalid_input"},
    Status{401, "Unauthorized", "unauthenticated"},
    Status{403, "Forbidden", "missing_scope"},
    Status{404, "Not Found", "not_found"},
    Status{405, "Method Not Allowed", "method_not_allowed"},
    Status{408, "Request Timeout", "timeout"},
    Status{409, "Conflict", "conflict"},
    Status{411, "Length Required", "length_required"},
    Status{413, "Content Too Large", "too_large"},
    Status{414, "URI Too Long", "too_large"},
    Status{415, "Unsupported Media Type", "unsupported_media_type"},
    Status{416, "Range Not Satisfiable", "invalid_input"},
    Status{417, "Expectation Failed", "expectation_failed"},
    Status{422, "Unprocessable Content", "invalid_input"},
    Status{429, "Too Many Requests", "too_many_requests"},
    Status{431, "Request Header Fields Too Large", "too_large"},
    Status{500, "Internal Server Error", "internal"},
    Status{501, "Not Implemented", "not_implemented"},
    Status{503, "Service Unavailable", "unavailable"},
    Status{504, "Gateway Timeout", "timeout"},
    Status{505, "HTTP Version Not Supported", "invalid_input"},
};

const Status& find_status(int number) {
    static constexpr Status other{0, "Error", "error"};
    const auto* const found = std::find_if(
        statuses.begin(), statuses.end(), [number](const Status& status) { return status.number == number; });
    return found == statuses.end() ? other : *found;
}

}  // namespace

int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_input: return 400;
        case ErrorCode::not_found: return 404;
        case ErrorCode::too_large: return 413;
        case ErrorCode::refused:
        case ErrorCode::conflict: return 409;
        case ErrorCode::unavailable: return 503;
        case ErrorCode::timeout: return 504;
        case ErrorCode::not_a_calendar:
        case ErrorCode::damaged:
        case ErrorCode::newer_version: break;
    }
    return 500;
}

Response problem(int status, std::string_view code, const std::string& detail) {
    // No "type": it is "about:blank", and the title says what the status says (RFC 9457 4.2.1).
    const Json body{
        {"title", find_status(status).title}, {"status", status}, {"code", code}, {"detail", detail}};
    return text_response(status, problem_type, json_text(body) + "\n", "no-store");
}

Response problem(int status, const std::string& detail) {
    return problem(status, find_status(status).code, detail);
}

Response problem_for(std::chrono::seconds wait, int status, const std::string& detail) {
    Response response = problem(status, detail);
    response.add_header("Retry-After", std::to_string(wait.count()));
    return response;
}

Response problem(const Error& error) {
    const int status = status_of(error.code);
    Response response =
        status == 500 ? problem(500, "Something went wrong here, not in the request. Trying later may work.")
                      : problem(status, code_name(error.code), error.message);
    if (status == 503) response.add_header("Retry-After", "5");
    if (status >= 500) response.failure = error.message;
    return response;
}

Response problem(const ActionError& refused) {
    const Error& error = refused.error;
    const bool unprocessable = error.code == ErrorCode::invalid_input || error.code == ErrorCode::too_large;
    const int status = unprocessable ? 422 : status_of(error.code);
    return status >= 500 ? problem(error) : problem(status, refused.code, error.message);
}

Response with_request_id(Response problem, const std::string& id) {
    if (problem.header("Content-Type") != problem_type) return problem;
    auto body = Json::parse(problem.body());
    body["request_id"] = id;
    problem.set_body(json_text(body) + "\n");
    return problem;
}

}  // namespace watchbill::http
