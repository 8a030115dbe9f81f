// Calendars from a real server that misbehaves: tests/peers/hostile_http.py.
#include <catch2/catch.hpp>
#include <thread>

#include "sources/source_fixture.h"

namespace http_source_test {

using namespace watchbill;
using namespace watchbill::test;
using namespace std::chrono_literals;

namespace {

constexpr size_t ten_megabytes = 10 * 1024 * 1024;

HttpOptions with_total_timeout(std::chrono::milliseconds timeout) {
    HttpOptions options = patient();
    options.total_timeout = timeout;
    return options;
}

}  // namespace

TEST_CASE("A calendar is fetched with its validators, and asked for conditionally the next time") {
    const HttpServer server;
    const Fetched first = fetched(web_calendar(server.url("/ok")));
    CHECK_FALSE(first.not_modified);
    CHECK(is_whole_calendar(first.bytes));
    CHECK(first.validators == Validators{"\"version 1\"", "Sun, 01 Mar 2026 00:00:00 GMT"});

    const Fetched again = fetched(web_calendar(server.url("/ok")), patient(), first.validators);
    CHECK(again.not_modified);
    CHECK(again.bytes.empty());
    CHECK(again.validators == first.validators);
    CHECK_THAT(server.requests(),
               Catch::Contains("If-None-Match: \"version 1\"\r\n") &&
                   Catch::Contains("If-Modified-Since: Sun, 01 Mar 2026 00:00:00 GMT\r\n"));

    CHECK_FALSE(fetched(web_calendar(server.url("/ok")), patient(), {"\"version 0\"", ""}).not_modified);
}

TEST_CASE("A server that knows only Last-Modified is asked by it") {
    const HttpServer server;
    const Fetched first = fetched(web_calendar(server.url("/last-modified")));
    CHECK(first.validators.etag.empty());
    CHECK(fetched(web_calendar(server.url("/last-modified")), patient(), first.validators).not_modified);
}

TEST_CASE("A 304 that nobody asked for is an error, not a missing calendar") {
    const HttpServer server;
    CHECK(error_of(secret_calendar(server, "/always-304")).code == ErrorCode::refused);
}

TEST_CASE("Requests look like a browser's and ask for calendars, compressed") {
    const HttpServer server;
    fetched(web_calendar(server.url("/ok")));
    CHECK_THAT(server.requests(), Catch::StartsWith("GET /ok HTTP/1.1\r\n") &&
                                      Catch::Contains("User-Agent: Mozilla/5.0 (") &&
                                      Catch::Contains("Accept: text/calendar") &&
                                      Catch::Contains("Accept-Encoding: gzip, deflate\r\n") &&
                                      !Catch::Contains("Authorization") && !Catch::Contains("If-"));
}

TEST_CASE("Validators that are no plain text are neither kept nor sent") {
    const HttpServer server;
    CHECK(fetched(web_calendar(server.url("/odd-etag"))).validators == Validators{});
    fetched(web_calendar(server.url("/ok")), patient(), {"\"a\"\r\nX-Injected: yes", "b\r\nX-Injected: yes"});
    CHECK_THAT(server.requests(), !Catch::Contains("X-Injected"));
}

TEST_CASE("Compressed and chunked answers are decoded") {
    const HttpServer server;
    for (const char* route : {"/gzip", "/deflate", "/chunked"}) {
        INFO(route);
        CHECK(is_whole_calendar(fetched(web_calendar(server.url(route))).bytes));
    }
}

TEST_CASE("Pages that are no calendar are handed on: what they are is for the reader to say") {
    const HttpServer server;
    CHECK_THAT(fetched(web_calendar(server.url("/login"))).bytes, Catch::Contains("<html>"));
    CHECK(fetched(web_calendar(server.url("/empty"))).bytes.empty());
}

TEST_CASE(
    "A compressed answer cut short is handed on as far as it goes: libcurl does not tell, its missing END "
    "does") {
    const HttpServer server;
    const std::string bytes = fetched(web_calendar(server.url("/truncated-gzip"))).bytes;
    CHECK(bytes.starts_with(calendar_start));
    CHECK_FALSE(bytes.ends_with(calendar_end));
}

TEST_CASE("10 MB are read, and anything larger is ended while it arrives") {
    const HttpServer server;
    CHECK(fetched(web_calendar(server.url("/size/" + std::to_string(ten_megabytes)))).bytes.size() ==
          ten_megabytes);
    for (const std::string& route :
         {"/size/" + std::to_string(ten_megabytes + 1), std::string("/large"), std::string("/announced"),
          std::string("/endless"), std::string("/endless-chunks"), std::string("/gzip-bomb"),
          std::string("/wasteful-gzip")}) {
        INFO(route);
        CHECK(error_of(secret_calendar(server, route)).code == ErrorCode::too_large);
    }
}

TEST_CASE("Headers without end or measure do not fill the memory") {
    const HttpServer server;
    for (const char* route : {"/giant-header", "/endless-headers", "/endless-continue"}) {
        INFO(route);
        CHECK(error_of(secret_calendar(server, route)).code == ErrorCode::unavailable);
    }
}

TEST_CASE("A server that hangs or drips is given up after the total timeout") {
    const HttpServer server;
    for (const char* route : {"/hang", "/hang-body", "/drip", "/slow-chain"}) {
        INFO(route);
        const Error error = error_of(secret_calendar(server, route), with_total_timeout(250ms));
        CHECK(error.code == ErrorCode::timeout);
        CHECK_THAT(error.message, Catch::Contains("too long"));
    }
}

TEST_CASE("A transfer slower than the low-speed limit is given up before the total timeout") {
    const HttpServer server;
    HttpOptions options = with_total_timeout(60s);
    options.low_speed_window = 1s;
    options.low_speed_bytes = 1000;  // the server drips 50 a second
    const auto start = std::chrono::steady_clock::now();
    CHECK(error_of(secret_calendar(server, "/drip"), options).code == ErrorCode::timeout);
    CHECK(std::chrono::steady_clock::now() - start < 30s);
}

TEST_CASE("Answers that end too early or are broken are unavailable") {
    const HttpServer server;
    for (const char* route : {"/truncated", "/truncated-chunks", "/bad-gzip", "/unknown-encoding",
                              "/bad-status", "/no-status", "/close", "/reset"}) {
        INFO(route);
        CHECK(error_of(secret_calendar(server, route)).code == ErrorCode::unavailable);
    }
}

TEST_CASE("A server that is not there is unavailable, a host without address too") {
    std::string gone;
    {
        const HttpServer server;
        gone = server.url("/SECRET");
    }
    const Error refused = error_of(web_calendar(gone));
    CHECK(refused.code == ErrorCode::unavailable);
    CHECK_THAT(refused.message, Catch::Contains("no connection"));
    const Error unknown = error_of(web_calendar("https://calendar.invalid/SECRET"));
    CHECK(unknown.code == ErrorCode::unavailable);
}

TEST_CASE("A status other than 200 is an error with its number and what to do") {
    const HttpServer server;
    struct Expected {
        int status;
        ErrorCode code;
        std::string advice;
    };
    for (const auto& [status, code, advice] : std::vector<Expected>{
             {401, ErrorCode::refused, "secret address"},
             {403, ErrorCode::refused, "secret address"},
             {404, ErrorCode::not_found, "secret address"},
             {410, ErrorCode::not_found, "secret address"},
             {408, ErrorCode::unavailable, "later"},
             {429, ErrorCode::unavailable, "too often"},
             {500, ErrorCode::unavailable, "later"},
             {502, ErrorCode::unavailable, "later"},
             {503, ErrorCode::unavailable, "later"},
             {204, ErrorCode::refused, "check"},
             {206, ErrorCode::refused, "check"},
             {300, ErrorCode::refused, "check"},
             {400, ErrorCode::refused, "check"},
             {418, ErrorCode::refused, "check"},
         }) {
        const Error error = error_of(secret_calendar(server, "/status/" + std::to_string(status)));
        INFO(status << " " << error.message);
        CHECK(error.code == code);
        CHECK_THAT(error.message, Catch::Contains(std::to_string(status)) && Catch::Contains(advice));
        CHECK_FALSE(error.retry_after.has_value());
    }
}

TEST_CASE("Retry-After is understood in seconds and as a date") {
    const HttpServer server;
    CHECK(error_of(secret_calendar(server, "/status/503?retry-after=120")).retry_after == 120s);
    CHECK(error_of(secret_calendar(server, "/status/429?retry-after=3600")).retry_after == 1h);
    const auto far =
        error_of(secret_calendar(server, "/status/503?retry-after=Fri,+01+Jan+2100+00:00:00+GMT"));
    REQUIRE(far.retry_after.has_value());
    CHECK(*far.retry_after > 24h);
    CHECK_FALSE(error_of(secret_calendar(server, "/status/503?retry-after=soon")).retry_after.has_value());
    CHECK_FALSE(error_of(secret_calendar(server, "/status/404?retry-after=120")).retry_after.has_value());
}

TEST_CASE("The body of an error is not read, however long or compressed") {
    const HttpServer server;
    CHECK(error_of(secret_calendar(server, "/endless-error")).code == ErrorCode::not_found);
    CHECK(error_of(secret_calendar(server, "/gzip-bomb-error")).code == ErrorCode::unavailable);
}

TEST_CASE("Addresses that are none of the web are refused without a connection") {
    for (const char* location : {"file:///etc/passwd?SECRET", "ftp://example.com/SECRET", "SECRET.ics", "",
                                 "http://SECRET host/", "gopher://example.com/SECRET"}) {
        const Error error = error_of(web_calendar(location));
        CHECK(error.code == ErrorCode::refused);
    }
}

TEST_CASE("A stop request ends fetches, before they start and under way") {
    const HttpServer server;
    std::stop_source stop;
    HttpOptions options = with_total_timeout(60s);
    options.stop = stop.get_token();
    Result<Fetched> outcome;
    std::thread fetching([&] { outcome = fetch(web_calendar(server.url("/drip")), options); });
    stop.request_stop();
    fetching.join();
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == ErrorCode::unavailable);
    CHECK_THAT(outcome.error().message, Catch::Contains("stopping"));
    CHECK(error_of(secret_calendar(server, "/ok"), options).code == ErrorCode::unavailable);
}

TEST_CASE("One source fetches for many threads at once") {
    const HttpServer server;
    const TempDir dir;
    write_file(dir.file("alice.ics"), "content");
    const auto source = make_calendar_source(patient());
    std::vector<Result<Fetched>> outcomes(12);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < outcomes.size(); ++i) {
        threads.emplace_back([&, i] {
            const std::string route = i % 3 == 0 ? "/gzip" : "/truncated";
            outcomes[i] = source->fetch(
                i % 3 == 1 ? file_calendar(dir.file("alice.ics")) : web_calendar(server.url(route)), {},
                any_window);
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (size_t i = 0; i < outcomes.size(); ++i) {
        INFO(i);
        CHECK(outcomes[i].has_value() == (i % 3 != 2));
    }
}

}  // namespace http_source_test
