// Incidents as clients of the API meet them: the real router, desk and store. What the whole program does
// with them is tests/peers/incidents_test.py's.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/routes.h"
#include "http/sent_request.h"
#include "http/test_backend.h"

namespace incident_routes_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using Json = nlohmann::json;

namespace {

// Sunday 22 Nov 2026, 13:00 in Paris: alice serves, bob and carol know the network. Nothing runs: the board
// shows the plan of one tick.
struct World : TestBackend {
    World() {
        ical::initialise();
        Team team = example_team();
        team.members[1].skills = {"network"};
        team.members[2].skills = {"network"};
        team.conference = "https://meet.example.com/{incident}";
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
        service.set_teams({team});
        service.tick();
    }
    Response send(const std::string& method, const std::string& path, const std::string& body = "",
                  const std::string& key = "", const std::string& if_match = "") {
        SentRequest request{method, path, {}, body, {"", "192.0.2.7"}};
        request.add_header("Authorization", "Bearer " + secret);
        if (!body.empty()) request.add_header("Content-Type", "application/json");
        if (!key.empty()) request.add_header("Idempotency-Key", key);
        if (!if_match.empty()) request.add_header("If-Match", if_match);
        return router.answer(request);
    }
    Json open(const std::string& body = R"({"title":"Checkout fails","needs":["network"]})") {
        const Response response = send("POST", base, body);
        REQUIRE(response.status == 201);
        return json(response);
    }
    static Json json(const Response& response) { return Json::parse(response.body()); }

    const std::string base = "/api/v1/teams/payments/incidents";
    const std::string secret = make_token({ApiScope::admin});
    Router router = make_router(backend());
};

}  // namespace

TEST_CASE("An opening says where the incident is, who was chosen, and is answered the same again") {
    World world;
    const std::string body =
        R"({"title":"Checkout fails","severity":"sev1","needs":["network"],"duration":45})";
    const Response first = world.send("POST", world.base, body, "k1");
    REQUIRE(first.status == 201);
    const Json incident = World::json(first);
    const std::string location = world.base + "/" + incident["id"].get<std::string>();
    CHECK(first.header("Location") == location);
    CHECK(incident["commander"]["email"] == "alice@example.com");
    CHECK(incident["experts"][0]["skill"] == "network");
    CHECK(incident["conference"] == "https://meet.example.com/" + incident["id"].get<std::string>());
    CHECK(incident["event"]["end"] == "2026-11-22T12:45:00Z");
    CHECK(incident["event"]["ics"] == "https://rota.example.com" + location + "/event.ics");
    CHECK(world.send("POST", world.base, body, "k1").body() == first.body());
    CHECK(World::json(world.send("POST", world.base, R"({"title":"Other"})", "k1"))["code"] == "key_reused");
    CHECK(World::json(world.send("GET", location)) == incident);
    CHECK(World::json(world.send("GET", world.base))["incidents"].size() == 1);
    CHECK(World::json(world.send("GET", world.base + "?state=resolved"))["incidents"].empty());
    CHECK(world.send("GET", world.base + "?state=closed").status == 400);
}

TEST_CASE("A change with If-Match is made only to what was seen") {
    World world;
    const std::string path = world.base + "/" + world.open()["id"].get<std::string>();
    const std::string body = R"({"severity":"sev1"})";
    for (const char* other : {"\"2\"", "W/\"1\"", "\"1", "\"x\", \"99999999999\"", "1"}) {
        INFO(other);
        const Response refused = world.send("PATCH", path, body, "", other);
        CHECK(refused.status == 412);
        CHECK(World::json(refused)["code"] == "precondition_failed");
    }
    const std::string seen = world.send("GET", path).header("ETag").value();
    const Response changed = world.send("PATCH", path, body, "", "\"7\", " + seen);
    CHECK(changed.status == 200);
    CHECK(world.send("PATCH", path, R"({"severity":"sev2"})", "", seen).status == 412);
    CHECK(world.send("PATCH", path, R"({"severity":"sev2"})", "", "*").status == 200);
}

