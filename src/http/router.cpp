#include "http/router.h"

#include <algorithm>
#include <cassert>

#include "http/problem.h"
#include "http/query.h"
#include "http/request_id.h"
#include "http/server/message.h"
#include "time/format.h"
#include "watchbill/call_deadline.h"

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

std::optional<PathValue> parse_value(ParameterType type, std::string_view text) {
    switch (type) {
        case ParameterType::name:
            return is_name(text) ? std::optional<PathValue>(std::string(text)) : std::nullopt;
        case ParameterType::token:
            return is_feed_token(text) ? std::optional<PathValue>(std::string(text)) : std::nullopt;
        case ParameterType::file:
            return is_file(text) ? std::optional<PathValue>(std::string(text)) : std::nullopt;
        case ParameterType::email: {
            // The address alone: forms that MemberId::parse tolerates are not further names of the feed.
            const auto member = MemberId::parse(text);
            const bool plain = member && same_without_case(member->email(), text);
            return plain ? std::optional<PathValue>(*member) : std::nullopt;
        }
        case ParameterType::date: {
            const auto day = parse_day(text);
            return day ? std::optional<PathValue>(*day) : std::nullopt;
        }
    }
    return std::nullopt;
}

ParameterType type_named(std::string_view name) {
    if (name == "token") return ParameterType::token;
    if (name == "email") return ParameterType::email;
    if (name == "date") return ParameterType::date;
    if (name == "file") return ParameterType::file;
    assert(name == "name" && "patterns name types that exist");
    return ParameterType::name;
}

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    for (;;) {
        const size_t slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
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

Response method_not_allowed(const std::string& allowed) {
    Response response = problem(405, "This address answers " + allowed + " only.");
    response.add_header("Allow", allowed);
    return response;
}

Response options(const std::string& allowed) {
    Response response(204);
    response.add_header("Allow", allowed);
    return response;
}

}  // namespace

TargetPath::TargetPath(std::string_view target) {
    std::string_view path = target.substr(0, std::min(target.find('?'), target.find('#')));
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!path.starts_with(scheme)) continue;
        const size_t slash = path.find('/', scheme.size());
        path = slash == std::string_view::npos ? "/" : path.substr(slash);
    }
    if (!path.starts_with('/')) return;
    const size_t longest = path.size();
    do {
        path.remove_prefix(1);
        const std::string_view segment = path.substr(0, path.find('/'));
        is_well_formed_ = take(segment, longest);
        path.remove_prefix(segment.size());
    } while (is_well_formed_ && !path.empty());
    if (!is_well_formed_ || count_ > most_segments) count_ = 0;
}

bool TargetPath::take(std::string_view segment, size_t longest) {
    if (std::any_of(segment.begin(), segment.end(),
                    [](char c) { return c == '%' || (c >= 0 && c < ' ') || c == 0x7f; })) {
        const auto text = percent_decode(segment);
        if (!text) return false;
        decoded_.reserve(longest);  // once: what was decoded stays where it is
        const size_t begin = decoded_.size();
        decoded_.append(*text);
        segment = std::string_view(decoded_).substr(begin);
    }
    if (count_ < most_segments) segments_[count_] = segment;
    ++count_;
    return true;
}

const PathValue& PathValues::find(std::string_view name) const {
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [name](const auto& value) { return value.first == name; });
    assert(found != values_.end() && "a handler asks for its own route's parameters");
    return found->second;
}

Router::Segment Router::parse_segment(std::string_view text) {
    if (!text.starts_with('{')) return {std::string(text), "", ParameterType::name};
    const size_t colon = text.find(':');
    const size_t end = text.find('}');
    assert(colon < end && end != std::string_view::npos && "a parameter is {name:type}");
    return {std::string(text.substr(end + 1)), std::string(text.substr(1, colon - 1)),
            type_named(text.substr(colon + 1, end - colon - 1))};
}

