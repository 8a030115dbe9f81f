// Events put into calendars of real servers from Debian: tests/peers/dav_servers.py. What a server with
// habits does is in event_calendar_test.cpp.
#include <catch2/catch.hpp>
#include <iostream>

#include "sources/dav_client.h"
#include "sources/dav_fixture.h"
#include "sources/dav_requests.h"

namespace real_caldav_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

class RealServer {
public:
    explicit RealServer(const std::string& name)
        : process_({"/usr/bin/python3", WATCHBILL_SOURCE_DIR "/tests/peers/dav_servers.py", name,
                    dir_.path().string()}),
          url_(process_.read_line()) {
        if (url_.empty()) FAIL(name << " did not start");
        if (const std::string mark = "skipped: "; url_.rfind(mark, 0) == 0) {
            // ctest looks for these words.
            std::cout << "skipped for want of a server: " << url_.substr(mark.size()) << std::endl;
            url_.clear();
        }
        write_file(dir_.file("password"), "SECRET-PASSWORD\n");
    }

    // It is not unpacked. A case with one server checks nothing then, and one with more would pass over what
    // fails.
    bool missing() const { return url_.empty(); }

    // The calendar of one of its users.
    CalendarRef calendar(const std::string& user = "alice") const {
        std::string url = url_;
        if (user != "alice") url.replace(url.find("alice"), 5, user);
        return {CalendarRef::Type::caldav, url, user, dir_.file("password"), label};
    }
    std::unique_ptr<EventCalendar> events() const { return make_event_calendar(calendar(), patient()); }

private:
    TempDir dir_;
    ChildProcess process_;
    std::string url_;
};

std::string incident(const std::string& summary, const std::string& more = "") {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//"
           "EN\r\nBEGIN:VEVENT\r\nUID:incident-1@example.com\r\n"
           "DTSTAMP:20261101T000000Z\r\nDTSTART:20301110T090000Z\r\nDTEND:20301110T100000Z\r\nSUMMARY:" +
           summary + "\r\n" + more + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

// With folded lines joined.
std::string unfolded(std::string text) {
    for (const char* fold : {"\r\n ", "\n "}) {
        for (size_t at = text.find(fold); at != std::string::npos; at = text.find(fold))
            text.erase(at, std::string_view(fold).size());
    }
    return text;
}

bool answers(const std::string& bytes, const std::string& status) {
    return unfolded(bytes).find("PARTSTAT=" + status) != std::string::npos;
}

// Asks until it holds: servers deliver when they have the time.
template <typename Condition>
bool in_time(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
    }
    return false;
}

void take_an_event_and_tell_conflicts(const RealServer& server) {
    if (server.missing()) return;
    const auto events = server.events();
    const std::string uid = "incident-1@example.com";
    const auto abilities = events->discover();
    if (!abilities) FAIL(abilities.error().message);
    CHECK(abilities->may_write);

    const auto made = events->put(uid, incident("Checkout down"), {});
    if (!made) FAIL(made.error().message);
    const auto again = events->put(uid, incident("Checkout down"), {});
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::conflict);

    const auto seen = events->read(uid);
    if (!seen) FAIL(seen.error().message);
    CHECK_THAT(seen->bytes, Catch::Contains("SUMMARY:Checkout down"));
    CHECK(seen->etag == *made);
    const auto changed = events->put(uid, incident("Checkout slow"), seen->etag);
    if (!changed) FAIL(changed.error().message);
    const auto late = events->put(uid, incident("Checkout gone"), seen->etag);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == ErrorCode::conflict);
    CHECK_FALSE(events->remove(uid, seen->etag));
    CHECK_THAT(events->read(uid)->bytes, Catch::Contains("SUMMARY:Checkout slow"));

    CHECK(events->remove(uid, events->read(uid)->etag));
    CHECK(events->read(uid).error().code == ErrorCode::not_found);
    CHECK(events->remove(uid, *changed));
}

}  // namespace

TEST_CASE("Radicale takes an event, its changes and its end, and tells conflicts") {
    take_an_event_and_tell_conflicts(RealServer("Radicale"));
}

TEST_CASE("Xandikos takes an event, its changes and its end, and tells conflicts") {
    take_an_event_and_tell_conflicts(RealServer("Xandikos"));
}

TEST_CASE("Cyrus takes an event, its changes and its end, and tells conflicts") {
    take_an_event_and_tell_conflicts(RealServer("Cyrus"));
}

TEST_CASE("A server that schedules brings the event to its attendee, and the answer back into it") {
    const RealServer server("Cyrus");
    if (server.missing()) return;
    const auto events = server.events();
    const std::string uid = "incident-1@example.com";
    const auto abilities = events->discover();
    REQUIRE(abilities);
    CHECK(abilities->schedules);
    CHECK(abilities->organizers == std::vector{*MemberId::parse("alice@example.com")});
    const auto made =
        events->put(uid,
                    incident("Checkout down",
                             "ORGANIZER:mailto:alice@example.com\r\n"
                             "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com\r\n"
                             "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.com\r\n"),
                    {});
    if (!made) FAIL(made.error().message);
    const auto before = events->read(uid);
    REQUIRE(before);
    CHECK_FALSE(answers(before->bytes, "DECLINED"));

    // Bob declines in his own calendar.
    const HttpOptions options = patient();
    auto bob = dav::Client::open(server.calendar("bob"), options);
    REQUIRE(bob);
    std::string href;
    std::string invitation;
    REQUIRE(in_time([&] {
        const auto answer = bob->report(dav::calendar_query("VEVENT"), "1");
        const auto found = dav::parse_multistatus(answer ? answer->bytes : "");
        if (!found || found->resources.empty()) return false;
        href = found->resources[0].href;
        invitation = unfolded(*found->resources[0].calendar_data);
        return true;
    }));
    const size_t needed = invitation.find("PARTSTAT=NEEDS-ACTION");
    REQUIRE(needed != std::string::npos);
    invitation.replace(needed, std::string("PARTSTAT=NEEDS-ACTION").size(), "PARTSTAT=DECLINED");
    HttpCall reply;
    reply.method = "PUT";
    reply.headers = {"Content-Type: text/calendar"};
    reply.body = invitation;
    const auto replied = bob->send_to(href, reply);
    REQUIRE(replied);
    CHECK(replied->status < 300);

    CHECK(in_time([&] {
        const auto now = events->read(uid);
        return now && answers(now->bytes, "DECLINED");
    }));
    // Who did not see that answer cannot undo it.
    const auto blind = events->put(uid, incident("Checkout slow"), before->etag);
    REQUIRE_FALSE(blind);
    CHECK(blind.error().code == ErrorCode::conflict);
}

}  // namespace real_caldav_test