TEST_CASE("An invitation says whether mail or the calendar's server carries it") {
    World world;
    Json incident = world.open();
    for (const Json& one : incident["invitations"]) CHECK(one["transport"] == "mail");
    Team team = example_team();
    team.members[1].skills = {"network"};
    team.incident_calendar.emplace();
    world.service.set_teams({team});
    world.service.tick();
    incident = world.open();
    for (const Json& one : incident["invitations"]) CHECK(one["transport"] == "caldav");
    const std::string id = incident["id"];
    const Json shown = World::json(world.send("GET", world.base + "/" + id));
    CHECK(shown["invitations"] == incident["invitations"]);
    REQUIRE(world.store.release_mails("payments", id, std::nullopt, world.clock.now()));
    const Json released = World::json(world.send("GET", world.base + "/" + id));
    for (const Json& one : released["invitations"]) CHECK(one["transport"] == "mail");
}

TEST_CASE("An invitation that waits says why, how often it was tried and when it is next") {
    World world;
    Json incident = world.open();
    const std::string path = world.base + "/" + incident["id"].get<std::string>();
    const auto rows = [&] { return World::json(world.send("GET", path))["invitations"]; };
    REQUIRE(rows().size() == 2);
    for (const Json& row : rows()) {
        CHECK(row["reason"].is_null());
        CHECK(row["attempts"] == 0);
        CHECK(row["next_try"] == "2026-11-22T12:00:00Z");
    }
    // One was tried, and no server was there: it is what all the others wait for too.
    const Instant now = world.clock.now();
    const auto claimed = world.store.claim_outbox({"w", now, now + Duration(60), 1});
    REQUIRE(claimed->size() == 1);
    const std::string first = claimed->front().message.recipient.email();
    const std::string why = "the mail server accepts no connection";
    world.mail.note({Delivery::no_server, why});
    const DeliveryOutcome later{DeliveryState::queued, now, now + Duration(6), why, true};
    REQUIRE(world.store.settle_outbox(claimed->front().message.id, "w", later).value());
    for (const Json& row : rows()) {
        CHECK(row["state"] == "queued");
        CHECK(row["reason"] == why);
        CHECK(row["attempts"] == (row["email"] == first ? 1 : 0));
        CHECK(row["next_try"] == "2026-11-22T12:00:06Z");
    }
    const Json second = world.open();
    for (const Json& row : second["invitations"]) CHECK(row["reason"] == why);
    // The server is back, and refuses one of them for good.
    world.mail.note({});
    const auto again = world.store.claim_outbox({"w", now + Duration(6), now + Duration(60), 4});
    REQUIRE(again->size() == 4);
    for (const OutboxEntry& entry : *again) {
        const bool fails = entry.message.recipient.email() == first;
        const DeliveryOutcome outcome{
            fails ? DeliveryState::failed : DeliveryState::sent, now, {}, fails ? "refused (550)" : "", true};
        REQUIRE(world.store.settle_outbox(entry.message.id, "w", outcome).value());
    }
    for (const Json& row : rows()) {
        const bool failed = row["email"] == first;
        CHECK(row["state"] == (failed ? "failed" : "sent"));
        CHECK(row["reason"] == (failed ? Json("refused (550)") : Json()));
        CHECK(row["attempts"] == (failed ? 2 : 0));
        CHECK(row["next_try"].is_null());
    }
}

TEST_CASE("A mail in place of an older one to the same person says what that has met with") {
    World world;
    const std::string path = world.base + "/" + world.open()["id"].get<std::string>();
    const Instant now = world.clock.now();
    const auto claimed = world.store.claim_outbox({"w", now, now + Duration(60), 1});
    REQUIRE(claimed->size() == 1);
    const std::string full = claimed->front().message.recipient.email();
    const DeliveryOutcome later{DeliveryState::queued, now, now + Duration(6), "mailbox full (452)", true};
    REQUIRE(world.store.settle_outbox(claimed->front().message.id, "w", later).value());
    // What changes is told to both, in a mail of its own.
    REQUIRE(world.send("PATCH", path, R"({"title":"Payments are slow"})").status == 200);
    const Json incident = World::json(world.send("GET", path));
    REQUIRE(incident["invitations"].size() == 2);
    for (const Json& row : incident["invitations"]) {
        const bool is_full = row["email"] == full;
        CHECK(row["state"] == "queued");
        CHECK(row["reason"] == (is_full ? Json("mailbox full (452)") : Json()));
        CHECK(row["attempts"] == (is_full ? 1 : 0));
        CHECK(row["next_try"] == "2026-11-22T12:00:00Z");
    }
}

