#include "http/page_assets.h"
#include "http/page_view.h"
#include "service/feed_links.h"
#include "texts/phrases.h"

namespace watchbill::http {

namespace {

constexpr std::string_view member_prefix = "member/";

std::string name_of(const PageView& view, const std::string& scope) {
    if (!scope.starts_with(member_prefix)) return view.words.say("feed_" + scope);
    const auto member = MemberId::parse(scope.substr(member_prefix.size()));
    return member ? say_member(*view.notice.team, *member) : scope;
}

Html about(const PageView& view, const std::string& scope) {
    if (scope.starts_with(member_prefix)) return view.words.html("feed_member_about");
    return view.words.html("feed_" + scope + "_about");
}

Html feed_item(const PageView& view, const std::string& scope, const PostedFeed& feed) {
    const Team& team = *view.notice.team;
    const SubscribeLinks links =
        subscribe_links(view.public_url, feed_path(team.name, feed.token, scope), feed_title(team, scope));
    const std::string name = name_of(view, scope);
    const std::string qr_url = "/api/v1/teams/" + team.name + "/feeds/" + scope_in_path(scope) + "/qr.svg";
    return Html::fill(asset_text("feed.html"), {{"name", Html::text(name)},
                                                {"about", about(view, scope)},
                                                {"webcal", Html::text(links.webcal)},
                                                {"google", Html::text(links.google)},
                                                {"outlook", Html::text(links.outlook)},
                                                {"outlook_live", Html::text(links.outlook_live)},
                                                {"url", Html::text(links.url)},
                                                {"qr_url", Html::text(qr_url)},
                                                {"qr_alt", view.words.html("qr_alt", {name})},
                                                {"open_in_app", view.words.html("open_in_app")},
                                                {"work", view.words.html("work_account")},
                                                {"address", view.words.html("address")},
                                                {"copy", view.words.html("copy")},
                                                {"qr", view.words.html("qr")}});
}

}  // namespace

Html subscribe_view(const PageView& view) {
    HtmlParts parts{{"feeds", {}}, {"members", {}}};
    for (const std::string& scope : feed_scopes(*view.notice.team)) {
        const auto feed = view.notice.feeds.find(scope);
        if (feed == view.notice.feeds.end()) continue;
        parts[scope.starts_with(member_prefix) ? "members" : "feeds"] += feed_item(view, scope, feed->second);
    }
    for (const char* const name : {"team_feeds", "personal_feeds", "delay_title", "delay_google",
                                   "delay_outlook", "delay_apple", "delay_thunderbird"})
        parts[name] = view.words.html(name);
    parts["title"] = view.words.html("subscribe");
    parts["note"] = view.words.html("subscribe_note");
    return Html::fill(asset_text("subscribe.html"), parts);
}

}  // namespace watchbill::http
