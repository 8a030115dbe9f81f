// The API over real sockets: every route's answer, and what is never in one.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "http/application.h"
#include "http/raw_client.h"
#include "http/server.h"
#include "http/test_backend.h"

namespace api_test {

using namespace watchbill;
using namespace watchbill::http;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string base = "/api/v1/teams/payments";

// It is Tuesday 2026-11-24, 13:00 in Paris. Bob is away for a day, Carol is on duty for a night.
struct Api : TestBackend {
    Api() {
        ical::initialise();
        clock.set(at("2026-11-24T12:00:00Z"));
        team.members[0].skills = {"database"};
        team.members[1].site = "paris";
        team.members[2].weight = 500;
        team.backup = {id("alice@example.com")};
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
        source.serve("/bob.ics", calendar_of({{"2026-12-01", "2026-12-02", "Vacation in a secret place"}}));
        source.serve(
            "/carol.ics",
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\nBEGIN:VEVENT\r\nUID:n@test\r\n"
            "DTSTAMP:20260101T000000Z\r\nDTSTART:20261203T210000Z\r\nDTEND:20261204T060000Z\r\n"
            "SUMMARY:Night duty\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        service.set_teams({team});
        read = make_token({ApiScope::read});
        admin = make_token({ApiScope::admin});
        router = make_router(backend());
        auto opened = Server::open(router, clock, {});
        REQUIRE(opened);
        server = std::move(*opened);
        server->start();
    }

    RawResponse ask(const std::string& method, const std::string& path, const std::string& secret,
                    const std::string& body = "") {
        RawClient client(server->port());
        std::string head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
        if (!secret.empty()) head += "Authorization: Bearer " + secret + "\r\n";
        if (!body.empty())
            head +=
                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        client.send(head + "\r\n" + body);
        return client.read(method != "HEAD");
    }
    RawResponse get(const std::string& path) { return ask("GET", path, read); }
    json answer(const std::string& path) {
        const RawResponse response = get(path);
        INFO(path << ": " << response.body);
        REQUIRE(response.status == 200);
        CHECK(response.headers.at("content-type") == "application/json");
        CHECK(response.headers.at("cache-control") == "private, no-store");
        return json::parse(response.body);
    }
    std::string refusal(const std::string& path, int status, const std::string& code) {
        const RawResponse response = get(path);
        INFO(path << ": " << response.body);
        CHECK(response.status == status);
        CHECK(response.headers.at("content-type") == "application/problem+json");
        const json body = json::parse(response.body);
        CHECK(body.at("status") == status);
        CHECK(body.at("code") == code);
        return body.at("detail");
    }
    // Asks for a refresh with the flow in a thread of its own.
    RawResponse refresh(const std::string& secret, const std::string& body = "") {
        std::thread flow([this] { service.run(); });
        const RawResponse response = ask("POST", base + "/refresh", secret, body);
        service.stop();
        flow.join();
        return response;
    }

    Team team = example_team();
    std::string read;
    std::string admin;
    Router router;
    std::unique_ptr<Server> server;
};

struct PlannedApi : Api {
    PlannedApi() { service.tick(); }
};

const std::vector<std::string> reading_routes = {
    "/api/v1/teams",
    base,
    base + "/sources",
    base + "/plan",
    base + "/on-duty",
    base + "/availability",
    base + "/explain?date=2026-11-25",
};

}  // namespace

TEST_CASE("Every route of the API asks for a token with its scope") {
    PlannedApi api;
    for (const std::string& path : reading_routes) {
        INFO(path);
        CHECK(api.ask("GET", path, "").status == 401);
        CHECK(api.ask("GET", path, "wb_" + std::string(64, 'a')).status == 401);
        CHECK(api.ask("GET", path, api.make_token({ApiScope::incident})).status == 403);
        CHECK(api.ask("GET", path, api.read).status == 200);
        CHECK(api.ask("GET", path, api.admin).status == 200);
        CHECK(api.ask("HEAD", path, api.read).status == 200);
        CHECK(api.ask("POST", path, api.admin).status == 405);
    }
    CHECK(api.ask("POST", base + "/refresh", "").status == 401);
    CHECK(api.ask("POST", base + "/refresh", api.read).status == 403);
    CHECK(api.ask("GET", base + "/refresh", api.admin).headers.at("allow") == "OPTIONS, POST");
}

TEST_CASE("Teams are listed, and told in full without their calendars") {
    PlannedApi api;
    CHECK(
        api.answer("/api/v1/teams") ==
        json::parse(
            R"({"teams":[{"name":"payments","title":"Payments","time_zone":"Europe/Paris","ready":true}]})"));
    const json team = api.answer(base);
    CHECK(team.at("name") == "payments");
    CHECK(team.at("horizon_days") == 30);
    CHECK(team.at("notice_days") == 14);
    CHECK(team.at("backup") == json{"alice@example.com"});
    CHECK(team.at("rotations") == json::parse(R"([{"name":"mro","title":"MRO","time_zone":"Europe/Paris",
        "start":"09:00","end":"18:00","days":["mon","tue","wed","thu","fri","sat","sun"],
        "members":["alice@example.com","bob@example.com","carol@example.com"],"hands_over_to":null}])"));
    CHECK(team.at("members").at(0) == json::parse(R"({"email":"alice@example.com","name":"alice",
        "time_zone":"Europe/Paris","site":null,"weight":1.0,"skills":["database"]})"));
    CHECK(team.at("members").at(1).at("site") == "paris");
    CHECK(team.at("members").at(2).at("weight") == 0.5);
    CHECK(team.dump().find(".ics") == std::string::npos);
}

