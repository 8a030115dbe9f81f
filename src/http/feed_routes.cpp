#include <algorithm>

#include "http/conditional.h"
#include "http/http_date.h"
#include "http/negotiation.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "service/feed_links.h"

namespace watchbill::http {

namespace {

// A wrong token, an unknown team and an unknown feed get the same answer.
Response no_such_feed() { return problem(404, "There is nothing at this address."); }

// The name for those who save it, of letters that are safe in any file system and need no quoting:
// "payments-alice-example.com.ics".
std::string disposition(std::string_view team, std::string_view scope) {
    constexpr std::string_view member = "member/";
    if (scope.starts_with(member)) scope.remove_prefix(member.size());
    std::string text;
    text.reserve(128);  // more than most need
    text.append("inline; filename=\"");
    const size_t name = text.size();
    text.append(team).append("-").append(scope);
    const auto is_unsafe = [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_');
    };
    std::replace_if(text.begin() + static_cast<std::ptrdiff_t>(name), text.end(), is_unsafe, '-');
    return text.append(".ics\"");
}

const PostedFeed* find_feed(const TeamNotice* notice, std::string_view scope, std::string_view token) {
    // Compared also where there is nothing to compare with: how long it takes tells nothing.
    static const std::string nobodys_token(32, '-');
    const PostedFeed* feed = nullptr;
    if (notice != nullptr) {
        const auto found = notice->feeds.find(scope);
        if (found != notice->feeds.end()) feed = &found->second;
    }
    const bool same = same_token(token, feed != nullptr ? feed->token : nobodys_token);
    return same ? feed : nullptr;
}

Response send(const Request& request, const FeedSnapshot& snapshot, std::string_view team,
              std::string_view scope, Instant now) {
    const bool packed = wants_gzip(request.header("Accept-Encoding"));
    const FeedVariant& variant = packed ? snapshot.gzip : snapshot.identity;

    Response response;
    response.add_header("ETag", variant.etag);
    // The URL is a secret: shared caches keep out. Five minutes is how often calendars are read anyway.
    response.add_header("Cache-Control", "private, max-age=300");
    response.add_header("Vary", "Accept-Encoding");
    const Conditions conditions{request.header("If-None-Match"), request.header("If-Modified-Since")};
    if (is_not_modified(conditions, {variant.etag, snapshot.last_modified}, now)) {
        response.status = 304;  // with nothing that the tag stands for (RFC 9110 15.4.5)
        return response;
    }
    response.add_header("Last-Modified", format_http_date(snapshot.last_modified));
    response.add_header("Content-Type", "text/calendar; charset=utf-8");
    response.add_header("Content-Disposition", disposition(team, scope));
    if (packed) response.add_header("Content-Encoding", "gzip");
    response.share_body(variant.bytes);
    return response;
}

}  // namespace

void add_feed_routes(Router& router, const NoticeBoard& board, const Clock& clock) {
    const auto serve = [&board, &clock](const Request& request, const PathValues& path,
                                        const std::string& scope) {
        const auto& team = path.get<std::string>("team");
        const auto notice = board.find(team);
        const PostedFeed* feed = find_feed(notice.get(), scope, path.get<std::string>("token"));
        if (feed == nullptr) return no_such_feed();
        if (feed->snapshot == nullptr) return no_plan_yet();
        return send(request, *feed->snapshot, team, scope, clock.now());
    };
    for (const std::string scope : {"rotation", "handovers", "absences", "incidents"}) {
        router.add_at_once("/feeds/{team:name}/{token:token}/" + scope + ".ics",
                           [serve, scope](const Request& request, const PathValues& path) {
                               return serve(request, path, scope);
                           });
    }
    router.add_at_once("/feeds/{team:name}/{token:token}/member/{email:email}.ics",
                       [serve](const Request& request, const PathValues& path) {
                           return serve(request, path, member_scope(path.get<MemberId>("email")));
                       });
}

}  // namespace watchbill::http