void Router::add(std::string method, std::string_view pattern, Requirement requirement, Handler handler,
                 size_t body_limit, Pace pace) {
    assert(pattern.starts_with('/'));
    Route route{
        {std::move(method), std::string(pattern), requirement, body_limit, pace}, {}, std::move(handler), {}};
    for (const std::string_view text : split(pattern.substr(1))) {
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

bool Router::match(const Route& route, std::span<const std::string_view> path, PathValues& values) {
    if (route.segments.size() != path.size()) return false;
    // Most routes differ in what is literal: nothing is made of the rest before that is known.
    for (size_t i = 0; i < path.size(); ++i) {
        const Segment& segment = route.segments[i];
        const bool same =
            segment.parameter.empty() ? path[i] == segment.literal : path[i].ends_with(segment.literal);
        if (!same) return false;
    }
    for (size_t i = 0; i < path.size(); ++i) {
        const Segment& segment = route.segments[i];
        if (segment.parameter.empty()) continue;
        auto value = parse_value(segment.type, path[i].substr(0, path[i].size() - segment.literal.size()));
        if (!value) return false;
        values.add(segment.parameter, std::move(*value));
    }
    return true;
}

bool Router::answers(const Route& route, std::string_view method) {
    return method == route.entry.method || (method == "HEAD" && route.entry.method == "GET");
}

Router::Destination Router::find(std::string_view method, std::string_view target) const {
    Destination destination;
    const TargetPath path(target);
    if (!path.is_well_formed()) return destination;
    destination.is_path_ = true;
    for (const Route& route : routes_) {
        PathValues values;
        if (!match(route, path.segments(), values)) continue;
        if (answers(route, method)) {
            destination.route_ = &route;
            destination.values_ = std::move(values);
            break;
        }
        destination.allowed_.push_back(route.entry.method);
    }
    return destination;
}

Response Router::serve(const Route& route, Request& request, const PathValues& values) const {
    request.caller.who.clear();
    if (const auto* scope = std::get_if<ApiScope>(&route.entry.requirement)) {
        if (!guard_) return problem(401, "Nobody may do this here.");
        auto who = guard_(request, *scope);
        if (!who) return std::move(who.error());
        request.caller.who = std::move(*who);
    }
    return route.handler(request, values);
}

Response Router::dispatch(Request& request, const Destination& destination) const {
    if (!destination.is_path_) return problem(400, "The request's target is not a well-formed path.");
    if (destination.route_ != nullptr) return serve(*destination.route_, request, destination.values_);
    if (destination.allowed_.empty()) return problem(404, "There is nothing at this address.");
    const std::string list = list_of(destination.allowed_);
    return request.method() == "OPTIONS" ? options(list) : method_not_allowed(list);
}

void Router::finish(const Request& request, const Route* route, Response& response) const {
    if (response.status >= 500) response = with_request_id(std::move(response), request.id);
    response.add_header("X-Request-Id", request.id);
    cross_origin_.permit(request, response);
    if (watch_ == nullptr) return;
    const size_t sent = request.method() == "HEAD" ? 0 : response.body().size();
    watch_->note(route != nullptr ? route->meter : nullptr,
                 {request.method(), route != nullptr ? route->name : std::string_view(), response.status,
                  sent, std::chrono::steady_clock::now() - request.arrived, request.caller.who,
                  request.caller.from, request.id, response.failure});
}

Response Router::answer(Request request) const {
    const Destination destination = find(request.method(), request.target());
    return answer(request, destination);
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
    finish(request, destination.route_, response);
    return response;
}

Response Router::turn_away(Request request, Response response) const {
    request.id = request_id_of(request.header("X-Request-Id"));
    finish(request, nullptr, response);
    return response;
}

Response Router::turn_away(Response response) const {
    const std::string id = request_id_of(std::nullopt);
    if (response.status >= 500) response = with_request_id(std::move(response), id);
    response.add_header("X-Request-Id", id);
    if (watch_ != nullptr)
        watch_->note(nullptr,
                     {"", "", response.status, response.body().size(), {}, "", "", id, response.failure});
    return response;
}

std::vector<RouteEntry> Router::table() const {
    std::vector<RouteEntry> table;
    for (const Route& route : routes_) table.push_back(route.entry);
    return table;
}

}  // namespace watchbill::http
