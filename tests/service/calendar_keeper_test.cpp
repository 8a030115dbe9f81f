#include "service/calendar_keeper.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"

namespace calendar_keeper_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");
const Interval december{at("2026-12-01T00:00:00Z"), at("2027-01-01T00:00:00Z")};
const Interval january{at("2027-01-01T00:00:00Z"), at("2027-02-01T00:00:00Z")};

// With both clocks at the same.
Moment moment(Instant instant) { return {instant, SteadyInstant(instant.time_since_epoch())}; }
const Moment noons = moment(noon);

// One calendar whose every occurrence is an absence.
struct Desk {
    Desk() {
        ical::initialise();
        calendar.location = "https://calendar.example.com/private-0123/basic.ics";
        calendar.label = "alice@example.com calendar 1 (calendar.example.com)";
        serve({{"2026-12-24", "2026-12-27", "Christmas"}, {"2027-01-04", "2027-01-05", "Skiing"}});
    }
    void serve(const std::vector<AllDay>& events) { source.serve(calendar.location, calendar_of(events)); }

    std::unique_ptr<CalendarKeeper> keeper(bool remember = true) {
        KeptCalendar kept{calendar, Zone::get("Europe/Paris"),
                          [](const CalendarReading& reading) {
                              ClassifiedCalendar contents;
                              contents.availability.absences = holidays_of(reading);
                              return contents;
                          },
                          minutes(5)};
        const Ports ports{&source, remember ? &store : nullptr, nullptr, log.logger.get(),
                          [this](const FetchAttempt& attempt) {
                              attempts.push_back(attempt);
                              return attempt.ended + minutes(5);
                          }};
        return std::make_unique<CalendarKeeper>(std::move(kept), ports);
    }

    TempDir folder;
    FakeSource source;
    WatchedStore store{folder.path()};
    LogCapture log;
    CalendarRef calendar;
    std::vector<FetchAttempt> attempts;
};

size_t absences(const CalendarKeeper& keeper) {
    const auto contents = keeper.contents();
    return contents ? contents->availability.absences.size() : 0;
}

}  // namespace

TEST_CASE("A calendar nobody asked for has nothing to say") {
    Desk desk;
    const auto keeper = desk.keeper();
    CHECK(keeper->contents() == nullptr);
    CHECK(keeper->state(noons).health == SourceHealth::never);
    keeper->load_copy(december, noons);
    CHECK(keeper->state(noons).health == SourceHealth::never);
    CHECK(keeper->claim_if_due(noons.steady));
    CHECK_FALSE(keeper->claim_if_due(noons.steady));
}

TEST_CASE("A claimed calendar is due again when its attempt has ended and its time has come") {
    Desk desk;
    const auto keeper = desk.keeper();
    REQUIRE(keeper->claim_if_due(noons.steady));
    keeper->refresh(noons, december);
    CHECK_FALSE(keeper->claim_if_due(moment(noon + minutes(4)).steady));
    CHECK(keeper->claim_if_due(moment(noon + minutes(5)).steady));
    desk.source.break_down(desk.calendar.location, {ErrorCode::timeout, "no answer", ""});
    keeper->refresh(moment(noon + minutes(5)), december);
    CHECK(keeper->claim_if_due(moment(noon + minutes(10)).steady));
}

TEST_CASE("Another window is read from the copy, without asking the source") {
    Desk desk;
    const auto keeper = desk.keeper();
    keeper->refresh(noons, december);
    CHECK(absences(*keeper) == 1);
    desk.serve({});
    keeper->load_copy(january, noons);
    REQUIRE(absences(*keeper) == 1);
    CHECK(keeper->contents()->availability.absences[0].all_day->first == day("2027-01-04"));
    CHECK(desk.source.fetches(desk.calendar.location) == 1);
    CHECK(keeper->state(noons).health == SourceHealth::ok);
}

TEST_CASE("Not modified, for another window, reads the copy again") {
    Desk desk;
    const auto keeper = desk.keeper();
    keeper->refresh(noons, december);
    keeper->refresh(moment(noon + minutes(5)), january);
    CHECK(keeper->contents()->availability.absences[0].all_day->first == day("2027-01-04"));
    CHECK(desk.store.copies_saved == 1);
}

TEST_CASE("Without a store the calendar is still read") {
    Desk desk;
    const auto keeper = desk.keeper(false);
    keeper->load_copy(december, noons);
    keeper->refresh(noons, december);
    CHECK(absences(*keeper) == 1);
    CHECK(keeper->state(noons).health == SourceHealth::ok);
    CHECK(desk.store.writes() == 0);
}