TEST_CASE("The plan is that of the board, from today on where nothing else is asked for") {
    PlannedApi api;
    const json all = api.answer(base + "/plan");
    CHECK(all.at("team") == "payments");
    REQUIRE(all.at("assignments").size() == api.board.find("payments")->plan->assignments.size());
    const json first = all.at("assignments").at(0);
    CHECK(first.at("date") == "2026-11-24");
    CHECK(first.at("rotation") == "mro");
    CHECK(first.at("start") == "2026-11-24T08:00:00Z");
    CHECK(first.at("end") == "2026-11-24T17:00:00Z");
    CHECK(first.at("member").is_string());
    CHECK(first.at("reasons").size() == 3);
    CHECK(first.at("flags").empty());

    const json week = api.answer(base + "/plan?from=2026-12-01&to=2026-12-08");
    REQUIRE(week.at("assignments").size() == 7);
    CHECK(week.at("assignments").at(0).at("date") == "2026-12-01");
    CHECK(week.at("assignments").at(6).at("date") == "2026-12-07");
    CHECK(api.answer(base + "/plan?to=2026-11-26").at("assignments").size() == 2);
    CHECK(api.answer(base + "/plan?from=2027-12-01").at("assignments").empty());

    size_t together = 0;
    for (const char* name : {"alice", "bob", "carol"}) {
        const json theirs =
            api.answer(base + "/plan?rotation=mro&member=" + std::string(name) + "%40Example.com")
                .at("assignments");
        for (const json& assignment : theirs)
            CHECK(assignment.at("member") == std::string(name) + "@example.com");
        together += theirs.size();
    }
    CHECK(together == all.at("assignments").size());
}

TEST_CASE("A day is explained with codes and a sentence") {
    PlannedApi api;
    const json explained = api.answer(base + "/explain?date=2026-12-01&rotation=mro").at("assignments");
    REQUIRE(explained.size() == 1);
    CHECK(explained.at(0).at("date") == "2026-12-01");
    const std::string sentence = explained.at(0).at("explanation");
    CHECK_THAT(sentence, Contains("is MRO") && Contains("bob is absent (vacation"));
    const auto& reasons = explained.at(0).at("reasons");
    const bool absent = std::any_of(reasons.begin(), reasons.end(), [](const json& reason) {
        return reason.at("member") == "bob@example.com" && reason.at("code") == "absent" &&
               reason.at("kind") == "vacation";
    });
    CHECK(absent);
}

