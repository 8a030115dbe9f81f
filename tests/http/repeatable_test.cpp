// Requests sent again with their Idempotency-Key, as who lost an answer does.
#include "http/repeatable.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "http/sent_request.h"
#include "http/test_backend.h"

namespace repeatable_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using Json = nlohmann::json;

namespace {

const std::string team_path = "/api/v1/teams/payments";

// Sunday 22 Nov 2026, 13:00 in Paris: alice serves.
struct World : TestBackend {
    World() {
        ical::initialise();
        Team team = example_team();
        team.members[1].skills = {"network"};
        team.members[2].skills = {"network"};
        Rotation late = team.rotations[0];
        late.name = "late";
        late.start = std::chrono::hours(18);
        late.end = std::chrono::hours(23);
        team.rotations[0].hands_over_to = "late";
        team.rotations.push_back(late);
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
        service.set_teams({team});
        service.tick();
    }
    Response send(const std::string& method, const std::string& path, const std::string& body,
                  const std::string& key, const std::string& type = "application/json") {
        SentRequest request{method, path, {}, body, {"", "192.0.2.7"}};
        request.add_header("Authorization", "Bearer " + secret);
        if (!body.empty()) request.add_header("Content-Type", type);
        if (!key.empty()) request.add_header("Idempotency-Key", key);
        return router.answer(request);
    }
    std::string open() {
        const Response response =
            send("POST", team_path + "/incidents", R"({"title":"Checkout fails","needs":["network"]})", "");
        REQUIRE(response.status == 201);
        return team_path + "/incidents/" + Json::parse(response.body())["id"].get<std::string>();
    }
    size_t notes(const std::string& incident) {
        const Json timeline = Json::parse(send("GET", incident + "/timeline", "", "").body());
        return static_cast<size_t>(std::count_if(timeline["entries"].begin(), timeline["entries"].end(),
                                                 [](const Json& entry) { return entry["kind"] == "note"; }));
    }

