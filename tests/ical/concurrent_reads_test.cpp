// CALENDARS.md, point 26.
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "reader_fixture.h"

namespace concurrent_reads_test {

using namespace watchbill;
using namespace watchbill::test;

TEST_CASE("Point 26: calendars are read by many threads at once", "[calendars]") {
    const std::string bytes =
        calendar(event("DTSTART;TZID=W. Europe Standard "
                       "Time:20260601T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO") +
                 event("RECURRENCE-ID:20260608T070000Z\nDTSTART:20260609T070000Z\nSUMMARY:R\xe9union"));
    ical::initialise();
    const Zone zone = Zone::get("Europe/Paris");
    const Interval window{zone.start_of(*parse_day("2026-06-01")), zone.start_of(*parse_day("2026-06-16"))};
    std::vector<Lines> results(8);
    std::vector<std::thread> threads;
    for (Lines& result : results) {
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i) result = starts(ical::read_calendar(bytes, {window, zone}).value());
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Lines& result : results) {
        CHECK(result == Lines{"2026-06-01T07:00:00Z", "2026-06-09T07:00:00Z", "2026-06-15T07:00:00Z"});
    }
}

}  // namespace concurrent_reads_test
