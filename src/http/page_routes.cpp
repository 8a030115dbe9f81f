#include "http/conditional.h"
#include "http/cookies.h"
#include "http/negotiation.h"
#include "http/own_page.h"
#include "http/page_assets.h"
#include "http/page_view.h"
#include "http/problem.h"
#include "http/routes.h"
#include "service/page_sessions.h"

namespace watchbill::http {

namespace {

// A token and its field's name need some eighty bytes.
constexpr size_t sign_in_body_limit = 4096;
// A session that was used less than this ago is not worth a new cookie.
constexpr Duration renewed_after = std::chrono::days(1);
constexpr long long asset_age = 365LL * 24 * 60 * 60;

Response html_response(int status, const Html& html) {
    Response response = text_response(status, "text/html; charset=utf-8", html.string());
    response.add_header("Content-Security-Policy", std::string(page_policy));
    // With "no-referrer" browsers would hide where our own forms come from ("Origin: null").
    response.add_header("Referrer-Policy", "same-origin");
    return response;
}

Response redirect(const std::string& location) {
    Response response(303);
    response.add_header("Location", location);
    response.add_header("Cache-Control", "private, no-store");
    return response;
}

class Page {
public:
    explicit Page(const Backend& backend) : backend_(backend) {}

    Response show(const Request& request) const {
        const std::string team = request.parameter("team");
        if (const auto language = language_named(request.parameter("lang")))
            return switch_language(*language, team);
        const Words& words = words_for(request);
        const auto session = session_of(request);
        if (!session) return sign_in_page(503, words, "sign_in_unavailable");
        if (!*session) return sign_in_page(200, words, "");
        Response response = html_response(200, page(**session, words, team));
        renew(**session, response);
        return response;
    }

    Response sign_in(const Request& request) const {
        const Words& words = words_for(request);
        if (!is_from_own_page(request, *backend_.public_url))
            return sign_in_page(403, words, "sign_in_elsewhere");
        const auto token = backend_.tokens->find(without_blanks(request.parameter("token")));
        if (!token) return sign_in_page(503, words, "sign_in_unavailable");
        if (!*token) return sign_in_page(401, words, "sign_in_wrong");
        if (!allows(**token, ApiScope::read)) return sign_in_page(403, words, "sign_in_no_scope");
        Response response = redirect("/");
        set_session(**token, backend_.sessions->open(**token), response);
        return response;
    }

    Response sign_out(const Request& request) const {
        if (!is_from_own_page(request, *backend_.public_url))
            return problem(403, "not_our_page", "Only this server's own page signs people out.");
        const auto value = cookie(request, session_cookie_name(secure()));
        // The cookie stays where that could not be written: who tries again must still have it.
        if (value) {
            if (const auto ended = backend_.sessions->end(*value); !ended) return problem(ended.error());
        }
        Response response = redirect("/");
        response.add_header("Set-Cookie", session_cookie(secure(), "", 0));
        return response;
    }

private:
    bool secure() const { return backend_.public_url->starts_with("https://"); }

    // As tokens are copied: with a line's end.
    static std::string without_blanks(std::string text) {
        std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
        return text;
    }

    static const Words& words_for(const Request& request) {
        const auto chosen = language_named(cookie(request, language_cookie_name).value_or(""));
        return Words::in(chosen ? *chosen : preferred_language(request.header("Accept-Language")));
    }

    Response switch_language(Language language, const std::string& team) const {
        const bool known = backend_.board->find(team) != nullptr;
        Response response = redirect(known ? "/?team=" + team : "/");
        response.add_header("Set-Cookie", language_cookie(secure(), language_name(language)));
        return response;
    }

    Result<std::optional<PageSession>> session_of(const Request& request) const {
        const auto value = cookie(request, session_cookie_name(secure()));
        if (!value) return std::nullopt;
        auto session = backend_.sessions->find(*value);
        // Tokens keep their scopes for ever, but who could sign in with less may come with an old cookie.
        if (session && *session && !allows((*session)->token, ApiScope::read)) return std::nullopt;
        return session;
    }

    void set_session(const ApiToken& token, const std::string& value, Response& response) const {
        const auto length = backend_.sessions->end_of(token) - backend_.clock->now();
        response.add_header("Set-Cookie", session_cookie(secure(), value, length.count()));
    }

    // Whoever looks now and then stays signed in.
    void renew(const PageSession& session, Response& response) const {
        if (backend_.sessions->end_of(session.token) - session.ends >= renewed_after)
            set_session(session.token, backend_.sessions->renew(session), response);
    }

    static Html language_switch(const Words& words, const std::string& team) {
        const Html link = team.empty() ? Html() : Html::markup("&amp;team=") + Html::text(team);
        Html links;
        for (const Language language : languages) {
            const Html label = Html::text(Words::in(language).say("language"));
            if (language == words.language()) {
                links += Html::markup("<span aria-current=\"true\">") + label + Html::markup("</span> ");
            } else {
                links += Html::fill(
                    asset_text("language.html"),
                    {{"name", Html::text(language_name(language))}, {"team", link}, {"label", label}});
            }
        }
        return Html::element("p", "languages", links);
    }