TEST_CASE("Who is on duty is told for now, and for any instant that is planned") {
    PlannedApi api;
    const json now = api.answer(base + "/on-duty");
    const json today = api.answer(base + "/plan").at("assignments").at(0);
    CHECK(now.at("at") == "2026-11-24T12:00:00Z");
    CHECK(now.at("answer").at("member") == today.at("member"));
    CHECK(now.at("answer").at("rule") == "rotation");
    CHECK(now.at("rotations").at(0).at("current") == today);

    // Nobody's shift: the backup answers.
    const json night = api.answer(base + "/on-duty?at=2026-11-25T03:00:00%2B01:00");
    CHECK(night.at("at") == "2026-11-25T02:00:00Z");
    CHECK(night.at("answer").at("rule") == "backup");
    CHECK(night.at("rotations").at(0).at("current").is_null());
    CHECK(night.at("rotations").at(0).at("next").at("date") == "2026-11-25");
    CHECK(api.answer(base + "/on-duty?at=2026-12-04T02:00:00Z").at("answer").at("member") ==
          "carol@example.com");

    for (const char* beyond : {"2026-11-24T07:59:59Z", "2028-01-01T00:00:00Z"})
        CHECK_THAT(api.refusal(base + "/on-duty?at=" + beyond, 404, "not_found"),
                   Contains("The plan is known from"));
}

TEST_CASE("Absences are told by kind, and nights on duty") {
    PlannedApi api;
    const json members = api.answer(base + "/availability").at("members");
    REQUIRE(members.size() == 3);
    CHECK(members.at(0) == json::parse(R"({"member":"alice@example.com","absences":[],"night_duties":[]})"));
    CHECK(members.at(1) ==
          json::parse(R"({"member":"bob@example.com","absences":[{"start":"2026-11-30T23:00:00Z",
        "end":"2026-12-01T23:00:00Z","kind":"vacation","all_day":{"start":"2026-12-01","end":"2026-12-02"}}],
        "night_duties":[]})"));
    CHECK(members.at(2).at("night_duties") ==
          json::parse(R"([{"start":"2026-12-03T21:00:00Z","end":"2026-12-04T06:00:00Z"}])"));

    CHECK(api.answer(base + "/availability?member=bob@example.com").at("members").size() == 1);
    // Half-open: what ends when the days begin is not in them.
    CHECK(api.answer(base + "/availability?from=2026-12-02&member=bob@example.com")
              .at("members")
              .at(0)
              .at("absences")
              .empty());
    CHECK(api.answer(base + "/availability?from=2026-12-01&to=2026-12-02")
              .at("members")
              .at(1)
              .at("absences")
              .size() == 1);
    CHECK(api.answer(base + "/availability?to=2026-12-01").at("members").at(1).at("absences").empty());
}

TEST_CASE("Sources are told with their labels and errors") {
    PlannedApi api;
    api.source.break_down("/carol.ics", {ErrorCode::timeout, "no answer from calendar.example.com", ""});
    api.clock.advance(std::chrono::hours(1));
    api.service.tick();
    const json sources = api.answer(base + "/sources").at("sources");
    REQUIRE(sources.size() == 3);
    CHECK(sources.at(0).at("label") == "alice@example.com calendar 1");
    CHECK(sources.at(0).at("state") == "ok");
    CHECK(sources.at(0).at("error").is_null());
    CHECK(sources.at(0).at("warnings").empty());
    CHECK(sources.at(2).at("state") == "stale");
    CHECK(sources.at(2).at("last_success") == "2026-11-24T12:00:00Z");
    CHECK(sources.at(2).at("last_attempt") == "2026-11-24T13:00:00Z");
    CHECK(sources.at(2).at("error") ==
          json::parse(R"({"code":"timeout","message":"no answer from calendar.example.com"})"));
}

TEST_CASE("What does not exist is not found, and what is misspelt is refused") {
    PlannedApi api;
    CHECK_THAT(api.refusal("/api/v1/teams/nobody", 404, "not_found"), Contains("\"nobody\""));
    CHECK_THAT(api.refusal("/api/v1/teams/nobody/plan", 404, "not_found"), Contains("\"nobody\""));
    api.refusal("/api/v1/teams/Payments", 404, "not_found");
    api.refusal("/api/v1/teams/", 404, "not_found");
    api.refusal("/api/v2/teams", 404, "not_found");
    CHECK_THAT(api.refusal(base + "/plan?rotation=remote", 404, "not_found"),
               Contains("no rotation \"remote\""));
    CHECK_THAT(api.refusal(base + "/plan?member=dan@example.com", 404, "not_found"),
               Contains("dan@example.com"));
    CHECK_THAT(api.refusal(base + "/availability?member=dan@example.com", 404, "not_found"),
               Contains("no member"));
    CHECK_THAT(api.refusal(base + "/explain?date=2030-01-01", 404, "not_found"), Contains("Tue 1 Jan 2030"));
    CHECK_THAT(api.refusal(base + "/explain", 400, "invalid_input"), Contains("\"date\" is missing"));
    CHECK_THAT(api.refusal(base + "/plan?until=2026-12-01", 400, "invalid_input"),
               Contains("there is: from, to, rotation, member"));
    for (const std::string& path : reading_routes) {
        if (path.find('?') == std::string::npos) api.refusal(path + "?x=1", 400, "invalid_input");
    }
    api.refusal(base + "/on-duty?at=now", 400, "invalid_input");
    api.refusal(base + "/plan?from=2026-12-02&to=2026-12-01", 400, "invalid_input");
}

