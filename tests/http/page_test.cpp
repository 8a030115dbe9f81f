// The web page as it is served: who sees what, how people sign in and out, what no other site can do, and
// that nothing people say becomes markup.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/application.h"
#include "http/html.h"
#include "http/page_assets.h"
#include "http/routes.h"
#include "http/sent_request.h"
#include "http/test_backend.h"
#include "service/feed_links.h"

namespace page_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using nlohmann::json;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

const std::string hostile = "<script>alert('x')</script>\"&";

struct Site : TestBackend {
    explicit Site(const std::string& url = "https://rota.example.com") {
        ical::initialise();
        public_url = url;
        clock.set(at("2026-11-24T12:00:00Z"));
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
    }

    void plan() {
        service.set_teams({team});
        service.tick();
    }

    Response ask(SentRequest request) { return router().answer(request.view()); }
    const Router& router() {
        if (!router_) router_.emplace(make_router(backend()));
        return *router_;
    }

    Response get(const std::string& target, const std::string& cookies = "",
                 const std::string& language = "") {
        SentRequest request{"GET", target, {}};
        if (!cookies.empty()) request.add_header("Cookie", cookies);
        if (!language.empty()) request.add_header("Accept-Language", language);
        return ask(std::move(request));
    }

    // As the form sends it.
    SentRequest sign_in_request(const std::string& token) {
        SentRequest request{"POST", "/sign-in", {}, "token=" + token};
        request.add_header("Content-Type", "application/x-www-form-urlencoded");
        request.add_header("Origin", public_url);
        return request;
    }
    Response sign_in(const std::string& token) { return ask(sign_in_request(token)); }

    // The cookie that signing in gives, as a browser sends it back.
    std::string session(const std::vector<ApiScope>& scopes = {ApiScope::read}) {
        return cookie_of(sign_in(make_token(scopes)));
    }
    static std::string cookie_of(const Response& response) {
        REQUIRE(response.status == 303);
        const std::string set = response.header("Set-Cookie").value_or("");
        return set.substr(0, set.find(';'));
    }

    Team team = example_team();

private:
    std::optional<Router> router_;
};

bool shows_form(const Response& response) {
    return response.body().find("action=\"/sign-in\"") != std::string::npos;
}

}  // namespace

TEST_CASE("Without a session the page is the form to sign in, and names nobody") {
    Site site;
    site.plan();
    for (const std::string& cookies : {std::string(), std::string("__Host-watchbill=x"),
                                       "__Host-watchbill=0123456789.9999999999." + std::string(64, '0')}) {
        const Response response = site.get("/", cookies);
        CHECK(response.status == 200);
        CHECK(shows_form(response));
        for (const char* secret : {"Alice", "alice@", "payments", "Payments", "/feeds/"})
            CHECK_THAT(response.body(), !Contains(secret));
    }
}

TEST_CASE("A token signs in, and the page then shows who is on duty and where to subscribe") {
    Site site;
    site.plan();
    const Response response = site.sign_in(site.make_token({ApiScope::read}));
    REQUIRE(response.status == 303);
    CHECK(response.header("Location") == "/");
    const std::string set = response.header("Set-Cookie").value_or("");
    for (const char* part : {"; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/", "; Max-Age=2592000"})
        CHECK_THAT(set, Contains(part));
    CHECK_THAT(set, !Contains("wb_"));
    CHECK_THAT(set, !Contains("Domain"));

    const Response page = site.get("/", Site::cookie_of(response));
    CHECK(page.status == 200);
    CHECK_THAT(page.body(), Contains("<section id=\"today\""));
    CHECK_THAT(page.body(), Contains(site.team.members[0].name));
    CHECK_THAT(page.body(), Contains("webcal://rota.example.com/feeds/payments/"));
    CHECK(page.header("Cache-Control") == "private, no-store");
}

TEST_CASE("A token that is pasted with blanks around it signs in too") {
    Site site;
    CHECK(site.sign_in("+" + site.make_token({ApiScope::read}) + "+%20").status == 303);
}

