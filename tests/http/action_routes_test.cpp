// Overrides, notes, briefs and the audit log as clients of the API meet them: the real router, service and
// store, calendars in memory.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "http/routes.h"
#include "http/sent_request.h"
#include "http/test_backend.h"

namespace action_routes_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using Json = nlohmann::json;

namespace {

// Three members, one shift a day, at noon of Sunday 22 Nov 2026: alice serves, bob is next, then carol, who
// is away on Monday and Tuesday. The service runs.
struct World : TestBackend {
    World() {
        ical::initialise();
        const Team team = example_team();
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
        source.serve("/carol.ics", calendar_of({{"2026-11-23", "2026-11-25", "Secret journey (vacation)"}}));
        service.set_teams({team});
        service.tick();
        flow = std::thread([this] { service.run(); });
    }
    ~World() {
        service.stop();
        flow.join();
    }

    Response send(const std::string& method, const std::string& path, const std::string& body = "",
                  std::optional<ApiScope> scope = ApiScope::admin) {
        SentRequest request{method, "/api/v1/teams/payments" + path, {}, body, {"", "192.0.2.7"}};
        if (scope) request.add_header("Authorization", "Bearer " + make_token({*scope}));
        if (!body.empty()) request.add_header("Content-Type", "application/json");
        return router.answer(request);
    }
    Json audit() { return json(send("GET", "/audit"))["entries"]; }
    std::string feed(const std::string& scope) const {
        return *board.find("payments")->feeds.at(scope).snapshot->identity.bytes;
    }

    static Json json(const Response& response) { return Json::parse(response.body()); }

    Router router = make_router(backend());
    std::thread flow;
};

const std::string monday = "/shifts/mro/2026-11-23";

}  // namespace

TEST_CASE("a shift is given by API, is in the feeds when the answer is there, and goes back") {
    World world;
    const auto given = world.send(
        "PUT", monday, R"({"member":"alice@example.com","reason":"dentist","by":"bob@example.com"})");
    REQUIRE(given.status == 200);
    const Json shift = World::json(given);
    CHECK(shift["member"] == "alice@example.com");
    CHECK(shift["date"] == "2026-11-23");
    CHECK(shift["rotation"] == "mro");
    CHECK(shift["start"] == "2026-11-23T08:00:00Z");
    CHECK(shift["flags"] == Json{"override"});
    CHECK(shift["changed"] == true);
    CHECK(shift["warnings"] == Json::array());
    CHECK(shift["explanation"].get<std::string>().starts_with("alice is MRO: agreed by people"));
    CHECK(world.feed("rotation").find("SUMMARY:MRO: alice (for bob)") != std::string::npos);

    const Json again = World::json(world.send(
        "PUT", monday, R"({"member":"alice@example.com","reason":"dentist","by":"bob@example.com"})"));
    CHECK(again["changed"] == false);
    CHECK(again["member"] == "alice@example.com");

    const auto back = world.send("DELETE", monday);
    REQUIRE(back.status == 200);
    CHECK(World::json(back)["member"] == "bob@example.com");
    CHECK(World::json(back)["flags"] == Json::array());
    CHECK(world.feed("rotation").find("(for bob)") == std::string::npos);
    const auto gone = world.send("DELETE", monday);
    CHECK(gone.status == 404);
    CHECK(World::json(gone)["code"] == "no_override");

    const Json log = world.audit();
    REQUIRE(log.size() == 2);
    CHECK(log[0]["action"] == "override.removed");
    CHECK(log[1] == Json{{"at", "2026-11-22T12:00:00Z"},
                         {"who", "token:ops bot"},
                         {"from", "192.0.2.7"},
                         {"action", "override.set"},
                         {"what",
                          "MRO on Mon 23 Nov 2026 is given to alice; bob had it. Reason: dentist. "
                          "Decided by bob."}});
}

