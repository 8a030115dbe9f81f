// Events put into a CalDAV collection, of a server with habits: tests/peers/scripted_dav.py.
#include <catch2/catch.hpp>

#include "sources/dav_fixture.h"

namespace event_calendar_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

CalendarAbilities abilities_of(const DavServer& server, const std::string& collection) {
    const auto abilities = server.events(collection)->discover();
    if (!abilities) FAIL(abilities.error().message);
    return *abilities;
}

template <typename T>
ErrorCode code_of(const Result<T>& result) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().where == label);
    CHECK_THAT(result.error().message, !Catch::Contains("SECRET") && !Catch::Contains("http://"));
    return result.error().code;
}

}  // namespace

TEST_CASE("An event is made, read, changed and removed, each only in the state that was seen") {
    const DavServer server;
    const auto events = server.events("plain");
    const std::string uid = "incident-1@example.com";
    CHECK(code_of(events->read(uid)) == ErrorCode::not_found);

    const auto made = events->put(uid, event_named(uid), {});
    REQUIRE(made);
    CHECK(code_of(events->put(uid, event_named(uid), {})) == ErrorCode::conflict);
    const auto seen = events->read(uid);
    REQUIRE(seen);
    CHECK(seen->bytes == event_named(uid));
    CHECK(seen->etag == *made);

    const auto changed = events->put(uid, event_named(uid) + "X-A:1\r\n", seen->etag);
    REQUIRE(changed);
    CHECK(*changed != *made);
    CHECK(code_of(events->put(uid, event_named(uid), seen->etag)) == ErrorCode::conflict);
    CHECK(code_of(events->remove(uid, seen->etag)) == ErrorCode::conflict);
    CHECK(events->read(uid)->bytes == event_named(uid) + "X-A:1\r\n");
    CHECK(events->remove(uid, *changed));
    CHECK(code_of(events->read(uid)) == ErrorCode::not_found);
    CHECK(events->remove(uid, *changed));
    CHECK(code_of(events->put(uid, event_named(uid), *changed)) == ErrorCode::conflict);
}

TEST_CASE("An ETag that the answer to PUT lacks is asked for") {
    DavServer server;
    const auto events = server.events("noetag");
    const auto made = events->put("1", event_named("1"), {});
    REQUIRE(made);
    CHECK(server.requests() == std::vector<std::string>{"PUT /noetag/1.ics", "PROPFIND /noetag/1.ics"});
    CHECK(events->read("1")->etag == *made);
}

TEST_CASE("A server that gives no ETags at all is refused rather than overwritten") {
    const DavServer server;
    const auto events = server.events("ghost");
    static_cast<void>(events->put("1", event_named("1"), {}));
    CHECK(code_of(events->read("1")) == ErrorCode::refused);
}

TEST_CASE("An ETag that none of ours can be matches nothing, and is not sent") {
    DavServer server;
    const auto events = server.events("plain");
    for (const std::string etag : {"", "\"1\"\r\nX-Injected: yes"}) {
        CHECK(code_of(events->put("1", event_named("1"), etag)) == ErrorCode::conflict);
        CHECK(code_of(events->remove("1", etag)) == ErrorCode::conflict);
    }
    CHECK(server.requests().empty());
}

TEST_CASE("Whether the server schedules is read from its DAV header and from the principal's outbox") {
    const DavServer server;
    CHECK_FALSE(abilities_of(server, "plain").schedules);
    CHECK(abilities_of(server, "plain").organizers.empty());
    for (const char* collection : {"schedules", "split"}) {
        INFO(collection);
        const CalendarAbilities abilities = abilities_of(server, collection);
        CHECK(abilities.schedules);
        CHECK(abilities.may_write);
        CHECK(abilities.organizers == std::vector{*MemberId::parse("rota@example.com")});
    }
    CHECK_FALSE(abilities_of(server, "schedules-nooutbox").schedules);
    CHECK_FALSE(abilities_of(server, "readonly").may_write);
}

TEST_CASE("What is no calendar for events is refused") {
    const DavServer server;
    for (const char* collection : {"folder", "tasks", "login", "doctype"}) {
        INFO(collection);
        CHECK(code_of(server.events(collection)->discover()) == ErrorCode::refused);
    }
    CHECK(code_of(server.events("auth")->discover()) == ErrorCode::refused);
    CHECK(code_of(server.events("busy")->discover()) == ErrorCode::unavailable);
}

TEST_CASE("Refusals of writing mean what the server says") {
    const DavServer server;
    const auto put = [&](const std::string& collection) {
        return code_of(server.events(collection)->put("1", event_named("1"), {}));
    };
    CHECK(put("readonly") == ErrorCode::refused);
    CHECK(put("uid") == ErrorCode::conflict);
    CHECK(put("full") == ErrorCode::unavailable);
    CHECK(put("busy") == ErrorCode::unavailable);
    CHECK(put("auth") == ErrorCode::refused);
}

TEST_CASE("A server that is not there is unavailable") {
    std::string url;
    {
        const DavServer server;
        url = server.url("plain");
    }
    const auto events = make_event_calendar({CalendarRef::Type::caldav, url, "", "", label}, patient());
    CHECK(code_of(events->discover()) == ErrorCode::unavailable);
    CHECK(code_of(events->read("1")) == ErrorCode::unavailable);
    CHECK(code_of(events->put("1", event_named("1"), {})) == ErrorCode::unavailable);
    CHECK(code_of(events->remove("1", "\"1\"")) == ErrorCode::unavailable);
}

TEST_CASE("A resource's name is made of nothing but safe characters, and tells UIDs apart") {
    CHECK(resource_name("incident-1@example.com") == "incident-1=40example.com.ics");
    CHECK(resource_name("../../etc/passwd") == "=2E.=2F..=2Fetc=2Fpasswd.ics");
    CHECK(resource_name("a b%20=?#\r\n\xC3\xA9") == "a=20b=2520=3D=3F=23=0D=0A=C3=A9.ics");
    CHECK(resource_name("a=40b") != resource_name("a@b"));
    CHECK(resource_name(std::string(196, 'a')).has_value());
    for (const std::string& uid : {std::string(), std::string(197, 'a'), std::string(70, '@')})
        CHECK_FALSE(resource_name(uid).has_value());
    const DavServer server;
    CHECK(code_of(server.events("plain")->read("")) == ErrorCode::invalid_input);
}

TEST_CASE("A class is looked for in a list of them, whole and in any case") {
    CHECK(has_dav_class("1, 2, calendar-auto-schedule", "calendar-auto-schedule"));
    CHECK(has_dav_class("Calendar-Auto-Schedule", "calendar-auto-schedule"));
    CHECK(has_dav_class(",,\t calendar-auto-schedule ,", "calendar-auto-schedule"));
    // What Xandikos says of itself.
    CHECK_FALSE(has_dav_class("calendar-auto-scheduling, xcalendar-auto-schedule", "calendar-auto-schedule"));
    CHECK_FALSE(has_dav_class("", "calendar-auto-schedule"));
}

}  // namespace event_calendar_test