TEST_CASE("What is no token that can read does not sign in") {
    Site site;
    const auto refused = [&](const Response& response, int status) {
        CHECK(response.status == status);
        CHECK(shows_form(response));
        CHECK_FALSE(response.header("Set-Cookie"));
        CHECK_THAT(response.body(), Contains("role=\"alert\""));
    };
    refused(site.sign_in("wb_" + std::string(64, '0')), 401);
    refused(site.sign_in(""), 401);
    refused(site.sign_in(hostile), 401);
    refused(site.sign_in(site.make_token({ApiScope::incident})), 403);
    refused(site.sign_in(site.make_token({ApiScope::read}, site.clock.now() + hours(1)) + "0"), 401);
    const SentRequest plain("POST", "/sign-in", {{"Origin", site.public_url}, {"Content-Type", "text/plain"}},
                            "token=" + site.make_token({ApiScope::read}));
    refused(site.ask(plain), 401);
    site.store.failing = true;
    refused(site.sign_in("wb_" + std::string(64, 'a')), 503);
}

TEST_CASE("The form must come from our own page") {
    Site site;
    const std::string token = site.make_token({ApiScope::read});
    const auto status = [&](const std::map<std::string, std::string>& headers) {
        SentRequest request{"POST", "/sign-in", {}, "token=" + token};
        request.add_header("Content-Type", "application/x-www-form-urlencoded");
        for (const auto& [name, value] : headers) request.add_header(name, value);
        return site.ask(std::move(request)).status;
    };
    CHECK(status({{"Origin", "https://rota.example.com"}}) == 303);
    CHECK(status({{"Sec-Fetch-Site", "same-origin"}}) == 303);
    CHECK(status({{"Origin", "http://10.0.0.7:8080"}, {"Host", "10.0.0.7:8080"}}) == 303);
    CHECK(status({}) == 403);
    CHECK(status({{"Origin", "null"}}) == 403);
    CHECK(status({{"Origin", "https://evil.example"}, {"Host", "rota.example.com"}}) == 403);
    CHECK(status({{"Origin", "https://rota.example.com.evil.example"}, {"Host", "rota.example.com"}}) == 403);
    for (const char* other : {"cross-site", "same-site", "none"})
        CHECK(status({{"Sec-Fetch-Site", other}, {"Origin", "https://rota.example.com"}}) == 403);
}

TEST_CASE("Over plain HTTP the cookie has no Secure, and no prefix that would need it") {
    Site site("http://127.0.0.1:8080");
    const std::string set = site.sign_in(site.make_token({ApiScope::read})).header("Set-Cookie").value_or("");
    CHECK(set.starts_with("watchbill="));
    CHECK_THAT(set, !Contains("Secure"));
    CHECK_THAT(set, Contains("; HttpOnly; SameSite=Strict"));
}

TEST_CASE("A session ends with its token, and on signing out") {
    Site site;
    site.plan();
    const std::string short_lived =
        Site::cookie_of(site.sign_in(site.make_token({ApiScope::read}, site.clock.now() + hours(1))));
    CHECK_FALSE(shows_form(site.get("/", short_lived)));
    const std::string revoked = site.session();
    CHECK_FALSE(shows_form(site.get("/", revoked)));
    const std::string id = revoked.substr(revoked.find('=') + 1, 10);
    REQUIRE(site.store.revoke_api_token(id, {site.clock.now(), "cli:test", "", "", "token.revoke", ""}));
    site.clock.advance(seconds(5));
    CHECK(shows_form(site.get("/", revoked)));
    CHECK(site.get("/api/v1/teams", revoked).status == 401);
    site.clock.advance(hours(1));
    CHECK(shows_form(site.get("/", short_lived)));

    SentRequest out{"POST", "/sign-out", {}};
    CHECK(site.ask(out).status == 403);
    out.add_header("Origin", site.public_url);
    const Response response = site.ask(out);
    CHECK(response.status == 303);
    CHECK_THAT(response.header("Set-Cookie").value_or(""), Contains("__Host-watchbill=; Path=/; Max-Age=0"));
}

TEST_CASE("Whoever has the cookie of a session that was signed out is out") {
    Site site;
    site.plan();
    const std::string stolen = site.session();
    const std::string other = site.session();
    CHECK_FALSE(shows_form(site.get("/", stolen)));
    CHECK(site.get("/api/v1/teams", stolen).status == 200);
    SentRequest out{"POST", "/sign-out", {}};
    out.add_header("Origin", site.public_url);
    out.add_header("Cookie", "theme=dark; " + stolen);
    site.store.failing = true;
    const Response failed = site.ask(out);
    CHECK(failed.status == 503);
    CHECK_FALSE(failed.header("Set-Cookie"));  // it is needed to try again
    site.store.failing = false;
    CHECK(site.ask(out).status == 303);
    CHECK(shows_form(site.get("/", stolen)));
    const Response refused = site.get("/api/v1/teams", stolen);
    CHECK(refused.status == 401);
    CHECK(site.ask(out).status == 303);  // once more changes nothing
    CHECK_FALSE(shows_form(site.get("/", other)));
}

