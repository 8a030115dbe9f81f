// What the tests of sources share: references to calendars with a secret in every private part of the
// address, and a check that none of it shows up in an error.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "sources/calendar_sources.h"
#include "support/http_server.h"

namespace watchbill::test {

inline const std::string label = "alice@example.com calendar 1 (127.0.0.1)";

// Of no interest to files and web servers.
inline constexpr Interval any_window{};

inline CalendarRef web_calendar(std::string location) {
    return {CalendarRef::Type::url, std::move(location), "", "", label};
}

inline CalendarRef file_calendar(std::string path) {
    return {CalendarRef::Type::file, std::move(path), "", "", label};
}

// Time enough for a loaded machine: tests of timeouts set their own.
inline HttpOptions patient() {
    HttpOptions options;
    options.connect_timeout = std::chrono::seconds(60);
    options.total_timeout = std::chrono::seconds(120);
    options.low_speed_window = std::chrono::seconds(60);
    return options;
}

inline Result<Fetched> fetch(const CalendarRef& calendar, const HttpOptions& options = patient(),
                             const Validators& last = {}) {
    return make_calendar_source(options)->fetch(calendar, last, any_window);
}

inline Fetched fetched(const CalendarRef& calendar, const HttpOptions& options = patient(),
                       const Validators& last = {}) {
    Result<Fetched> outcome = fetch(calendar, options, last);
    if (!outcome) FAIL(outcome.error().message);
    return std::move(*outcome);
}

inline Error error_of(const CalendarRef& calendar, const HttpOptions& options = patient(),
                      const Validators& last = {}) {
    const Result<Fetched> outcome = fetch(calendar, options, last);
    REQUIRE_FALSE(outcome.has_value());
    const Error& error = outcome.error();
    INFO(error.message);
    CHECK(error.where == label);
    CHECK(error.message.size() > 20);
    CHECK_THAT(error.message, !Catch::Contains("SECRET") && !Catch::Contains("secret-user"));
    return error;
}

// The address of a route with a secret in user, password, path's query and fragment. The hostile server
// does not mind.
inline CalendarRef secret_calendar(const HttpServer& server, const std::string& path) {
    const std::string url = server.url(path + (path.find('?') == std::string::npos ? "?" : "&") +
                                       "token=SECRET-TOKEN#SECRET-FRAGMENT");
    const size_t host = url.find("://") + 3;
    return web_calendar(url.substr(0, host) + "secret-user:SECRET-PASSWORD@" + url.substr(host));
}

inline const std::string calendar_start = "BEGIN:VCALENDAR\r\n";
inline const std::string calendar_end = "END:VCALENDAR\r\n";

inline bool is_whole_calendar(const std::string& bytes) {
    return bytes.starts_with(calendar_start) && bytes.ends_with(calendar_end);
}

}  // namespace watchbill::test
