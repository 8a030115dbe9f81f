// CalDAV collections as sources, of a server with habits: tests/peers/scripted_dav.py. Real servers are in
// tests/peers/caldav_test.py.
#include <algorithm>
#include <catch2/catch.hpp>

#include "sources/dav_fixture.h"

namespace caldav_source_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

using Lines = std::vector<std::string>;

// What a collection is asked for as a whole.
Lines whole(const std::string& collection) {
    const std::string query = "REPORT /" + collection + "/ calendar-query VEVENT ";
    return {"PROPFIND /" + collection + "/", query + "time-range", query + "RRULE", query + "RDATE"};
}

Lines with(Lines lines, const Lines& more) {
    lines.insert(lines.end(), more.begin(), more.end());
    return lines;
}

std::string put(EventCalendar& events, const std::string& uid, const std::optional<std::string>& etag = {},
                const std::string& bytes = "") {
    const auto outcome = events.put(uid, bytes.empty() ? event_named(uid) : bytes, etag);
    if (!outcome) FAIL(outcome.error().message);
    return *outcome;
}

}  // namespace

TEST_CASE("A collection is read as a whole once, then by its changes, then not at all") {
    DavServer server;
    const auto events = server.events("plain");
    const std::string first = put(*events, "1");
    put(*events, "2");
    Subscriber alice(server, "plain");
    server.requests();
    CHECK(alice.refresh());
    CHECK((alice.has("1") && alice.has("2")));
    CHECK(server.requests() == whole("plain"));

    CHECK_FALSE(alice.refresh());
    CHECK(server.requests() == Lines{"REPORT /plain/ sync-collection"});

    put(*events, "3");
    REQUIRE(events->remove("1", first));
    server.requests();
    CHECK(alice.refresh());
    CHECK((!alice.has("1") && alice.has("2") && alice.has("3")));
    CHECK(server.requests() == Lines{"REPORT /plain/ sync-collection"});
}

TEST_CASE("After a restart a collection that has not changed is asked for its state only") {
    DavServer server;
    const std::string habit = GENERATE("plain", "nosync", "noctag", "odd", "zipped", "odd-zipped-nosync");
    const auto events = server.events(habit);
    put(*events, "1");
    Subscriber alice(server, habit);
    CHECK(alice.refresh());
    alice.restart();
    server.requests();
    CHECK_FALSE(alice.refresh());
    CHECK(server.requests() == Lines{"PROPFIND /" + habit + "/"});
    put(*events, "2");
    alice.restart();
    CHECK(alice.refresh());
    CHECK((alice.has("1") && alice.has("2")));
    alice.lose_copy();
    CHECK(alice.refresh());
    CHECK((alice.has("1") && alice.has("2")));
}

TEST_CASE("A server without sync-collection is asked for all when its CTag changes, or always") {
    DavServer server;
    const auto events = server.events("nosync");
    put(*events, "1");
    Subscriber alice(server, "nosync");
    CHECK(alice.refresh());
    server.requests();
    CHECK_FALSE(alice.refresh());
    CHECK(server.requests() == Lines{"PROPFIND /nosync/"});
    put(*events, "2");
    server.requests();
    CHECK(alice.refresh());
    CHECK(server.requests() == whole("nosync"));

    const auto nameless = server.events("nosync-noctag");
    put(*nameless, "1");
    Subscriber bob(server, "nosync-noctag");
    CHECK(bob.refresh());
    CHECK(bob.validators() == Validators{});
    const std::string before = bob.copy;
    CHECK(bob.refresh());
    CHECK(bob.copy == before);
}

