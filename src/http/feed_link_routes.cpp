#include "http/json_message.h"
#include "http/problem.h"
#include "http/qr_code.h"
#include "http/query.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "service/feed_links.h"

namespace watchbill::http {

namespace {

SubscribeLinks links_of(const std::string& public_url, const Team& team, const std::string& scope,
                        const PostedFeed& feed) {
    return subscribe_links(public_url, feed_path(team.name, feed.token, scope), feed_title(team, scope));
}

Response list_feeds(const std::string& public_url, const TeamNotice& notice, const Request& request) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    const Team& team = *notice.team;
    Json feeds = Json::array();
    for (const std::string& scope : feed_scopes(team)) {
        const auto feed = notice.feeds.find(scope);
        if (feed == notice.feeds.end()) continue;
        const SubscribeLinks links = links_of(public_url, team, scope, feed->second);
        feeds.push_back({{"feed", scope},
                         {"url", links.url},
                         {"webcal", links.webcal},
                         {"google", links.google},
                         {"outlook", links.outlook},
                         {"outlook_live", links.outlook_live}});
    }
    return json_response(200, {{"team", team.name}, {"feeds", std::move(feeds)}});
}

Response draw_code(const std::string& public_url, const TeamNotice& notice, const Request& request,
                   const std::string& scope) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    const auto feed = notice.feeds.find(scope);
    if (feed == notice.feeds.end()) return problem(404, "Team " + notice.team->name + " has no such feed.");
    // What phones do with webcal: is to subscribe; https: would be downloaded once.
    auto svg = qr_code_svg(links_of(public_url, *notice.team, scope, feed->second).webcal);
    if (!svg) return problem(svg.error());
    Response response = text_response(200, "image/svg+xml", std::move(*svg));
    response.add_header("Cache-Control", "private, no-store");
    return response;
}

}  // namespace

void add_feed_link_routes(Router& router, const Backend& backend) {
    const NoticeBoard& board = *backend.board;
    const std::string& public_url = *backend.public_url;
    const std::string feeds = "/api/v1/teams/{team:name}/feeds";
    router.add(
        "GET", feeds, ApiScope::read,
        for_team(board, [&public_url](const TeamNotice& notice, const Request& request, const PathValues&) {
            return list_feeds(public_url, notice, request);
        }));
    router.add("GET", feeds + "/{feed:name}/qr.svg", ApiScope::read,
               for_team(board, [&public_url](const TeamNotice& notice, const Request& request,
                                             const PathValues& path) {
                   return draw_code(public_url, notice, request, path.get<std::string>("feed"));
               }));
    router.add("GET", feeds + "/member/{email:email}/qr.svg", ApiScope::read,
               for_team(board, [&public_url](const TeamNotice& notice, const Request& request,
                                             const PathValues& path) {
                   return draw_code(public_url, notice, request, member_scope(path.get<MemberId>("email")));
               }));
}

}  // namespace watchbill::http
