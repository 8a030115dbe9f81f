#include "http/access_log.h"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace access_log_test {

using namespace watchbill::http;
using nlohmann::json;
using Form = AccessLog::Form;

namespace {

struct Lines {
    explicit Lines(spdlog::level::level_enum level = spdlog::level::debug) {
        logger->set_level(level);
        logger->set_pattern("%l %v");
    }
    std::string written() const { return text.str(); }

    std::ostringstream text;
    std::shared_ptr<spdlog::logger> logger =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
};

Answered example() {
    return {"PUT",
            "/api/v1/teams/{team}",
            200,
            123,
            std::chrono::microseconds(1500),
            "token:ops bot",
            "192.0.2.7",
            "abc",
            ""};
}

std::string level_of(std::string_view method, std::string_view route, int status) {
    Lines lines(spdlog::level::trace);
    Answered answered = example();
    answered.method = method;
    answered.route = route;
    answered.status = status;
    AccessLog(lines.logger, Form::words).note(answered);
    return lines.written().substr(0, lines.written().find(' '));
}

}  // namespace

TEST_CASE("A line says in words what was answered, to whom, how fast, and by which id") {
    Lines lines;
    AccessLog(lines.logger, Form::words).note(example());
    CHECK(lines.written() ==
          "info PUT /api/v1/teams/{team} 200: 123 bytes, 1.500 ms, token:ops bot, from 192.0.2.7, request "
          "abc\n");
}

TEST_CASE("What is not known is left out of the words") {
    Lines lines;
    Answered answered{"", "", 400, 5, std::chrono::microseconds(7), "", "", "abc", ""};
    AccessLog(lines.logger, Form::words).note(answered);
    CHECK(lines.written() == "debug - - 400: 5 bytes, 0.007 ms, request abc\n");
}

TEST_CASE("The same as fields, for whoever reads logs by program") {
    Lines lines;
    Answered answered = example();
    answered.status = 500;
    answered.failure = "it said \"no\"\n";
    AccessLog(lines.logger, Form::fields).note(answered);
    REQUIRE(lines.written().starts_with("error {"));
    CHECK(json::parse(lines.written().substr(6)) == json::parse(R"({
        "message": "PUT /api/v1/teams/{team} 500", "method": "PUT", "route": "/api/v1/teams/{team}",
        "status": 500, "bytes": 123, "milliseconds": 1.5, "who": "token:ops bot", "from": "192.0.2.7",
        "request_id": "abc", "failure": "it said \"no\"\n"})"));
}

TEST_CASE("Failures, changes and refused credentials are told, and reads are for debugging") {
    const std::string route = "/api/v1/teams/{team}";
    CHECK(level_of("GET", route, 200) == "debug");
    CHECK(level_of("HEAD", route, 200) == "debug");
    CHECK(level_of("GET", route, 404) == "debug");
    CHECK(level_of("GET", route, 401) == "info");
    CHECK(level_of("GET", route, 403) == "info");
    CHECK(level_of("POST", route, 200) == "info");
    CHECK(level_of("DELETE", route, 409) == "info");
    CHECK(level_of("GET", route, 500) == "error");
    CHECK(level_of("PUT", route, 503) == "warning");
    CHECK(level_of("GET", route, 504) == "warning");
    // Nobody fills the log by what is turned away; a failure of ours is told all the same.
    CHECK(level_of("POST", "", 429) == "debug");
    CHECK(level_of("GET", "", 503) == "debug");
    CHECK(level_of("", "", 400) == "debug");
    CHECK(level_of("GET", "", 500) == "error");
}

TEST_CASE("Below the level of the log nothing is written") {
    Lines lines(spdlog::level::info);
    Answered answered = example();
    answered.method = "GET";
    AccessLog(lines.logger, Form::words).note(answered);
    CHECK(lines.written().empty());
}

TEST_CASE("What others made up is cut, and is valid JSON whatever its bytes") {
    Lines lines;
    const std::string method(8000, 'M');
    const std::string failure(100000, '\xff');
    Answered answered = example();
    answered.method = method;
    answered.failure = failure;
    answered.who = "token:\xff\"";
    AccessLog(lines.logger, Form::fields).note(answered);
    CHECK(lines.written().size() < 4000);
    const json line = json::parse(lines.written().substr(5));
    CHECK(line.at("method") == std::string(16, 'M'));
}

}  // namespace access_log_test