TEST_CASE("A copy that could not be saved is fetched whole again when it is needed") {
    Desk desk;
    const auto keeper = desk.keeper();
    desk.store.failing = true;
    keeper->refresh(noons, december);
    CHECK(absences(*keeper) == 1);
    desk.store.failing = false;
    keeper->refresh(moment(noon + minutes(5)), january);
    CHECK(keeper->state(noons).health == SourceHealth::ok);
    CHECK(desk.store.copies_saved == 1);
}

TEST_CASE("A copy that our own code cannot read takes nobody else down, and is fetched again") {
    Desk desk;
    desk.keeper()->refresh(noons, december);
    KeptCalendar kept{desk.calendar, Zone::get("Europe/Paris"),
                      [](const CalendarReading&) -> ClassifiedCalendar { throw std::runtime_error("ours"); },
                      minutes(5)};
    CalendarKeeper keeper(std::move(kept), {&desk.source, &desk.store, nullptr, desk.log.logger.get()});
    CHECK_NOTHROW(keeper.load_copy(december, noons));
    CHECK(keeper.contents() == nullptr);
    CHECK(desk.log.text.str().find("internal error") != std::string::npos);
    CHECK(desk.log.text.str().find("ours") == std::string::npos);
    CHECK(keeper.claim_if_due(noons.steady));
}

TEST_CASE("That a source still answers is written down once an hour at most") {
    Desk desk;
    const auto keeper = desk.keeper();
    for (int i = 0; i <= 36; ++i) keeper->refresh(moment(noon + i * minutes(5)), december);
    CHECK(desk.store.copies_saved == 1);
    CHECK(desk.store.copies_touched == 3);
    const auto again = desk.keeper();
    again->load_copy(december, moment(noon + hours(3)));
    CHECK(again->state(moment(noon + hours(3))).last_success == noon + hours(3));
    CHECK(again->state(moment(noon + hours(3))).health == SourceHealth::stale);
}

TEST_CASE("Pacing hears of failures in a row and of what the server asked for") {
    Desk desk;
    const auto keeper = desk.keeper();
    Error busy{ErrorCode::unavailable, "the server is busy", ""};
    busy.retry_after = std::chrono::seconds(90);
    desk.source.break_down(desk.calendar.location, busy);
    keeper->refresh(noons, december);
    keeper->refresh(moment(noon + minutes(5)), december);
    desk.serve({});
    keeper->refresh(moment(noon + minutes(10)), december);
    REQUIRE(desk.attempts.size() == 3);
    CHECK(desk.attempts[0].failures == 1);
    CHECK(desk.attempts[0].retry_after == std::chrono::seconds(90));
    CHECK(desk.attempts[1].failures == 2);
    CHECK(desk.attempts[2].failures == 0);
    CHECK(desk.attempts[2].refresh == minutes(5));
    CHECK(keeper->state(moment(noon + minutes(10))).next_attempt == noon + minutes(15));
}

TEST_CASE("Warnings are part of the state and logged once, and logs hold no secret") {
    Desk desk;
    desk.source.serve(desk.calendar.location,
                      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:odd\r\n"
                      "DTSTAMP:20260101T000000Z\r\nDTSTART:20261205T100000Z\r\nDTEND:20261205T090000Z\r\n"
                      "SUMMARY:private thing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    const auto keeper = desk.keeper();
    keeper->refresh(noons, december);
    REQUIRE(keeper->state(noons).warnings.size() == 1);
    const std::string code = keeper->state(noons).warnings[0].code;
    keeper->load_copy({december.start, january.end}, noons);
    const std::string log = desk.log.text.str();
    const size_t first = log.find(code);
    REQUIRE(first != std::string::npos);
    CHECK(log.find(code, first + 1) == std::string::npos);
    desk.source.break_down(desk.calendar.location, {ErrorCode::timeout, "no answer", ""});
    keeper->refresh(moment(noon + minutes(5)), december);
    CHECK(desk.log.text.str().find("no answer") != std::string::npos);
    CHECK(desk.log.text.str().find("0123") == std::string::npos);
    CHECK(desk.log.text.str().find("private thing") == std::string::npos);
}

TEST_CASE("A calendar's key is a hash of where it is, of its kind and of whose eyes see it") {
    Desk desk;
    const std::string key = source_key(desk.calendar);
    CHECK(key.size() == 64);
    CHECK(key.find("private") == std::string::npos);
    CalendarRef other = desk.calendar;
    other.label = "another label";
    CHECK(source_key(other) == key);
    other.user = "alice";
    CHECK(source_key(other) != key);
    other.user = "";
    other.token_file = "/srv/alice.token";
    CHECK(source_key(other) != key);
    other = desk.calendar;
    other.type = CalendarRef::Type::url;
    CHECK(source_key(other) != key);
}

}  // namespace calendar_keeper_test