TEST_CASE("Whoever comes back within the month stays signed in") {
    Site site;
    site.plan();
    const std::string first = site.session();
    CHECK_FALSE(site.get("/", first).header("Set-Cookie"));
    site.clock.advance(hours(20 * 24));
    const auto renewed = site.get("/", first).header("Set-Cookie");
    REQUIRE(renewed);
    site.clock.advance(hours(20 * 24));
    CHECK(shows_form(site.get("/", first)));
    CHECK_FALSE(shows_form(site.get("/", renewed->substr(0, renewed->find(';')))));
}

TEST_CASE("The API takes the session's cookie with its token's scopes") {
    Site site;
    site.plan();
    const std::string read = site.session();
    CHECK(site.get("/api/v1/teams/payments/on-duty", read).status == 200);
    CHECK(site.get("/api/v1/teams/payments/on-duty", "theme=dark; " + read + "; x=y").status == 200);
    CHECK(site.get("/api/v1/teams/payments/audit", read).status == 403);
    // A bearer token that is there is what counts.
    SentRequest both{"GET", "/api/v1/teams", {}};
    both.add_header("Cookie", read);
    both.add_header("Authorization", "Bearer wrong");
    CHECK(site.ask(both).status == 401);
    site.store.failing = true;
    site.clock.advance(hours(1));
    CHECK(site.get("/api/v1/teams", read).status == 503);
}

TEST_CASE("With a session only our own page changes anything") {
    Site site;
    site.plan();
    const std::string cookies = site.session({ApiScope::read, ApiScope::incident});
    const auto status = [&](const std::map<std::string, std::string>& headers) {
        SentRequest request{"POST", "/api/v1/teams/payments/handover-notes", {}, R"({"text":7})"};
        request.add_header("Cookie", cookies);
        request.add_header("Content-Type", "application/json");
        for (const auto& [name, value] : headers) request.add_header(name, value);
        return site.ask(std::move(request)).status;
    };
    const std::string ours = "https://rota.example.com";
    CHECK(status({{"X-Watchbill-Page", "1"}, {"Origin", ours}}) == 422);  // let in, and then looked at
    CHECK(status({{"X-Watchbill-Page", "1"}, {"Sec-Fetch-Site", "same-origin"}}) == 422);
    CHECK(status({{"Origin", ours}}) == 403);
    CHECK(status({{"X-Watchbill-Page", "1"}}) == 403);
    CHECK(status({{"X-Watchbill-Page", "1"}, {"Origin", "https://evil.example"}}) == 403);
    CHECK(status({{"X-Watchbill-Page", "1"}, {"Origin", ours}, {"Sec-Fetch-Site", "same-site"}}) == 403);
    CHECK(status({}) == 403);
}

