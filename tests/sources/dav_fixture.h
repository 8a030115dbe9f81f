// A CalDAV server with habits (tests/peers/scripted_dav.py) and what its tests share.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "sources/event_calendar.h"
#include "sources/source_fixture.h"
#include "time/format.h"

namespace watchbill::test {

inline Instant instant(std::string_view text) { return *parse_instant(text); }
inline const Interval november{instant("2026-11-01T00:00:00Z"), instant("2026-12-01T00:00:00Z")};

inline std::string event_named(const std::string& uid, const std::string& kind = "VEVENT") {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:" + kind + "\r\nUID:" + uid +
           "\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261110T090000Z\r\nDTEND:20261110T100000Z\r\nEND:" +
           kind + "\r\nEND:VCALENDAR\r\n";
}

// Its habits are those in the collection's name.
class DavServer {
public:
    std::string url(const std::string& collection) const { return server_.url("/" + collection + "/"); }

    CalendarRef calendar(const std::string& collection) const {
        return {CalendarRef::Type::caldav, url(collection), "", "", label};
    }
    std::unique_ptr<EventCalendar> events(const std::string& collection) const {
        return make_event_calendar(calendar(collection), patient());
    }

    // What was asked since the last call: "REPORT /nosync/ calendar-query VEVENT time-range".
    std::vector<std::string> requests() {
        std::istringstream all(server_.requests());
        std::vector<std::string> lines;
        for (std::string line; std::getline(all, line);) lines.push_back(line);
        std::vector<std::string> fresh(lines.begin() + static_cast<std::ptrdiff_t>(seen_), lines.end());
        seen_ = lines.size();
        return fresh;
    }

private:
    HttpServer server_{ServerScript{"scripted_dav.py"}};
    size_t seen_ = 0;
};

// Reads one collection as a service does: with the validators of the copy that it holds.
class Subscriber {
public:
    Subscriber(const DavServer& server, const std::string& collection)
        : calendar_(server.calendar(collection)) {}

    // True: something was changed, and `copy` is what it is now.
    Result<bool> try_refresh(Interval window = november) {
        Result<Fetched> fetched = source_->fetch(calendar_, held_, window);
        if (!fetched) return tl::unexpected<Error>(fetched.error());
        if (fetched->not_modified) {
            CHECK(fetched->validators == held_);
            return false;
        }
        copy = fetched->bytes;
        held_ = fetched->validators;
        return true;
    }
    bool refresh(Interval window = november) {
        const Result<bool> refreshed = try_refresh(window);
        if (!refreshed) FAIL(refreshed.error().message);
        return *refreshed;
    }
    Error failure(Interval window = november) {
        const Result<bool> refreshed = try_refresh(window);
        REQUIRE_FALSE(refreshed.has_value());
        const Error& error = refreshed.error();
        INFO(error.message);
        CHECK(error.where == label);
        CHECK_THAT(error.message, !Catch::Contains("SECRET") && !Catch::Contains("http://"));
        return error;
    }
    bool has(const std::string& uid) const {
        return copy.find("UID:" + uid + "\r\n") != std::string::npos ||
               copy.find("UID:" + uid + "\n") != std::string::npos;
    }

    void restart() { source_ = make_calendar_source(patient()); }
    void lose_copy() { held_ = {}; }
    CalendarRef& calendar() { return calendar_; }
    const Validators& validators() const { return held_; }

    std::string copy;

private:
    CalendarRef calendar_;
    std::unique_ptr<CalendarSource> source_ = make_calendar_source(patient());
    Validators held_;
};

}  // namespace watchbill::test
