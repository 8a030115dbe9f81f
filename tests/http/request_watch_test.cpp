// What the router tells its watch, and what it tells clients of it.
#include "http/request_watch.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http/problem.h"
#include "http/sent_request.h"
#include "http/test_backend.h"

namespace request_watch_test {

using namespace watchbill;
using namespace watchbill::http;
using watchbill::test::SentRequest;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string secret_token(32, 'a');

struct Watched {
    Watched() {
        log.logger->set_level(spdlog::level::debug);
        log.logger->set_pattern("%v");
        router.add(
            "GET", "/feeds/{team:name}/{token:token}/member/{email:email}.ics", Access::anybody,
            [](const Request&, const PathValues&) { return text_response(200, "text/plain", "hello"); });
        router.add("PUT", "/things", ApiScope::admin, [](const Request&, const PathValues&) {
            return text_response(200, "text/plain", "done");
        });
        router.add("GET", "/broken", Access::anybody,
                   [](const Request&, const PathValues&) -> Response { throw std::runtime_error("a bug"); });
        router.add("GET", "/damaged", Access::anybody, [](const Request&, const PathValues&) {
            return problem(Error{ErrorCode::damaged, "row 7 makes no sense", ""});
        });
    }

    Response ask(std::string method, std::string target, const std::string& id = "") {
        SentRequest request{std::move(method), std::move(target), {}, {}, {"", "192.0.2.7"}};
        if (!id.empty()) request.add_header("X-Request-Id", id);
        return router.answer(std::move(request));
    }
    // The number of that sample; the text says it in a line of its own.
    double sample(const std::string& name) const {
        const std::string text = metrics.text({}, Moment());
        const size_t found = text.find("\n" + name + " ");
        INFO(name);
        REQUIRE(found != std::string::npos);
        return std::stod(text.substr(found + name.size() + 2));
    }
    double requests(const std::string& method, const std::string& route, const std::string& status) const {
        return sample("watchbill_http_requests_total{method=\"" + method + "\",route=\"" + route +
                      "\",status_class=\"" + status + "\"}");
    }

    LogCapture log;
    Metrics metrics{"1.2.3"};
    RequestWatch watch{metrics, AccessLog(log.logger, AccessLog::Form::words)};
    Router router{[](const Request&, ApiScope) { return std::string("token:ops bot"); }, {}, &watch};
};

}  // namespace

TEST_CASE("Routes are known by their pattern: neither tokens nor addresses are counted or logged") {
    Watched world;
    const std::string path = "/feeds/payments/" + secret_token + "/member/alice@example.com.ics";
    CHECK(world.ask("GET", path).status == 200);
    CHECK(world.ask("HEAD", path).status == 200);
    // One letter too few or too many is not found, and is a secret all the same.
    CHECK(world.ask("GET", path + "x").status == 404);
    const std::string route = "/feeds/{team}/{token}/member/{email}.ics";
    CHECK(world.requests("GET", route, "2xx") == 1);
    CHECK(world.requests("HEAD", route, "2xx") == 1);
    CHECK(world.requests("GET", "unmatched", "4xx") == 1);
    CHECK(world.sample("watchbill_http_request_seconds_count{route=\"" + route + "\"}") == 2);
    const std::string lines = world.log.text.str();
    CHECK_THAT(lines, Contains("GET " + route + " 200: 5 bytes"));
    CHECK_THAT(lines, Contains("HEAD " + route + " 200: 0 bytes"));
    CHECK_THAT(lines, Contains("GET - 404"));
    CHECK_THAT(lines, Contains("from 192.0.2.7"));
    for (const std::string& told : {lines, world.metrics.text({}, Moment())}) {
        CHECK_THAT(told, !Contains(secret_token) && !Contains("alice") && !Contains("payments"));
    }
}

TEST_CASE("The answer tells the request's id, and so does its line in the log") {
    Watched world;
    CHECK(world.ask("PUT", "/things", "from-the-proxy.1").header("X-Request-Id") == "from-the-proxy.1");
    CHECK_THAT(world.log.text.str(), Contains("token:ops bot, from 192.0.2.7, request from-the-proxy.1\n"));
    const auto made = world.ask("GET", "/nowhere").header("X-Request-Id");
    REQUIRE(made);
    CHECK(made->size() == 32);
    CHECK_THAT(world.log.text.str(), Contains("request " + *made + "\n"));
    CHECK(Router().answer(SentRequest{"GET", "/", {}}).header("X-Request-Id").has_value());
}

TEST_CASE("A failure is told to the log in full, and to the client by the request's id only") {
    Watched world;
    for (const auto& [path, why] :
         {std::pair("/broken", "a bug"), std::pair("/damaged", "row 7 makes no sense")}) {
        const Response response = world.ask("GET", path, std::string("id-of") + (path + 1));
        CHECK(response.status == 500);
        CHECK_THAT(response.body(), !Contains(why));
        CHECK(json::parse(response.body()).at("request_id") == std::string("id-of") + (path + 1));
        CHECK_THAT(world.log.text.str(), Contains(std::string("request id-of") + (path + 1) + ": " + why));
        CHECK(world.requests("GET", path, "5xx") == 1);
    }
    // A client's own mistake needs no id to be asked about.
    CHECK_FALSE(json::parse(world.ask("GET", "/nowhere").body()).contains("request_id"));
}

TEST_CASE("What was turned away before the routes is numbered, counted and logged like the rest") {
    Watched world;
    SentRequest request{"POST", "/feeds/" + secret_token, {}, {}, {"", "192.0.2.7"}};
    request.add_header("X-Request-Id", "flood");
    const Response response = world.router.turn_away(request, problem(429, "Too many."));
    CHECK(response.header("X-Request-Id") == "flood");
    CHECK(world.requests("POST", "unmatched", "4xx") == 1);
    CHECK_THAT(world.log.text.str(), Contains("POST - 429") && !Contains(secret_token));
}

TEST_CASE("A request's time begins when all of it was there") {
    Watched world;
    SentRequest request{"GET", "/nowhere", {}};
    request.arrives(std::chrono::steady_clock::now() - std::chrono::seconds(20));
    world.router.answer(request);
    CHECK(world.sample("watchbill_http_request_seconds_sum{route=\"unmatched\"}") >= 20.0);
    CHECK(world.sample("watchbill_http_request_seconds_sum{route=\"unmatched\"}") < 50.0);
}

TEST_CASE("The metrics are there for everybody, and never kept by caches") {
    TestBackend backend;
    const Router router = make_router(backend.backend());
    const Response response = router.answer(SentRequest{"GET", "/metrics", {}});
    CHECK(response.status == 200);
    CHECK(response.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(response.header("Cache-Control") == "no-store");
    CHECK_THAT(response.body(), Contains("watchbill_build_info{version=\"1.2.3\"} 1\n"));
    // Each line of the routes' table is counted from the start.
    for (const RouteEntry& entry : router.table()) {
        std::string route = entry.pattern;
        for (size_t colon = route.find(':'); colon != std::string::npos; colon = route.find(':'))
            route.erase(colon, route.find('}', colon) - colon);
        INFO(route);
        CHECK_THAT(response.body(), Contains("method=\"" + entry.method + "\",route=\"" + route +
                                             "\",status_class=\"5xx\"} 0"));
    }
}

}  // namespace request_watch_test
