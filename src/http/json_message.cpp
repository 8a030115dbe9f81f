#include "http/json_message.h"

#include <algorithm>
#include <optional>

#include "http/problem.h"
#include "http/query.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

// Far more than any request has. An ordered object looks for each new one among all before it: thousands
// would take seconds.
constexpr size_t most_members = 100;

// Parameters such as "; charset=utf-8" say nothing that JSON leaves open (RFC 8259 11).
bool is_json(const Request& request) {
    const auto type = request.header("Content-Type");
    if (!type) return false;
    const std::string_view name = std::string_view(*type).substr(0, type->find(';'));
    const size_t end = name.find_last_not_of(" \t");
    return same_without_case(name.substr(0, end == std::string_view::npos ? 0 : end + 1), "application/json");
}

// Counted before parsing: brackets outside strings.
bool is_too_deep(std::string_view json) {
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > max_json_depth) return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

std::optional<Response> judge_members(const Json& object, const std::vector<std::string_view>& known) {
    for (const auto& [name, value] : object.items()) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            return problem(
                400, "The body has no member \"" + name + "\"; there is: " + list_of_names(known) + ".");
    }
    return std::nullopt;
}

}  // namespace

Json instant_or_null(const std::optional<Instant>& instant) {
    return instant ? Json(format_instant(*instant)) : Json(nullptr);
}

Response json_response(int status, const Json& body, std::string_view cache_control) {
    // Titles and labels come from files that people wrote, in whatever bytes.
    Response response = text_response(status, "application/json",
                                      body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    response.add_header("Cache-Control", cache_control);
    return response;
}

tl::expected<Json, Response> read_json_object(const Request& request,
                                              const std::vector<std::string_view>& known) {
    if (request.body().empty()) return Json::object();
    if (!is_json(request))
        return tl::unexpected(
            problem(415, "The body must be JSON: send \"Content-Type: application/json\"."));
    if (is_too_deep(request.body()))
        return tl::unexpected(problem(400, "The body is nested more than 16 levels deep."));
    size_t members = 0;
    const auto count = [&members](int, Json::parse_event_t event, const Json&) {
        return event != Json::parse_event_t::key || ++members <= most_members;
    };
    Json body = Json::parse(request.body(), count, false);
    if (members > most_members) return tl::unexpected(problem(400, "The body has more than 100 members."));
    if (!body.is_object()) return tl::unexpected(problem(400, "The body must be one JSON object, in UTF-8."));
    if (auto refused = judge_members(body, known)) return tl::unexpected(std::move(*refused));
    return body;
}

}  // namespace watchbill::http