TEST_CASE("Names, titles and addresses never become markup") {
    Site site;
    site.team.title = hostile;
    site.team.members[0].name = hostile;
    site.team.rotations[0].title = hostile;
    site.source.serve("/bob.ics", calendar_of({{"2026-11-24", "2026-11-26", hostile}}));
    site.plan();
    const Response page = site.get("/?team=%3Cscript%3E&lang=%22%3E", site.session());
    CHECK(page.status == 200);
    CHECK_THAT(page.body(), Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
    CHECK_THAT(page.body(), !Contains("<script>"));
    CHECK_THAT(page.body(), !Contains("{name}"));
    // A name with a brace is a name.
    Site braces;
    braces.team.members[0].name = "{zone} {nothing}";
    braces.plan();
    CHECK_THAT(braces.get("/", braces.session()).body(), Contains("{zone} {nothing}"));
}

TEST_CASE("Open incidents are the first thing on the page, with who leads, who helps and who has answered") {
    Site site;
    site.team.members[0].skills = {"security"};  // who will command, and so cannot help
    site.team.members[1].skills = {"network"};
    site.team.conference = "https://meet.example.com/{incident}";
    site.plan();
    const std::string cookies = site.session({ApiScope::read, ApiScope::incident});
    const auto today = [&] {
        const Response page = site.get("/", cookies);
        const size_t start = page.body().find("<section id=\"today\"");
        return page.body().substr(start, page.body().find("<section id=\"sheet\"") - start);
    };
    const auto send = [&](const std::string& method, const std::string& path, const std::string& body) {
        SentRequest request{method, "/api/v1/teams/payments/incidents" + path, {}, body};
        request.add_header("Cookie", cookies);
        request.add_header("Content-Type", "application/json");
        request.add_header("Origin", site.public_url);
        request.add_header("X-Watchbill-Page", "1");
        const Response response = site.ask(std::move(request));
        REQUIRE(response.status < 300);
        return json::parse(response.body());
    };
    CHECK_THAT(today(), !Contains("class=\"incidents\""));
    const json incident =
        send("POST", "",
             json{{"title", hostile}, {"needs", {"network", "security"}}, {"severity", "sev1"}}.dump());
    const std::string shown = today();
    CHECK(shown.find("class=\"incidents\"") < shown.find("class=\"hero"));
    CHECK_THAT(shown, Contains("<span class=\"tag severity\">SEV1</span> &lt;script&gt;alert(&#39;x&#39;)"));
    CHECK_THAT(shown, Contains(incident["commander"]["name"].get<std::string>()));
    CHECK_THAT(shown, Contains("<span class=\"role\">network</span>"));
    CHECK_THAT(shown, Contains("<span class=\"tag rsvp needs_action\">no answer yet</span>"));
    CHECK_THAT(shown, Contains("Nobody for: security."));
    CHECK_THAT(shown, Contains("href=\"" + incident["conference"].get<std::string>() + "\""));

    const std::string id = incident["id"];
    const Incident stored = site.store.find_incident("payments", id).value().value();
    const std::string link = site.links.ack_url(stored, stored.commander());
    REQUIRE(site.ask({"POST", link.substr(site.public_url.size()), {}}).status == 200);
    CHECK_THAT(today(), Contains("<span class=\"tag rsvp accepted\">coming</span>"));

    site.store.failing = true;
    CHECK_THAT(today(), Contains("Whether incidents are open cannot be said now"));
    site.store.failing = false;
    send("POST", "/" + id + "/resolve", "{}");
    CHECK_THAT(today(), !Contains("class=\"incidents\""));
}

TEST_CASE("The page's policy allows our own files and nothing else") {
    Site site;
    site.plan();
    for (const std::string& cookies : {std::string(), site.session()}) {
        const Response page = site.get("/", cookies);
        const std::string policy = page.header("Content-Security-Policy").value_or("");
        CHECK(policy == page_policy);
        CHECK(policy.starts_with("default-src 'none'; "));
        CHECK_THAT(policy, !Contains("unsafe"));
        CHECK_THAT(policy, !Contains("http"));
        CHECK_THAT(page.body(), !Contains(" style=\""));
        CHECK_THAT(page.body(), !Contains(" onclick"));
        // Each script is a file.
        for (size_t at = page.body().find("<script"); at != std::string::npos;
             at = page.body().find("<script", at + 1))
            CHECK(page.body().substr(at, 31) == "<script type=\"module\" src=\"/ass");
    }
}

TEST_CASE("The page speaks the language that was chosen, or that the browser asks for") {
    Site site;
    site.plan();
    const auto language = [&](const std::string& cookies, const std::string& accepted) {
        const Response page = site.get("/", cookies, accepted);
        const size_t at = page.body().find("<html lang=\"");
        return page.body().substr(at + 12, 2);
    };
    CHECK(language("", "") == "en");
    CHECK(language("", "fr") == "fr");
    CHECK(language("", "fr-CA,fr;q=0.9,en;q=0.8") == "fr");
    CHECK(language("", "de, en;q=0.7, fr;q=0.6") == "en");
    CHECK(language("", "en;q=0.5, FR;q=0.9") == "en");
    CHECK(language("", "fr;q=0, *") == "en");
    CHECK(language("", ";;;,q=1,fr;q=x") == "en");
    CHECK(language("watchbill_language=fr", "en") == "fr");
    CHECK(language("watchbill_language=xx", "fr") == "fr");
    const Response chosen = site.get("/?lang=fr&team=payments", site.session());
    CHECK(chosen.status == 303);
    CHECK(chosen.header("Location") == "/?team=payments");
    CHECK_THAT(chosen.header("Set-Cookie").value_or(""), Contains("watchbill_language=fr;"));
    CHECK(site.get("/?lang=fr&team=//evil.example").header("Location") == "/");
    CHECK_THAT(site.get("/", site.session(), "fr").body(), Contains("De service maintenant"));
}

TEST_CASE("A team that is not planned yet says so, and one that nobody covers says that loudly") {
    Site site;
    site.service.set_teams({site.team});
    CHECK_THAT(site.get("/", site.session()).body(), Contains("This server has no team yet."));
    Site uncovered;
    for (const Member& m : uncovered.team.members)
        uncovered.source.serve(m.calendars[0].location,
                               calendar_of({{"2026-11-25", "2026-11-27", "Vacation"}}));
    uncovered.plan();
    const Response page = uncovered.get("/", uncovered.session());
    CHECK_THAT(page.body(), Contains("<li class=\"bad\"><strong>Nobody can serve"));
    CHECK_THAT(page.body(), Contains("Wed 25 Nov"));
    CHECK_THAT(page.body(), !Contains("Vacation"));
}

TEST_CASE("A calendar that cannot be read is shown by its label") {
    Site site;
    site.source.break_down("/bob.ics", {ErrorCode::timeout, "no answer from calendar.example.com", ""});
    site.plan();
    const Response page = site.get("/", site.session());
    CHECK_THAT(page.body(), Contains("A calendar cannot be read:"));
    CHECK_THAT(page.body(), !Contains("/bob.ics"));
}

TEST_CASE("Files of the page are kept for ever under the address of their version, and not under another") {
    Site site;
    const std::string folder = "/assets/" + std::string(assets_version()) + "/";
    CHECK(assets_version().size() == 16);
    for (const Asset& asset : page_assets()) {
        INFO(asset.name);
        SentRequest request{"GET", folder + std::string(asset.name), {}};
        const Response plain = site.ask(request);
        if (asset.name.ends_with(".html")) {
            CHECK(plain.status == 404);
            continue;
        }
        REQUIRE(plain.status == 200);
        CHECK(plain.body() == asset.bytes);
        CHECK(plain.header("Content-Type") == std::string(asset.type));
        CHECK(plain.header("Cache-Control") == "public, max-age=31536000, immutable");
        CHECK_THAT(plain.header("Vary").value_or(""), Contains("Accept-Encoding"));
        request.add_header("Accept-Encoding", "gzip, br");
        const Response packed = site.ask(request);
        CHECK(packed.header("Content-Encoding") == "gzip");
        CHECK(packed.body().starts_with("\x1f\x8b"));
        if (asset.bytes.size() > 1000) CHECK(packed.body().size() < plain.body().size());
    }
    CHECK(site.get("/assets/0123/page.css").header("Cache-Control") == "no-store");
    for (const char* path : {"nothing.css", "..", "page", ".css", "page..css", "%2e%2e"})
        CHECK(site.get(folder + path).status == 404);
}

TEST_CASE("Everything that the page loads is less than 500 KB, compressed") {
    size_t bytes = 0;
    for (const Asset& asset : page_assets()) bytes += asset.gzip.size();
    CHECK(bytes < 500'000);
}

TEST_CASE("Feed addresses are told to those who may read, and no others") {
    Site site;
    site.plan();
    CHECK(site.get("/api/v1/teams/payments/feeds").status == 401);
    CHECK(site.get("/api/v1/teams/payments/feeds", site.session()).status == 200);
    const json body = json::parse(site.get("/api/v1/teams/payments/feeds", site.session()).body());
    REQUIRE(body.at("feeds").size() == 4 + site.team.members.size());
    for (const json& feed : body.at("feeds")) {
        const std::string url = feed.at("url");
        CHECK(url.starts_with("https://rota.example.com/feeds/payments/"));
        CHECK(feed.at("webcal") == "webcal" + url.substr(5));
        const std::string path = url.substr(std::string("https://rota.example.com").size());
        CHECK(site.get(path).status == 200);
        const std::string scope = feed.at("feed");
        const Response code =
            site.get("/api/v1/teams/payments/feeds/" + scope_in_path(scope) + "/qr.svg", site.session());
        CHECK(code.status == 200);
        CHECK(code.header("Content-Type") == "image/svg+xml");
        CHECK(code.body().starts_with("<svg "));
    }
    CHECK(site.get("/api/v1/teams/payments/feeds/nothing/qr.svg", site.session()).status == 404);
    CHECK(site.get("/api/v1/teams/payments/feeds/rotation/qr.svg").status == 401);
}

}  // namespace page_test