TEST_CASE("an absent person is refused with kind and dates, and taken when it is forced") {
    World world;
    const auto refused = world.send("PUT", monday, R"({"member":"carol@example.com"})");
    CHECK(refused.status == 409);
    CHECK(World::json(refused)["code"] == "absent");
    CHECK(World::json(refused)["detail"] ==
          "carol cannot take MRO on Mon 23 Nov 2026: absent (vacation, Mon 23 Nov to Tue 24 Nov). Name "
          "somebody else, or force it.");
    CHECK(world.audit().empty());
    const auto forced = world.send("PUT", monday, R"({"member":"carol@example.com","force":true})");
    REQUIRE(forced.status == 200);
    CHECK(World::json(forced)["member"] == "carol@example.com");
    CHECK(World::json(forced)["warnings"] ==
          Json{"Forced: carol is absent (vacation, Mon 23 Nov to Tue 24 Nov)."});
    CHECK(world.feed("rotation").find("journey") == std::string::npos);
    CHECK(world.audit().dump().find("journey") == std::string::npos);
}

TEST_CASE("orders that cannot be carried out get a status and a code of their own") {
    World world;
    const auto answer = [&world](const std::string& path, const std::string& body) {
        const auto response = world.send("PUT", path, body);
        return std::to_string(response.status) + " " + World::json(response)["code"].get<std::string>();
    };
    const std::string alice = R"({"member":"alice@example.com"})";
    CHECK(answer("/shifts/night/2026-11-23", alice) == "404 no_such_rotation");
    CHECK(answer("/shifts/mro/2028-11-23", alice) == "404 no_such_shift");
    CHECK(answer("/shifts/mro/2026-11-21", alice) == "409 shift_ended");
    CHECK(answer("/shifts/mro/2026-11-31", alice) == "404 not_found");
    CHECK(answer(monday, R"({"member":"eve@example.com"})") == "422 unknown_person");
    CHECK(answer(monday, R"({"member":"eve"})") == "422 unknown_person");
    CHECK(answer(monday, R"({})") == "422 invalid_input");
    CHECK(answer(monday, "") == "422 invalid_input");
    CHECK(answer(monday, R"({"member":7})") == "422 invalid_input");
    CHECK(answer(monday, R"({"member":"alice@example.com","force":"yes"})") == "422 invalid_input");
    CHECK(answer(monday, R"({"member":"alice@example.com","reason":"a\nb"})") == "422 invalid_input");
    CHECK(answer(monday, R"({"member":"alice@example.com","reason":")" + std::string(501, 'x') + "\"}") ==
          "422 too_large");
    CHECK(answer(monday, R"({"member":"alice@example.com","forced":true})") == "400 invalid_input");
    CHECK(answer(monday, "not json") == "400 invalid_input");
    CHECK(world.audit().empty());
}

TEST_CASE("who may do what depends on the token's scope") {
    World world;
    const auto status = [&world](const std::string& method, const std::string& path,
                                 std::optional<ApiScope> scope, const std::string& body = "") {
        return world.send(method, path, body, scope).status;
    };
    for (const auto scope :
         {std::optional<ApiScope>(), std::optional(ApiScope::read), std::optional(ApiScope::incident)}) {
        const int refused = scope ? 403 : 401;
        CHECK(status("PUT", monday, scope, R"({"member":"alice@example.com"})") == refused);
        CHECK(status("DELETE", monday, scope) == refused);
        CHECK(status("GET", "/audit", scope) == refused);
    }
    CHECK(status("POST", "/handover-notes", ApiScope::read, R"({"text":"x"})") == 403);
    CHECK(status("POST", "/handover-notes", ApiScope::incident, R"({"text":"x"})") == 201);
    CHECK(status("POST", "/handover-notes", ApiScope::admin, R"({"text":"y"})") == 201);
    CHECK(status("GET", "/brief", std::nullopt) == 401);
    CHECK(status("GET", "/brief", ApiScope::read) == 200);
}

