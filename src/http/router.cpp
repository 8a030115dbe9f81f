#include "http/router.h"

#include <algorithm>
#include <cassert>

#include "http/problem.h"
#include "http/request_id.h"
#include "time/format.h"
#include "watchbill/call_deadline.h"
#include "words/ascii.h"

namespace watchbill::http {

namespace {

// How long a request may wait, in all, for what others hold: shorter than clients and proxies wait for us.
constexpr std::chrono::seconds longest_wait{5};

bool is_name(std::string_view text) {
    const auto is_letter_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !text.empty() && is_letter_or_digit(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

// No dot in front, and none after another.
bool is_file(std::string_view text) {
    bool dot_allowed = false;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!plain && (c != '.' || !dot_allowed)) return false;
        dot_allowed = plain;
    }
    return dot_allowed;
}

bool is_feed_token(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<PathValue> text_where(bool valid, std::string_view text) {
    return valid ? std::optional<PathValue>(std::string(text)) : std::nullopt;
}

using Parse = std::optional<PathValue> (*)(std::string_view);

// What makes a value of that type, or nothing of what is none.
Parse parser_named(std::string_view type) {
    if (type == "token") return [](std::string_view text) { return text_where(is_feed_token(text), text); };
    if (type == "file") return [](std::string_view text) { return text_where(is_file(text), text); };
    if (type == "date")
        return [](std::string_view text) -> std::optional<PathValue> { return parse_day(text); };
    if (type == "email") {
        return [](std::string_view text) -> std::optional<PathValue> {
            // The address alone: forms that MemberId::parse tolerates are not further names of the feed.
            auto member = MemberId::parse(text);
            if (!member || !same_without_case(member->email(), text)) return std::nullopt;
            return member;
        };
    }
    assert(type == "name" && "patterns name types that exist");
    return [](std::string_view text) { return text_where(is_name(text), text); };
}

// For the header Allow (RFC 9110 10.2.1).
std::string list_of(std::vector<std::string> methods) {
    if (std::find(methods.begin(), methods.end(), "GET") != methods.end()) methods.emplace_back("HEAD");
    methods.emplace_back("OPTIONS");
    std::sort(methods.begin(), methods.end());
    std::string list;
    for (const std::string& method : methods) list += (list.empty() ? "" : ", ") + method;
    return list;
}

}  // namespace

std::optional<std::vector<std::string>> path_segments(std::string_view target) {
    std::string_view path = target.substr(0, target.find_first_of("?#"));
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!path.starts_with(scheme)) continue;
        const size_t slash = path.find('/', scheme.size());
        path = slash == std::string_view::npos ? "/" : path.substr(slash);
    }
    if (!path.starts_with('/')) return std::nullopt;
    std::vector<std::string> segments;
    segments.reserve(8);  // more than most have
    for (const std::string_view segment : split(path.substr(1), '/')) {
        auto decoded = percent_decode(segment);
        if (!decoded) return std::nullopt;
        segments.push_back(std::move(*decoded));
    }
    return segments;
}

const PathValue* PathValues::find(std::string_view name) const {
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [name](const auto& value) { return value.first == name; });
    return found == values_.end() ? nullptr : &found->second;
}

Router::Segment Router::parse_segment(std::string_view text) {
    if (!text.starts_with('{')) return {std::string(text), ""};
    const size_t colon = text.find(':');
    const size_t end = text.find('}');
    assert(colon < end && end != std::string_view::npos && "a parameter is {name:type}");
    return {std::string(text.substr(end + 1)), std::string(text.substr(1, colon - 1)),
            parser_named(text.substr(colon + 1, end - colon - 1))};
}

void Router::add(std::string method, std::string_view pattern, Requirement requirement, Handler handler,
                 size_t body_limit, Pace pace) {
    assert(pattern.starts_with('/'));
    Route route{
        {std::move(method), std::string(pattern), requirement, body_limit, pace}, {}, std::move(handler), {}};
    for (const std::string_view text : split(pattern.substr(1), '/')) {
        const Segment segment = parse_segment(text);
        route.name += segment.parameter.empty() ? "/" : "/{" + segment.parameter + "}";
        route.name += segment.literal;
        route.segments.push_back(segment);
    }
    if (watch_ != nullptr) route.meter = &watch_->meter_of(route.entry.method, route.name);
    routes_.push_back(std::move(route));
}