TEST_CASE("What comes without its bytes is asked for by multiget, in batches") {
    DavServer server;
    const auto events = server.events("nodata");
    for (int i = 0; i < 60; ++i) put(*events, "event " + std::to_string(i));
    Subscriber alice(server, "nodata");
    server.requests();
    CHECK(alice.refresh());
    const Lines asked = server.requests();
    CHECK(std::count(asked.begin(), asked.end(), "REPORT /nodata/ calendar-multiget") == 2);
    CHECK(asked.size() == whole("nodata").size() + 2);
    for (int i = 0; i < 60; ++i) CHECK(alice.has("event " + std::to_string(i)));
    const std::string etag = put(*events, "late");
    server.requests();
    CHECK(alice.refresh());
    CHECK(server.requests() == Lines{"REPORT /nodata/ sync-collection", "REPORT /nodata/ calendar-multiget"});
    REQUIRE(events->remove("late", etag));
    server.requests();
    CHECK(alice.refresh());
    CHECK(server.requests() == Lines{"REPORT /nodata/ sync-collection"});
    CHECK_FALSE(alice.has("late"));
}

TEST_CASE("Changes that come in pages are all taken") {
    DavServer server;
    const auto events = server.events("paged");
    put(*events, "1");
    Subscriber alice(server, "paged");
    CHECK(alice.refresh());
    for (const char* uid : {"2", "3", "4"}) put(*events, uid);
    server.requests();
    CHECK(alice.refresh());
    CHECK(server.requests().size() == 3);
    for (const char* uid : {"1", "2", "3", "4"}) CHECK(alice.has(uid));
}

TEST_CASE("Where a sync-token is refused or leads nowhere, the whole is asked for") {
    DavServer server;
    const std::string habit = GENERATE("badtoken", "surprised", "circle");
    const auto events = server.events(habit);
    put(*events, "1");
    Subscriber alice(server, habit);
    CHECK(alice.refresh());
    put(*events, "2");
    server.requests();
    CHECK(alice.refresh());
    CHECK((alice.has("1") && alice.has("2")));
    CHECK(server.requests() == with({"REPORT /" + habit + "/ sync-collection"}, whole(habit)));
}

TEST_CASE("A window beyond what the copy covers is asked for, without forgetting what it covered") {
    DavServer server;
    put(*server.events("plain"), "1");
    Subscriber alice(server, "plain");
    CHECK(alice.refresh());
    const Interval later{november.start + std::chrono::days(90), november.end + std::chrono::days(90)};
    CHECK_FALSE(alice.refresh(later));  // covered by the margin
    const Interval next_year{november.start + std::chrono::days(365), november.end + std::chrono::days(365)};
    server.requests();
    CHECK(alice.refresh(next_year));
    CHECK(server.requests() == whole("plain"));
    CHECK_FALSE(alice.refresh());
    CHECK_FALSE(alice.refresh(next_year));
    alice.restart();
    CHECK_FALSE(alice.refresh());
    CHECK_FALSE(alice.refresh(next_year));
}

TEST_CASE("Recurring events are found where a time-range does not find them, by whatever the server knows") {
    DavServer server;
    const std::string habit = GENERATE("plain", "nofilter", "nodata-nofilter");
    const auto events = server.events(habit);
    put(*events, "once");
    std::string weekly = event_named("weekly");
    weekly.insert(weekly.find("DTSTART"), "RRULE:FREQ=WEEKLY\r\n");
    put(*events, "weekly", {}, weekly);
    Subscriber alice(server, habit);
    CHECK(alice.refresh());
    CHECK((alice.has("once") && alice.has("weekly")));
}

TEST_CASE("An empty collection is a calendar without events") {
    DavServer server;
    Subscriber alice(server, "plain");
    CHECK(alice.refresh());
    CHECK(is_whole_calendar(alice.copy));
}

TEST_CASE("Free/busy is read too, and what a server cannot filter does not hide the events") {
    DavServer server;
    const auto events = server.events("free");
    put(*events, "1");
    put(*events, "busy", {}, event_named("busy", "VFREEBUSY"));
    put(*events, "task", {}, event_named("task", "VTODO"));
    Subscriber alice(server, "free");
    server.requests();
    CHECK(alice.refresh());
    CHECK((alice.has("1") && alice.has("busy") && !alice.has("task")));
    CHECK(server.requests() == with(whole("free"), {"REPORT /free/ calendar-query VFREEBUSY",
                                                    "REPORT /free/ calendar-query VAVAILABILITY"}));
}

