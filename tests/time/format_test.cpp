#include "time/format.h"

#include <catch2/catch.hpp>

namespace format_test {

using namespace watchbill;
using namespace std::chrono_literals;

TEST_CASE("instants round-trip through RFC 3339") {
    CHECK(format_instant(parse_instant("2026-03-01T08:00:00Z").value()) == "2026-03-01T08:00:00Z");
    CHECK(format_instant(parse_instant("2026-03-01T09:00:00+01:00").value()) == "2026-03-01T08:00:00Z");
    CHECK(format_instant(parse_instant("2026-03-01T00:30-05:30").value()) == "2026-03-01T06:00:00Z");
    CHECK(format_instant(parse_instant("2026-03-01t08:00:00.999z").value()) == "2026-03-01T08:00:00Z");
}

TEST_CASE("what is no instant is refused") {
    for (const char* text : {"", "2026-03-01", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z",
                             "2026-03-01T08:00:00", "2026-03-01T08:60:00Z", "2026-03-01T08:00:00Zx",
                             "0001-01-01T00:00:00Z", "2026-03-01T08:00:00.Z", "2026-13-01T00:00:00Z"}) {
        INFO(text);
        CHECK_FALSE(parse_instant(text));
    }
}

TEST_CASE("days, times and durations") {
    CHECK(format_day(parse_day("2028-02-29").value()) == "2028-02-29");
    CHECK_FALSE(parse_day("2026-02-29"));
    CHECK_FALSE(parse_day("2026-2-9"));
    CHECK(format_date_of_week(parse_day("2026-12-03").value()) == "Thu 3 Dec 2026");
    CHECK(parse_time_of_day("09:05") == 9h + 5min);
    CHECK(parse_time_of_day("24:00") == 24h);
    CHECK_FALSE(parse_time_of_day("24:01"));
    CHECK_FALSE(parse_time_of_day("9:00"));
    CHECK(parse_duration("1h30m") == Duration(5400));
    CHECK(parse_duration("11h") == Duration(11h));
    CHECK_FALSE(parse_duration("11"));
    CHECK_FALSE(parse_duration("-1h"));
    CHECK_FALSE(parse_duration("99999999999d"));
    CHECK(format_duration(11h) == "11 h");
    CHECK(format_duration(90min) == "1 h 30 min");
    CHECK(format_duration(0s) == "0 s");
}

}  // namespace format_test