    static Response sign_in_page(int status, const Words& words, std::string_view complaint) {
        const Html said = complaint.empty()
                              ? Html()
                              : Html::markup("<p class=\"complaint\" role=\"alert\" id=\"complaint\">") +
                                    words.html(complaint) + Html::markup("</p>");
        return html_response(
            status,
            Html::fill(asset_text("sign_in.html"),
                       {{"lang", Html::text(language_name(words.language()))},
                        {"title", words.html("sign_in_title")},
                        {"assets", Html::text(assets_path())},
                        {"heading", words.html("sign_in")},
                        {"intro", words.html("sign_in_intro")},
                        {"complaint", said},
                        {"invalid", complaint.empty() ? Html() : Html::markup("aria-invalid=\"true\"")},
                        {"token_label", words.html("token_label")},
                        {"token_help", words.html("token_help")},
                        {"submit", words.html("sign_in")},
                        {"language_switch", language_switch(words, "")}}));
    }

    // A page of one team only, that which the query names or the first.
    Html page(const PageSession& session, const Words& words, const std::string& team) const {
        const auto notices = backend_.board->all();
        auto notice = backend_.board->find(team);
        if (notice == nullptr && !notices.empty()) notice = notices.front();
        HtmlParts parts{{"lang", Html::text(language_name(words.language()))},
                        {"assets", Html::text(assets_path())},
                        {"team", {}},
                        {"zone", {}},
                        {"title", Html::text("Watchbill")},
                        {"today_view", words.html("no_team")},
                        {"sheet_view", {}},
                        {"subscribe_view", {}},
                        {"scopes", Html::text(scopes_of(session.token))}};
        for (const char* const name : {"skip", "sections", "today", "incident", "calendar", "sheet",
                                       "fairness", "swap", "subscribe", "sign_out", "no_script", "footer"})
            parts[name] = words.html(name);
        parts["team_switch"] = team_switch(notices, notice.get(), words);
        parts["language_switch"] = language_switch(words, notice == nullptr ? "" : notice->team->name);
        if (notice != nullptr) {
            const PageView view{*notice, words, backend_.clock->now(), *backend_.public_url,
                                open_incidents(*notice->team)};
            parts["team"] = Html::text(notice->team->name);
            parts["zone"] = Html::text(notice->team->zone);
            parts["title"] = words.html("page_title", {notice->team->title});
            parts["today_view"] = today_view(view);
            parts["sheet_view"] = sheet_view(view);
            parts["subscribe_view"] = subscribe_view(view);
        }
        return Html::fill(asset_text("page.html"), parts);
    }

    std::optional<std::vector<Incident>> open_incidents(const Team& team) const {
        auto found = backend_.store->incidents(team.name, {IncidentState::open});
        if (!found) return std::nullopt;
        return std::move(*found);
    }

    static std::string scopes_of(const ApiToken& token) {
        std::string names;
        for (const ApiScope scope : {ApiScope::read, ApiScope::incident, ApiScope::admin})
            if (allows(token, scope)) names += (names.empty() ? "" : " ") + std::string(scope_name(scope));
        return names;
    }

    static Html team_switch(const std::vector<std::shared_ptr<const TeamNotice>>& notices,
                            const TeamNotice* shown, const Words& words) {
        if (shown == nullptr) return {};
        if (notices.size() == 1) return Html::element("p", "team", Html::text(shown->team->title));
        Html options;
        for (const auto& notice : notices) {
            options += Html::markup("<option value=\"") + Html::text(notice->team->name) +
                       Html::markup("\"") + (notice.get() == shown ? Html::markup(" selected") : Html()) +
                       Html::markup(">") + Html::text(notice->team->title) + Html::markup("</option>");
        }
        return Html::fill(asset_text("team_switch.html"),
                          {{"team", words.html("team")}, {"options", options}, {"show", words.html("show")}});
    }

    const Backend backend_;
};

Response send_asset(const Request& request, const PathValues& path) {
    const Asset* asset = find_asset(path.get<std::string>("file"));
    // Markup is filled in before it is sent, and is nothing by itself.
    if (asset == nullptr || asset->name.ends_with(".html"))
        return problem(404, "There is nothing at this address.");
    const bool current = path.get<std::string>("version") == assets_version();
    const bool packed = wants_gzip(request.header("Accept-Encoding"));
    Response response;
    response.add_header("Content-Type", std::string(asset->type));
    // The address changes with the bytes; that of another version, which another replica may have sent, is
    // not kept.
    response.add_header("Cache-Control", current
                                             ? "public, max-age=" + std::to_string(asset_age) + ", immutable"
                                             : "no-store");
    response.add_header("Vary", "Accept-Encoding");
    if (packed) response.add_header("Content-Encoding", "gzip");
    response.share_body(std::make_shared<const std::string>(packed ? asset->gzip : asset->bytes));
    return response;
}

}  // namespace

void add_page_routes(Router& router, const Backend& backend) {
    const Page page(backend);
    router.add("GET", "/", Access::anybody,
               [page](const Request& request, const PathValues&) { return page.show(request); });
    router.add(
        "POST", "/sign-in", Access::anybody,
        [page](const Request& request, const PathValues&) { return page.sign_in(request); },
        sign_in_body_limit);
    router.add(
        "POST", "/sign-out", Access::anybody,
        [page](const Request& request, const PathValues&) { return page.sign_out(request); },
        sign_in_body_limit);
    router.add_at_once("/assets/{version:token}/{file:file}", send_asset);
}

}  // namespace watchbill::http
