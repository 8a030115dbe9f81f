// The copy of a collection: what it holds, how it is named. No network.
#include "sources/caldav_copy.h"

#include <catch2/catch.hpp>

#include "time/format.h"

namespace caldav_copy_test {

using namespace watchbill;
using namespace watchbill::dav;
using std::chrono::days;

namespace {

Instant at(std::string_view text) { return *parse_instant(text); }

const Interval november{at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z")};
const std::string an_event = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

}  // namespace

TEST_CASE("A stamp as text comes back as it was") {
    for (const bool is_sync : {true, false}) {
        const CopyStamp stamp{november, {"http://example.com/ns/sync/1 2", is_sync}};
        const std::string text = format_stamp(stamp);
        INFO(text);
        CHECK(parse_stamp(text) == stamp);
    }
}

TEST_CASE("A state without a name, or with one that cannot be stored, has no stamp") {
    for (const std::string& token :
         {std::string(), std::string("a\nb"), std::string("\xC3\xA9"), std::string(2000, 'x')})
        CHECK(format_stamp({november, {token, true}}).empty());
}

TEST_CASE("Other ETags are no stamps") {
    for (const char* text :
         {"", "\"1\"", "caldav ", "caldav 2026-11-01T00:00:00Z/2026-12-01T00:00:00Z",
          "caldav 2026-11-01T00:00:00Z/2026-12-01T00:00:00Z sync ",
          "caldav 2026-12-01T00:00:00Z/2026-11-01T00:00:00Z sync 1",
          "caldav 2026-11-01T00:00:00Z/2026-12-01T00:00:00Z what 1", "caldav yesterday/tomorrow sync 1"}) {
        INFO(text);
        CHECK_FALSE(parse_stamp(text));
    }
}

TEST_CASE("More is asked for than the window, so that the next days' windows are covered") {
    const Interval span = span_to_ask_for(november, std::nullopt);
    CHECK(covers(span, november));
    CHECK(covers(span, {november.start + days(60), november.end + days(60)}));
    CHECK_FALSE(covers(span, {november.start + days(120), november.end + days(120)}));
}

TEST_CASE("What was covered stays covered, unless that would be more than ten years") {
    const Interval earlier{november.start - days(400), november.start - days(300)};
    CHECK(covers(span_to_ask_for(november, CopyStamp{earlier, {}}), earlier));
    const Interval long_ago{november.start - days(9000), november.start - days(8000)};
    CHECK(span_to_ask_for(november, CopyStamp{long_ago, {}}) == span_to_ask_for(november, std::nullopt));
}

TEST_CASE("The body is every resource by href, whatever the order they came in, and nothing else") {
    CollectionCopy copy(november);
    REQUIRE(copy.set("/b", "2", an_event));
    REQUIRE(copy.set("/a", "1", "BEGIN:VCALENDAR\nbegin:vfreebusy\nEND:VCALENDAR"));
    REQUIRE(copy.set("/c", "3", "BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR"));
    CHECK(copy.body() == "BEGIN:VCALENDAR\nbegin:vfreebusy\nEND:VCALENDAR\n" + an_event);
    copy.remove("/a");
    copy.remove("/nothing");
    CHECK(copy.body() == an_event);
    copy.remove("/b");
    CHECK(copy.body().starts_with("BEGIN:VCALENDAR\r\n"));
    CHECK(copy.bytes() == 0);
}

TEST_CASE("A resource is known in its state only") {
    CollectionCopy copy(november);
    REQUIRE(copy.set("/a", "\"1\"", an_event));
    REQUIRE(copy.set("/b", "", an_event));
    CHECK(copy.has("/a", "\"1\""));
    CHECK_FALSE(copy.has("/a", "\"2\""));
    CHECK_FALSE(copy.has("/b", ""));
    CHECK_FALSE(copy.has("/c", "\"1\""));
}

TEST_CASE("10 MB in all are kept, and not a byte more, and replacing frees what was there") {
    CollectionCopy copy(november);
    const std::string half = an_event + std::string(5 * 1024 * 1024 - an_event.size(), 'x');
    REQUIRE(copy.set("/a", "1", half));
    REQUIRE(copy.set("/b", "1", half));
    CHECK(copy.set("/b", "2", half));
    const auto over = copy.set("/c", "1", an_event);
    REQUIRE_FALSE(over);
    CHECK(over.error().code == ErrorCode::too_large);
    copy.remove("/a");
    CHECK(copy.set("/c", "1", an_event));
}

TEST_CASE("20,000 resources are kept, also such as are of no interest") {
    CollectionCopy copy(november);
    for (int i = 0; i < 20'000; ++i) REQUIRE(copy.set("/" + std::to_string(i), "1", ""));
    CHECK(copy.set("/0", "2", ""));
    const auto over = copy.set("/more", "1", "");
    REQUIRE_FALSE(over);
    CHECK(over.error().code == ErrorCode::too_large);
}

}  // namespace caldav_copy_test
