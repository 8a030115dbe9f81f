#include "http/page_view.h"
#include "service/feed_links.h"
#include "texts/phrases.h"

namespace watchbill::http {

namespace {

constexpr std::string_view member_prefix = "member/";

constexpr std::string_view subscribe_markup =
    R"(<section id="subscribe" class="panel" aria-labelledby="subscribe-title">
<h2 id="subscribe-title">{title}</h2>
<p class="note">{note}</p>
<h3>{team_feeds}</h3>
{feeds}
<h3>{personal_feeds}</h3>
{members}
<h3 id="delay-title">{delay_title}</h3>
<table class="delays" aria-labelledby="delay-title">
<tbody>
<tr><th scope="row">Google Calendar</th><td>{delay_google}</td></tr>
<tr><th scope="row">Outlook</th><td>{delay_outlook}</td></tr>
<tr><th scope="row">Apple</th><td>{delay_apple}</td></tr>
<tr><th scope="row">Thunderbird</th><td>{delay_thunderbird}</td></tr>
</tbody>
</table>
</section>)";

constexpr std::string_view feed_markup = R"(<details class="feed">
<summary><strong>{name}</strong> <span>{about}</span></summary>
<p class="links">
<a class="button" href="{webcal}">{open_in_app}</a>
<a class="button" href="{google}" rel="noreferrer">Google Calendar</a>
<a class="button" href="{outlook}" rel="noreferrer">Outlook ({work})</a>
<a class="button" href="{outlook_live}" rel="noreferrer">Outlook.com</a>
</p>
<p class="address"><label>{address} <input readonly value="{url}"></label> <button type="button" class="copy" data-copy="{url}" hidden>{copy}</button></p>
<details class="qr"><summary>{qr}</summary><img src="{qr_url}" alt="{qr_alt}" width="220" height="220" loading="lazy"></details>
</details>
)";

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
    return Html::fill(feed_markup, {{"name", Html::text(name)},
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
    return Html::fill(subscribe_markup, parts);
}

}  // namespace watchbill::http