void Router::add_at_once(std::string_view pattern, Handler handler) {
    add("GET", pattern, Access::anybody, std::move(handler), usual_body_limit, Pace::at_once);
}

bool Router::match(const Route& route, const std::vector<std::string>& path, PathValues& values) {
    // Most routes differ in what is literal: nothing is made of the rest before that is known.
    const bool same = std::equal(route.segments.begin(), route.segments.end(), path.begin(), path.end(),
                                 [](const Segment& segment, const std::string& text) {
                                     return segment.parameter.empty() ? text == segment.literal
                                                                      : text.ends_with(segment.literal);
                                 });
    for (size_t i = 0; same && i < path.size(); ++i) {
        const Segment& segment = route.segments[i];
        if (segment.parameter.empty()) continue;
        const std::string_view text = path[i];
        auto value = segment.parse(text.substr(0, text.size() - segment.literal.size()));
        if (!value) return false;
        values.add(segment.parameter, std::move(*value));
    }
    return same;
}

Router::Destination Router::find(std::string_view method, std::string_view target) const {
    Destination destination;
    const auto path = path_segments(target);
    destination.is_path_ = path.has_value();
    if (!path) return destination;
    for (const Route& route : routes_) {
        PathValues values;
        if (!match(route, *path, values)) continue;
        if (method == route.entry.method || (method == "HEAD" && route.entry.method == "GET")) {
            destination.route_ = &route;
            destination.values_ = std::move(values);
            break;
        }
        destination.allowed_.push_back(route.entry.method);
    }
    return destination;
}

Response Router::dispatch(Request& request, const Destination& destination) const {
    if (!destination.is_path_) return problem(400, "The request's target is not a well-formed path.");
    if (const Route* const route = destination.route_) {
        request.caller.who.clear();
        if (const auto* scope = std::get_if<ApiScope>(&route->entry.requirement)) {
            if (!guard_) return problem(401, "Nobody may do this here.");
            auto who = guard_(request, *scope);
            if (!who) return std::move(who.error());
            request.caller.who = std::move(*who);
        }
        return route->handler(request, destination.values_);
    }
    if (destination.allowed_.empty()) return problem(404, "There is nothing at this address.");
    const std::string allowed = list_of(destination.allowed_);
    Response response = request.method() == "OPTIONS"
                            ? Response(204)
                            : problem(405, "This address answers " + allowed + " only.");
    response.add_header("Allow", allowed);
    return response;
}

Response Router::finish(const Request& request, const Route* route, Response response) const {
    if (response.status >= 500) response = with_request_id(std::move(response), request.id);
    response.add_header("X-Request-Id", request.id);
    cross_origin_.permit(request, response);
    if (watch_ == nullptr) return response;
    const size_t sent = request.method() == "HEAD" ? 0 : response.body().size();
    watch_->note(route != nullptr ? route->meter : nullptr,
                 {request.method(), route != nullptr ? route->name : std::string_view(), response.status,
                  sent, std::chrono::steady_clock::now() - request.arrived, request.caller.who,
                  request.caller.from, request.id, response.failure});
    return response;
}

Response Router::answer(Request request) const {
    return answer(request, find(request.method(), request.target()));
}

Response Router::answer(Request& request, const Destination& destination, const Amend& amend) const {
    request.id = request_id_of(request.header("X-Request-Id"));
    // The time in the queue counts, too.
    const CallDeadline deadline(request.arrived + longest_wait);
    Response response;
    try {
        response = dispatch(request, destination);
    } catch (const std::exception& exception) {
        response = problem(500, "Something went wrong here, not in the request. Trying later may work.");
        response.failure = exception.what();
    }
    if (amend) amend(response);
    return finish(request, destination.route_, std::move(response));
}

Response Router::turn_away(Request request, Response response) const {
    request.id = request_id_of(request.header("X-Request-Id"));
    return finish(request, nullptr, std::move(response));
}

std::vector<RouteEntry> Router::table() const {
    std::vector<RouteEntry> table;
    for (const Route& route : routes_) table.push_back(route.entry);
    return table;
}

}  // namespace watchbill::http