TEST_CASE("a note is in the brief and in the handover's event") {
    World world;
    const auto left = world.send("POST", "/handover-notes",
                                 R"({"text":"Deploys are frozen\nask Bob","by":"alice@example.com"})");
    REQUIRE(left.status == 201);
    CHECK(World::json(left) == Json{{"text", "Deploys are frozen\nask Bob"},
                                    {"author", "alice@example.com"},
                                    {"at", "2026-11-22T12:00:00Z"},
                                    {"team", "payments"},
                                    {"rotation", "mro"},
                                    {"date", "2026-11-22"},
                                    {"handover", "2026-11-22T17:00:00Z"},
                                    {"changed", true}});
    const auto again = world.send("POST", "/handover-notes",
                                  R"({"text":"Deploys are frozen\nask Bob","by":"alice@example.com"})");
    CHECK(again.status == 200);
    CHECK(World::json(again)["changed"] == false);
    CHECK(world.feed("handovers").find("Deploys are frozen") != std::string::npos);

    const Json brief = World::json(world.send("GET", "/brief"));
    CHECK(brief["team"] == "payments");
    CHECK(brief["rotation"] == "mro");
    CHECK(brief["date"] == "2026-11-22");
    CHECK(brief["at"] == "2026-11-22T17:00:00Z");
    CHECK(brief["from"]["member"] == "alice@example.com");
    CHECK(brief["from"]["name"] == "alice");
    CHECK(brief["to"]["member"] == "bob@example.com");
    CHECK(brief["to"]["date"] == "2026-11-23");
    CHECK(brief["notes"] == Json{{{"text", "Deploys are frozen\nask Bob"},
                                  {"author", "alice@example.com"},
                                  {"at", "2026-11-22T12:00:00Z"}}});
    CHECK(brief["checklist"] == Json::array());
    CHECK(brief["text"] ==
          "alice, MRO, hands over to bob (shift starts Mon 23 Nov 09:00).\n\n"
          "Notes:\n- alice, Sun 22 Nov 13:00: Deploys are frozen\n  ask Bob");
    CHECK(world.audit()[0]["action"] == "note.added");
    CHECK(world.audit().size() == 1);
}

TEST_CASE("a brief tells what changed for the two, of the handover that is asked for") {
    World world;
    REQUIRE(world.send("PUT", "/shifts/mro/2026-11-24", R"({"member":"bob@example.com"})").status == 200);
    const Json brief = World::json(world.send("GET", "/brief?rotation=mro&date=2026-11-23"));
    CHECK(brief["from"]["member"] == "bob@example.com");
    CHECK(brief["changes"] == Json{{{"date", "2026-11-24"},
                                    {"rotation", "mro"},
                                    {"member", "bob@example.com"},
                                    {"instead_of", "alice@example.com"},
                                    {"by_people", true}}});
    const auto status = [&world](const std::string& query) {
        return world.send("GET", "/brief" + query).status;
    };
    CHECK(status("?date=2026-11-23") == 200);
    CHECK(status("?rotation=mro") == 200);
    CHECK(status("?rotation=night") == 404);
    CHECK(status("?date=2028-11-23") == 404);
    CHECK(status("?date=tomorrow") == 400);
    CHECK(status("?day=2026-11-23") == 400);
}

TEST_CASE("the audit log is told newest first, as many entries as asked for") {
    World world;
    for (const char* text : {"one", "two", "three"}) {
        const std::string body = std::string(R"({"text":")") + text + "\"}";
        REQUIRE(world.send("POST", "/handover-notes", body).status == 201);
    }
    CHECK(World::json(world.send("GET", "/audit?limit=2"))["entries"].size() == 2);
    CHECK(World::json(world.send("GET", "/audit"))["entries"].size() == 3);
    for (const char* limit : {"0", "-1", "1001", "many", "2x", ""}) {
        INFO(limit);
        CHECK(world.send("GET", std::string("/audit?limit=") + limit).status == 400);
    }
}

TEST_CASE("a change that the store cannot keep is not made, and it is said") {
    World world;
    const std::string token = world.make_token({ApiScope::admin});
    SentRequest request{
        "PUT", "/api/v1/teams/payments" + monday, {}, R"({"member":"alice@example.com"})", {}};
    request.add_header("Authorization", "Bearer " + token);
    request.add_header("Content-Type", "application/json");
    REQUIRE(world.router.answer(request).status == 200);  // the token is known from now on
    world.store.failing = true;
    const auto response = world.router.answer(request);
    CHECK(response.status == 503);
    CHECK(World::json(response)["code"] == "unavailable");
}

}  // namespace action_routes_test