TEST_CASE("A team without its first plan says so, and is there all the same") {
    Api api;
    auto notice = std::make_shared<TeamNotice>();
    notice->team = std::make_shared<const Team>(api.team);
    api.board.post(notice);
    CHECK(api.answer(base).at("ready") == false);
    CHECK(api.answer(base + "/sources").at("sources").empty());
    for (const char* name : {"/plan", "/on-duty", "/availability", "/explain?date=2026-11-25"}) {
        api.refusal(base + name, 503, "unavailable");
        CHECK(api.get(base + name).headers.at("retry-after") == "5");
    }
}

TEST_CASE("A refresh answers when it is done, with what changed") {
    PlannedApi api;
    const json before = api.answer(base + "/explain?date=2026-12-10").at("assignments").at(0);
    const std::string email = before.at("member");
    api.source.serve("/" + email.substr(0, email.find('@')) + ".ics",
                     calendar_of({{"2026-12-10", "2026-12-11", "Vacation"}}));
    const RawResponse response = api.refresh(api.admin);
    INFO(response.body);
    REQUIRE(response.status == 200);
    const json report = json::parse(response.body);
    CHECK(report.at("team") == "payments");
    CHECK(report.at("changed_shifts") >= 1);
    CHECK(report.at("withdrawn_shifts") == 0);
    CHECK(report.at("sources").size() == 3);
    CHECK(api.answer(base + "/explain?date=2026-12-10").at("assignments").at(0).at("member") != email);
}

TEST_CASE("A refresh takes no orders") {
    PlannedApi api;
    CHECK(api.refresh(api.admin, "{}").status == 200);
    CHECK(api.ask("POST", base + "/refresh", api.admin, "{\"team\":\"other\"}").status == 400);
    CHECK(api.ask("POST", base + "/refresh?wait=no", api.admin).status == 400);
    CHECK(api.ask("POST", "/api/v1/teams/nobody/refresh", api.admin).status == 404);
    // The service has stopped.
    CHECK(api.ask("POST", base + "/refresh", api.admin).status == 503);
}

TEST_CASE("Readers are answered from whole notices while refreshes go on") {
    PlannedApi api;
    std::thread flow([&] { api.service.run(); });
    std::atomic<int> whole = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 10; ++n) {
                const RawResponse response =
                    api.ask("GET", base + "/plan?from=2026-12-01&to=2026-12-08", api.read);
                if (response.status == 200 && json::parse(response.body).at("assignments").size() == 7)
                    ++whole;
            }
        });
    }
    for (int n = 0; n < 5; ++n) {
        api.source.serve("/alice.ics",
                         calendar_of({{"2026-12-0" + std::to_string(n + 1), "2026-12-09", "Vacation"}}));
        CHECK(api.ask("POST", base + "/refresh", api.admin).status == 200);
    }
    for (std::thread& thread : threads) thread.join();
    api.service.stop();
    flow.join();
    CHECK(whole == 40);
}

TEST_CASE("No answer holds a secret, the title of an event or the place of a calendar") {
    PlannedApi api;
    std::string everything;
    for (const std::string& path : reading_routes) everything += api.get(path).body;
    everything += api.refresh(api.admin).body;
    everything += api.log.text.str();
    const auto notice = api.board.find("payments");
    for (const auto& [scope, feed] : notice->feeds) CHECK(everything.find(feed.token) == std::string::npos);
    for (const std::string& secret : {api.read, api.admin, std::string("secret place"), std::string(".ics"),
                                      std::string("Night duty"), std::string("Vacation")}) {
        INFO(secret);
        CHECK(everything.find(secret) == std::string::npos);
    }
}

}  // namespace api_test