    const std::string secret = make_token({ApiScope::admin});
    Router router = make_router(backend());
};

std::string code_of(const Response& response) { return Json::parse(response.body())["code"]; }

void check_same(const Response& again, const Response& first) {
    CHECK(again.status == first.status);
    CHECK(again.body() == first.body());
    for (const char* name : {"Content-Type", "ETag", "Cache-Control"}) {
        INFO(name);
        CHECK(again.header(name) == first.header(name));
    }
}

// Passes a request on to a service that works on another thread.
struct Running {
    explicit Running(Service& service) : service_(service), thread_([&service] { service.run(); }) {}
    ~Running() {
        service_.stop();
        thread_.join();
    }

private:
    Service& service_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("A note that is sent again with its key is one note") {
    World world;
    const std::string incident = world.open();
    const std::string body = R"({"text":"db3 is read-only"})";
    const Response first = world.send("POST", incident + "/notes", body, "n1");
    REQUIRE(first.status == 201);
    check_same(world.send("POST", incident + "/notes", body, "n1"), first);
    CHECK(world.notes(incident) == 1);
    // Whatever happened to the incident since, and to this process.
    CHECK(world.send("PATCH", incident, R"({"severity":"sev1"})", "").status == 200);
    const Router restarted = make_router(world.backend());
    std::swap(world.router, const_cast<Router&>(restarted));
    check_same(world.send("POST", incident + "/notes", body, "n1"), first);
    CHECK(world.notes(incident) == 1);

    const Response other = world.send("POST", incident + "/notes", R"({"text":"another"})", "n1");
    CHECK(other.status == 422);
    CHECK(code_of(other) == "key_reused");
    CHECK(world.send("POST", incident + "/notes", body, "n2").status == 201);
    CHECK(world.send("POST", incident + "/notes", body, "").status == 201);
    CHECK(world.notes(incident) == 3);
}

TEST_CASE("A key is the route's and the incident's own") {
    World world;
    const std::string one = world.open();
    const std::string two = world.open();
    const std::string body = R"({"text":"seen"})";
    CHECK(world.send("POST", one + "/notes", body, "k").status == 201);
    CHECK(world.send("POST", two + "/notes", body, "k").status == 201);
    CHECK(world.notes(two) == 1);
    CHECK(world.send("POST", one + "/resolve", R"({"note":"over"})", "k").status == 200);
    CHECK(world.send("POST", team_path + "/incidents", R"({"title":"x"})", "k").status == 201);
}

TEST_CASE("Resolving, cancelling and changing with a key is answered the same again") {
    World world;
    const std::string incident = world.open();
    const std::string patch = R"({"severity":"sev1","remove_experts":["bob@example.com"]})";
    const Response patched = world.send("PATCH", incident, patch, "p");
    REQUIRE(patched.status == 200);
    const Response resolved = world.send("POST", incident + "/resolve", R"({"note":"it was the disk"})", "r");
    REQUIRE(resolved.status == 200);
    check_same(world.send("PATCH", incident, patch, "p"), patched);
    check_same(world.send("POST", incident + "/resolve", R"({"note":"it was the disk"})", "r"), resolved);
    const std::string other = world.open();
    const Response cancelled = world.send("POST", other + "/cancel", "", "c");
    REQUIRE(cancelled.status == 200);
    check_same(world.send("POST", other + "/cancel", "", "c"), cancelled);
    CHECK(code_of(world.send("POST", other + "/cancel", R"({"note":"x"})", "c")) == "key_reused");
}

TEST_CASE("A link in a mail that is pressed again with its key is answered the same again") {
    World world;
    const std::string path = world.open();
    const Incident incident =
        world.store.find_incident("payments", path.substr(path.rfind('/') + 1)).value().value();
    const std::string url = world.links.ack_url(incident, incident.commander());
    const std::string body = R"({"token":")" + url.substr(url.rfind('/') + 1) + R"("})";
    const Response first = world.send("POST", path + "/ack", body, "a");
    REQUIRE(first.status == 200);
    check_same(world.send("POST", path + "/ack", body, "a"), first);
    CHECK(world.send("POST", path + "/ack", body, "").status == 409);
}

TEST_CASE("Overrides, handover notes and refreshes keep their answers, too") {
    World world;
    const Running running(world.service);
    const std::string shift = team_path + "/shifts/mro/2026-11-25";
    const std::string give = R"({"member":"carol@example.com","reason":"dentist"})";
    const Response given = world.send("PUT", shift, give, "g");
    REQUIRE(given.status == 200);
    CHECK(Json::parse(given.body())["changed"] == true);
    check_same(world.send("PUT", shift, give, "g"), given);
    const Response back = world.send("DELETE", shift, "", "d");
    REQUIRE(back.status == 200);
    check_same(world.send("DELETE", shift, "", "d"), back);
    CHECK(world.send("DELETE", shift, "", "").status == 404);

    const std::string note = R"({"text":"the backup is running"})";
    const Response left = world.send("POST", team_path + "/handover-notes", note, "h");
    REQUIRE(left.status == 201);
    check_same(world.send("POST", team_path + "/handover-notes", note, "h"), left);
    CHECK(world.send("POST", team_path + "/handover-notes", note, "").status == 200);

    const int before = world.source.fetches("/bob.ics");
    const Response refreshed = world.send("POST", team_path + "/refresh", "", "f");
    REQUIRE(refreshed.status == 200);
    check_same(world.send("POST", team_path + "/refresh", "", "f"), refreshed);
    CHECK(world.source.fetches("/bob.ics") == before + 1);
}

TEST_CASE("Mails that are handed over again with their key are looked at once") {
    World world;
    const std::string mail = reply_mail("bob@example.com", "bob@example.com");
    const Response first = world.send("POST", "/api/v1/mail", mail, "m", "message/rfc822");
    REQUIRE(first.status == 200);
    check_same(world.send("POST", "/api/v1/mail", mail, "m", "message/rfc822"), first);
    CHECK(world.taker.taken.size() == 1);
    CHECK(world.send("POST", "/api/v1/mail", mail, "", "message/rfc822").status == 200);
    CHECK(world.taker.taken.size() == 2);
}

TEST_CASE("A no is not kept, and a key that is none is refused before anything is done") {
    World world;
    const std::string incident = world.open();
    CHECK(world.send("POST", incident + "/notes", R"({"text":" "})", "k").status == 422);
    CHECK(world.send("POST", incident + "/notes", R"({"text":"now right"})", "k").status == 201);
    CHECK(world.notes(incident) == 1);
    for (const std::string& key : {std::string(201, 'k'), std::string("a\tb"), std::string("\xC3\xA9")}) {
        CHECK(world.send("POST", incident + "/notes", R"({"text":"x"})", key).status == 422);
        CHECK(world.send("POST", incident + "/resolve", "", key).status == 422);
    }
    CHECK(world.notes(incident) == 1);
    world.store.failing = true;
    CHECK(world.send("POST", incident + "/notes", R"({"text":"lost"})", "x").status == 503);
    world.store.failing = false;
    CHECK(world.send("POST", incident + "/notes", R"({"text":"lost"})", "x").status == 201);
    CHECK(world.notes(incident) == 2);
}

TEST_CASE("Of the same request many times at once one is carried out") {
    World world;
    const std::string incident = world.open();
    std::vector<std::thread> threads;
    std::vector<Response> answers(8);
    for (Response& answer : answers) {
        threads.emplace_back(
            [&] { answer = world.send("POST", incident + "/notes", R"({"text":"once"})", "same"); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Response& answer : answers) check_same(answer, answers.front());
    CHECK(answers.front().status == 201);
    CHECK(world.notes(incident) == 1);
}

TEST_CASE("Experts who were removed are removed again without a word, and others not") {
    World world;
    const std::string incident = world.open();
    const Json opened = Json::parse(world.send("GET", incident, "", "").body());
    const std::string expert = opened["experts"][0]["email"];
    const std::string order = R"({"remove_experts":[")" + expert + R"("]})";
    const Response first = world.send("PATCH", incident, order, "");
    REQUIRE(first.status == 200);
    const Response again = world.send("PATCH", incident, order, "");
    CHECK(again.status == 200);
    CHECK(again.body() == first.body());
    // With what else was asked for.
    CHECK(world.send("PATCH", incident, R"({"severity":"sev1","remove_experts":[")" + expert + R"("]})", "")
              .status == 200);
    for (const char* never : {"alice@example.com", "dan@elsewhere.example", "no address"}) {
        const std::string other = std::string(R"({"remove_experts":[")") + never + R"("]})";
        const Response refused = world.send("PATCH", incident, other, "");
        CHECK(refused.status == 422);
        CHECK(code_of(refused) == "not_invited");
    }
    // Who was asked again meanwhile is removed again.
    CHECK(world.send("PATCH", incident, R"({"add_experts":[")" + expert + R"("]})", "").status == 200);
    CHECK(Json::parse(world.send("PATCH", incident, order, "").body())["experts"].empty());
}

}  // namespace repeatable_test
