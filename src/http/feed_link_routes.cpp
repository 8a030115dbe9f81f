#include "http/json_message.h"
#include "http/problem.h"
#include "http/qr_code.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "service/feed_links.h"

namespace watchbill::http {

namespace {

SubscribeLinks links_of(const TeamCall& call, const std::string& scope, const PostedFeed& feed) {
    return subscribe_links(*call.backend.public_url, feed_path(call.team().name, feed.token, scope),
                           feed_title(call.team(), scope));
}

Response list_feeds(const TeamCall& call, Query&) {
    const Team& team = call.team();
    Json feeds = Json::array();
    for (const std::string& scope : feed_scopes(team)) {
        const auto feed = call.notice.feeds.find(scope);
        if (feed == call.notice.feeds.end()) continue;
        const SubscribeLinks links = links_of(call, scope, feed->second);
        feeds.push_back({{"feed", scope},
                         {"url", links.url},
                         {"webcal", links.webcal},
                         {"google", links.google},
                         {"outlook", links.outlook},
                         {"outlook_live", links.outlook_live}});
    }
    return json_response(200, {{"team", team.name}, {"feeds", std::move(feeds)}});
}

Response draw_code(const TeamCall& call, const std::string& scope) {
    const auto feed = call.notice.feeds.find(scope);
    if (feed == call.notice.feeds.end())
        return problem(404, "Team " + call.team().name + " has no such feed.");
    // What phones do with webcal: is to subscribe; https: would be downloaded once.
    auto svg = qr_code_svg(links_of(call, scope, feed->second).webcal);
    if (!svg) return problem(svg.error());
    return text_response(200, "image/svg+xml", std::move(*svg));
}

}  // namespace

void add_feed_link_routes(Router& router, const Backend& backend) {
    TeamRoutes routes(router, backend);
    routes.get("/feeds", {}, Needs::team, list_feeds);
    routes.get("/feeds/{feed:name}/qr.svg", {}, Needs::team, [](const TeamCall& call, Query&) {
        return draw_code(call, call.path.get<std::string>("feed"));
    });
    routes.get("/feeds/member/{email:email}/qr.svg", {}, Needs::team, [](const TeamCall& call, Query&) {
        return draw_code(call, member_scope(call.path.get<MemberId>("email")));
    });
}

}  // namespace watchbill::http
