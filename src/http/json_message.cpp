#include "http/json_message.h"

#include <algorithm>

#include "http/problem.h"
#include "http/query.h"
#include "time/format.h"
#include "words/ascii.h"

namespace watchbill::http {

namespace {

// Far more than any request has. An ordered object looks for each new one among all before it: thousands
// would take seconds.
constexpr size_t most_members = 100;

// Parameters such as "; charset=utf-8" say nothing that JSON leaves open (RFC 8259 11).
bool is_json(const Request& request) {
    const std::string type = request.header("Content-Type").value_or("");
    return same_without_case(trim(std::string_view(type).substr(0, type.find(';'))), "application/json");
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

std::string json_text(const Json& body) { return body.dump(-1, ' ', false, Json::error_handler_t::replace); }

Response json_response(int status, const Json& body, std::string_view cache_control) {
    return text_response(status, "application/json", json_text(body) + "\n", cache_control);
}

tl::expected<Json, Response> read_json_object(const Request& request,
                                              const std::vector<std::string_view>& known) {
    if (request.body().empty()) return Json::object();
    if (!is_json(request))
        return tl::unexpected(
            problem(415, "The body must be JSON: send \"Content-Type: application/json\"."));
    size_t members = 0;
    bool too_deep = false;
    // What is too much is thrown away as it comes.
    const auto is_kept = [&](int depth, Json::parse_event_t event, const Json&) {
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        too_deep = too_deep || (opens && depth >= max_json_depth);
        return event == Json::parse_event_t::key ? ++members <= most_members : !too_deep;
    };
    Json body = Json::parse(request.body(), is_kept, false);
    if (too_deep) return tl::unexpected(problem(400, "The body is nested more than 16 levels deep."));
    if (members > most_members) return tl::unexpected(problem(400, "The body has more than 100 members."));
    if (!body.is_object()) return tl::unexpected(problem(400, "The body must be one JSON object, in UTF-8."));
    if (auto refused = judge_members(body, known)) return tl::unexpected(std::move(*refused));
    return body;
}

}  // namespace watchbill::http