TEST_CASE("A preview opens nothing") {
    World world;
    const Response preview =
        world.send("POST", world.base + "/preview", R"({"title":"x","needs":["network"]})");
    REQUIRE(preview.status == 200);
    CHECK(World::json(preview)["commander"]["rule"] == "rotation");
    CHECK_FALSE(World::json(preview).contains("id"));
    CHECK(World::json(world.send("GET", world.base))["incidents"].empty());
}

TEST_CASE("Incidents are changed, noted, resolved and cancelled") {
    World world;
    const std::string one = world.base + "/" + world.open()["id"].get<std::string>();
    const Json patched = World::json(world.send("PATCH", one, R"({"severity":"sev1","title":null})"));
    CHECK(patched["severity"] == "sev1");
    CHECK(patched["event"]["sequence"] == 1);
    CHECK(world.send("PATCH", one, R"({"sverity":"sev1"})").status == 400);
    CHECK(world.send("PATCH", one, R"({"needs":"network"})").status == 422);
    CHECK(world.send("POST", one + "/notes", R"({"text":"db3 is read-only"})").status == 201);
    CHECK(world.send("POST", one + "/notes", R"({"text":" "})").status == 422);
    CHECK(World::json(world.send("POST", one + "/resolve"))["state"] == "resolved");
    CHECK(world.send("POST", one + "/resolve").status == 200);
    CHECK(world.send("POST", one + "/cancel").status == 409);
    const Json timeline = World::json(world.send("GET", one + "/timeline"))["entries"];
    CHECK(timeline.front()["kind"] == "opened");
    CHECK(timeline.back()["kind"] == "resolved");
    const Response event = world.send("GET", one + "/event.ics");
    CHECK(event.header("Content-Type") == "text/calendar; charset=utf-8");
    CHECK(event.body().find("SUMMARY:Resolved: SEV1: Checkout fails") != std::string::npos);
    CHECK(world.send("GET", world.base + "/2020-01-01-00").status == 404);
    CHECK(world.send("POST", world.base + "/2020-01-01-00/resolve").status == 404);
}

TEST_CASE("The page of a mail's link shows one button, and pressing it answers once") {
    World world;
    const std::string title = R"({"title":"<script>alert(1)</script>","needs":["network"]})";
    const std::string id = world.open(title)["id"];
    const Incident incident = world.store.find_incident("payments", id).value().value();
    const std::string url = world.links.ack_url(incident, incident.commander());
    const std::string path = url.substr(std::string("https://rota.example.com").size());
    const auto ask = [&](const std::string& method, const std::string& target) {
        return world.router.answer(SentRequest{method, target, {}, "", {"", "192.0.2.7"}});
    };
    const Response page = ask("GET", path);
    CHECK(page.status == 200);
    CHECK(page.body().find("<form method=\"post\">") != std::string::npos);
    CHECK(page.body().find("<script>") == std::string::npos);
    CHECK(page.header("Referrer-Policy") == "no-referrer");
    CHECK(ask("POST", path).status == 200);
    CHECK(ask("POST", path).status == 409);
    CHECK(ask("GET", path).body().find("<form") == std::string::npos);
    CHECK(world.store.find_incident("payments", id).value()->commander().rsvp ==
          ParticipationStatus::accepted);
    std::string wrong = path;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    CHECK(ask("GET", wrong).status == 404);
    CHECK(ask("POST", wrong).status == 404);
}

}  // namespace incident_routes_test