TEST_CASE("An event that we may not see is left out, and one that is listed and withheld is an error") {
    DavServer server;
    const auto secret = server.events("secret-nodata");
    put(*secret, "1");
    put(*secret, "secret plan");
    Subscriber alice(server, "secret-nodata");
    CHECK(alice.refresh());
    CHECK((alice.has("1") && !alice.has("secret plan")));

    put(*server.events("hidden"), "1");
    Subscriber bob(server, "hidden");
    CHECK(bob.failure().code == ErrorCode::unavailable);
}

TEST_CASE("Answers that are none of a calendar's are refused with what to do") {
    DavServer server;
    for (const auto& [collection, code] :
         std::vector<std::pair<std::string, ErrorCode>>{{"doctype", ErrorCode::refused},
                                                        {"deep", ErrorCode::refused},
                                                        {"wide", ErrorCode::too_large},
                                                        {"login", ErrorCode::refused},
                                                        {"other", ErrorCode::refused},
                                                        {"folder", ErrorCode::refused},
                                                        {"tasks", ErrorCode::refused},
                                                        {"endless", ErrorCode::too_large},
                                                        {"cut", ErrorCode::unavailable},
                                                        {"busy", ErrorCode::unavailable}}) {
        INFO(collection);
        Subscriber alice(server, collection);
        const Error error = alice.failure();
        CHECK(error.code == code);
        if (collection == "busy") CHECK(error.retry_after == std::chrono::seconds(120));
    }
}

TEST_CASE("An event on another server is not asked for, whatever the collection says") {
    DavServer server;
    put(*server.events("elsewhere"), "1");
    Subscriber alice(server, "elsewhere");
    const Error error = alice.failure();
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("another server"));
}

TEST_CASE("An address that knows no DAV is told from one that is not there") {
    const HttpServer server;
    CalendarRef calendar = secret_calendar(server, "/status/405");
    calendar.type = CalendarRef::Type::caldav;
    const Error error = error_of(calendar);
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("no CalDAV"));
    calendar = secret_calendar(server, "/status/404");
    calendar.type = CalendarRef::Type::caldav;
    CHECK(error_of(calendar).code == ErrorCode::not_found);
    calendar.location = "nonsense";
    CHECK(error_of(calendar).code == ErrorCode::refused);
}

TEST_CASE("Redirects lead to the collection, whose events are then where it is") {
    DavServer server;
    put(*server.events("found-1"), "1");
    Subscriber alice(server, "moved-1");
    CHECK(alice.refresh());
    CHECK(alice.has("1"));
}

TEST_CASE("A user or a token is sent, and neither shows up where they are wrong") {
    DavServer server;
    const TempDir dir;
    write_file(dir.file("password"), "SECRET-PASSWORD\n");
    write_file(dir.file("token"), "SECRET.token~1\n");
    Subscriber alice(server, "auth");
    alice.calendar().user = "alice";
    alice.calendar().password_file = dir.file("password");
    CHECK(alice.refresh());
    Subscriber bob(server, "bearer");
    bob.calendar().token_file = dir.file("token");
    CHECK(bob.refresh());

    write_file(dir.file("password"), "SECRET-MISTAKE");
    write_file(dir.file("token"), "SECRET.mistake");
    for (Subscriber* somebody : {&alice, &bob}) {
        const Error error = somebody->failure();
        CHECK(error.code == ErrorCode::refused);
        CHECK_THAT(error.message, Catch::Contains("401"));
    }
    for (const char* wrong : {"", "two words", "two\nlines"}) {
        write_file(dir.file("token"), wrong);
        const Error error = bob.failure();
        CHECK(error.code == ErrorCode::refused);
        CHECK_THAT(error.message, Catch::Contains("token file"));
    }
}

}  // namespace caldav_source_test
