#include "time/zone.h"

#include <catch2/catch.hpp>

#include "time/format.h"

namespace zone_test {

using namespace watchbill;
using namespace std::chrono_literals;

namespace {

std::string utc_of(const char* zone, const char* day, std::chrono::minutes time) {
    return format_instant(Zone::get(zone).to_instant(LocalTime(parse_day(day).value()) + time));
}

}  // namespace

TEST_CASE("a time in the spring gap is read with the offset before the gap") {
    CHECK(utc_of("Europe/Paris", "2026-03-29", 2h + 30min) == "2026-03-29T01:30:00Z");
    CHECK(utc_of("America/Montreal", "2026-03-08", 2h + 30min) == "2026-03-08T07:30:00Z");
    // Lord Howe moves by half an hour: 02:00 becomes 02:30 on the first Sunday of October.
    CHECK(utc_of("Australia/Lord_Howe", "2026-10-04", 2h + 15min) == "2026-10-03T15:45:00Z");
}

TEST_CASE("a time that exists twice is the first") {
    CHECK(utc_of("Europe/Paris", "2026-10-25", 2h + 30min) == "2026-10-25T00:30:00Z");
    CHECK(utc_of("Australia/Lord_Howe", "2026-04-05", 1h + 45min) == "2026-04-04T14:45:00Z");
}

TEST_CASE("unknown zones are unknown") {
    CHECK_FALSE(Zone::find("Europe/Pariss"));
    CHECK_FALSE(Zone::find(""));
    CHECK_FALSE(Zone::find("../../etc/passwd"));
    CHECK(Zone::find("UTC"));
    CHECK(Zone::find("US/Eastern"));
}

TEST_CASE("zone rules reach as far as any horizon") {
    // A tzdata in the slim format read without its footer would lose summer time after its last transition.
    CHECK(utc_of("Europe/Paris", "2036-07-01", 9h) == "2036-07-01T07:00:00Z");
    CHECK(utc_of("Europe/Paris", "2036-12-01", 9h) == "2036-12-01T08:00:00Z");
}

TEST_CASE("every instant of two DST changes maps to a wall clock and back") {
    for (const char* name : {"Europe/Paris", "America/Montreal", "Australia/Lord_Howe", "Asia/Tokyo"}) {
        const Zone zone = Zone::get(name);
        const Instant end = parse_instant("2027-01-01T00:00:00Z").value();
        Duration back_steps(0);
        for (Instant at = parse_instant("2026-01-01T00:00:00Z").value(); at < end; at += 30s) {
            const LocalTime local = zone.to_local(at);
            const Instant again = zone.to_instant(local);
            // The second pass through an overlap maps to the first; everything else to itself.
            if (again != at) {
                REQUIRE(again < at);
                REQUIRE(zone.to_local(again) == local);
                back_steps += 30s;
            }
        }
        const bool has_dst = zone.name() != "Asia/Tokyo";
        CHECK((back_steps > 0s) == has_dst);
        CHECK(back_steps <= 1h);
    }
}

TEST_CASE("a day starts where midnight is swallowed by a gap") {
    // Beirut leaves winter time at 00:00, which becomes 01:00.
    const Zone beirut = Zone::get("Asia/Beirut");
    const Day change = parse_day("2026-03-29").value();
    CHECK(format_instant(beirut.start_of(change)) == "2026-03-28T22:00:00Z");
    CHECK(beirut.interval_of({change, change + std::chrono::days(1)}).length() == 23h);
}

}  // namespace zone_test
