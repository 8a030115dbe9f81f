// One table of routes with typed path parameters. Immutable once made, hence thread-safe.
//
//     router.add("GET", "/feeds/{team:name}/{token:token}/member/{email:email}.ics", Access::anybody,
//     handler); router.add("POST", "/api/v1/teams/{team:name}/refresh", ApiScope::admin, handler);
//
// Who may use a route stands in the table, and is looked at before its handler runs: no handler can forget
// it.
//
// A parameter is a whole path segment, or one before a literal ending. One that is not of its type is no
// match: the answer is 404, as for any other path that does not exist. Types are: name (of a team or
// rotation: [a-z0-9][a-z0-9_-]*), token (of a feed: lower-case hex digits), email, date ("2026-03-01"), file
// (of the web page: [a-z0-9_]+ with endings, "page.css").
//
// OPTIONS is answered for every path, and HEAD wherever GET is.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/cross_origin.h"
#include "http/request_watch.h"
#include "http/server/message.h"
#include "service/api_tokens.h"
#include "watchbill/member_id.h"

namespace watchbill::http {

using PathValue = std::variant<std::string, MemberId, Day>;

class PathValues {
public:
    // The route's pattern has that parameter, of that type (asserted).
    template <typename T>
    const T& get(std::string_view name) const {
        return std::get<T>(*find(name));
    }
    bool has(std::string_view name) const { return find(name) != nullptr; }
    void add(std::string_view name, PathValue value) { values_.emplace_back(name, std::move(value)); }

private:
    const PathValue* find(std::string_view name) const;

    std::vector<std::pair<std::string_view, PathValue>> values_;  // few; the names are the route's
};

using Handler = std::function<Response(const Request&, const PathValues&)>;

enum class Access { anybody };
// What a route asks of whoever uses it: nothing, or a token with that scope.
using Requirement = std::variant<Access, ApiScope>;

// Who asks (Caller::who), or the answer that refuses them.
using Guard = std::function<tl::expected<std::string, Response>(const Request&, ApiScope)>;

// Bodies are orders in JSON: names, dates and a few sentences.
inline constexpr size_t usual_body_limit = size_t{64} * 1024;

// Where a handler runs. One that answers from memory within microseconds, and never waits, runs where
// connections are served: handing it to a worker would take longer than the answer. All others may take their
// time.
enum class Pace { may_wait, at_once };

// A line of the table, for whoever documents or checks all of them.
struct RouteEntry {
    std::string method;
    std::string pattern;  // as it was added
    Requirement requirement;
    size_t body_limit = 0;  // in bytes
    Pace pace = Pace::may_wait;
};

class Router {
public:
    // The guard is that of routes that ask for a scope. Without one nobody may use them. The watch may be
    // null, and must outlive the router.
    explicit Router(Guard guard = {}, CrossOrigin cross_origin = {}, const RequestWatch* watch = nullptr)
        : guard_(std::move(guard)), cross_origin_(std::move(cross_origin)), watch_(watch) {}

    // GET answers HEAD too. `body_limit` in bytes.
    void add(std::string method, std::string_view pattern, Requirement requirement, Handler handler,
             size_t body_limit = usual_body_limit, Pace pace = Pace::may_wait);
    // A GET that anybody may use (whoever must be authenticated is looked up on disk), with a handler that is
    // at once.
    void add_at_once(std::string_view pattern, Handler handler);

    // Where a request goes, of which its method and target decide. Refers to the router, which must not be
    // added to meanwhile.
    class Destination;
    Destination find(std::string_view method, std::string_view target) const;

    // 404 for unknown paths, 405 with Allow for methods that a path does not have, 400 for malformed
    // targets, what the guard answers to those it refuses, 500 (and nothing of why) for handlers that throw.
    // The answer has the request's id (X-Request-Id), and was told to the watch.
    Response answer(Request request) const;
    // The same where the request's destination was looked for already. Notes in it who asks, and its id.
    // `amend` may put another answer in the place of the handler's.
    using Amend = std::function<void(Response&)>;
    Response answer(Request& request, const Destination& destination, const Amend& amend = {}) const;
    // The same for an answer that the routes were not asked for: of who came too often, say.
    Response turn_away(Request request, Response response) const;

    std::vector<RouteEntry> table() const;  // in the order of add()
    const RequestWatch* watch() const { return watch_; }

private:
    struct Segment {
        std::string literal;    // the whole segment, or what follows the parameter
        std::string parameter;  // "" for a literal segment
        std::optional<PathValue> (*parse)(std::string_view text) = nullptr;  // the parameter
    };
    struct Route {
        RouteEntry entry;
        std::vector<Segment> segments;
        Handler handler;
        std::string name;             // the pattern without types: "/feeds/{team}/{token}/rotation.ics"
        RouteMeter* meter = nullptr;  // null without a watch
    };
    static Segment parse_segment(std::string_view text);
    static bool match(const Route& route, const std::vector<std::string>& path, PathValues& values);
    Response dispatch(Request& request, const Destination& destination) const;
    Response finish(const Request& request, const Route* route, Response response) const;

    Guard guard_;
    CrossOrigin cross_origin_;
    const RequestWatch* watch_;
    std::vector<Route> routes_;
};

class Router::Destination {
public:
    // Refusing what no route would answer is at once.
    Pace pace() const { return route_ == nullptr ? Pace::at_once : route_->entry.pace; }
    // Which line of the table that is; "" where no route answers.
    std::string_view pattern() const {
        return route_ == nullptr ? "" : std::string_view(route_->entry.pattern);
    }
    // How long the request's body may be, in bytes, to be known before it is read. The usual limit where no
    // route will look at it.
    size_t body_limit() const { return route_ == nullptr ? usual_body_limit : route_->entry.body_limit; }

private:
    friend class Router;
    bool is_path_ = false;          // the target is a well-formed one
    const Route* route_ = nullptr;  // null: none answers
    PathValues values_;
    std::vector<std::string> allowed_;  // methods that the path has instead
};

// A target's path, taken apart and decoded; "/" is one empty segment. Takes the absolute form
// ("http://host/path") that proxies send, too (RFC 9112 3.2.2). Nothing when the target is no path ("*"), a
// "%" is not followed by two hex digits, or a decoded character is a control character.
std::optional<std::vector<std::string>> path_segments(std::string_view target);

}  // namespace watchbill::http
