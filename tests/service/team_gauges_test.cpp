#include "service/team_gauges.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"

namespace team_gauges_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");

// With both clocks at the same.
Moment moment(Instant instant) { return {instant, SteadyInstant(instant.time_since_epoch())}; }

SourceState source(SourceHealth health, std::optional<Instant> last_success) {
    SourceState state;
    state.health = health;
    state.last_success = last_success;
    if (last_success) state.heard_at = moment(*last_success).steady;
    return state;
}

Assignment shift(const std::string& rotation, const std::string& date, const std::string& holder) {
    Assignment assignment;
    assignment.shift.key = {rotation, day(date)};
    assignment.shift.when = {at(date + "T08:00:00Z"), at(date + "T17:00:00Z")};
    if (!holder.empty()) assignment.member = id(holder + "@example.com");
    return assignment;
}

TeamNotice notice_of(std::vector<SourceState> sources) {
    TeamNotice notice;
    notice.team = std::make_shared<const Team>(example_team());
    notice.sources = std::move(sources);
    return notice;
}

}  // namespace

TEST_CASE("Calendars are counted by what is wrong with them, and the most silent one tells its age") {
    const TeamGauges gauges =
        gauge_team(notice_of({source(SourceHealth::ok, at("2026-11-24T11:59:00Z")),
                              source(SourceHealth::stale, at("2026-11-24T09:00:00Z")),
                              source(SourceHealth::stale, at("2026-11-24T10:00:00Z")),
                              source(SourceHealth::failing, std::nullopt), source(SourceHealth::never, {})}),
                   moment(noon));
    CHECK(gauges.team == "payments");
    CHECK(gauges.stale == 2);
    CHECK(gauges.failing == 1);
    CHECK(gauges.oldest_answer == std::chrono::hours(3));
}

TEST_CASE("Calendars that never answered have no age, and a clock that is set changes none") {
    CHECK(gauge_team(notice_of({}), moment(noon)).oldest_answer == std::nullopt);
    CHECK(gauge_team(notice_of({source(SourceHealth::failing, {})}), moment(noon)).oldest_answer ==
          std::nullopt);
    const TeamNotice notice = notice_of({source(SourceHealth::ok, at("2026-11-24T11:59:00Z"))});
    for (const std::chrono::hours step : {std::chrono::hours(-24), std::chrono::hours(2)}) {
        const Moment stepped{noon + step, moment(noon).steady};
        CHECK(gauge_team(notice, stepped).oldest_answer == std::chrono::minutes(1));
    }
}

TEST_CASE("Uncovered days are dates, each counted once, that have not gone by") {
    Plan plan;
    plan.assignments = {
        shift("mro", "2026-11-23", ""),
        shift("mro", "2026-11-24", ""),  // yesterday; today, still running
        shift("mro", "2026-11-25", "alice"),
        shift("remote", "2026-11-25", ""),
        shift("mro", "2026-12-08", ""),
        shift("remote", "2026-12-08", ""),  // 14 days less 4 hours ahead
        shift("mro", "2026-12-09", ""),
        shift("mro", "2026-12-10", "bob"),
    };
    TeamNotice notice = notice_of({});
    notice.plan = std::make_shared<const Plan>(plan);
    notice.published_at = at("2026-11-24T06:00:00Z");
    const TeamGauges gauges = gauge_team(notice, moment(noon));
    CHECK(gauges.uncovered_days == 4);
    CHECK(gauges.uncovered_days_soon == 3);
    CHECK(gauges.published_at == notice.published_at);
    CHECK(gauge_team(notice, moment(at("2026-11-24T17:00:00Z"))).uncovered_days == 3);
    CHECK(gauge_team(notice, moment(at("2026-11-24T16:59:59Z"))).uncovered_days == 4);
    // Two weeks are exactly over when the shift begins.
    CHECK(gauge_team(notice, moment(at("2026-11-25T08:00:00Z"))).uncovered_days_soon == 2);
    CHECK(gauge_team(notice, moment(at("2026-11-25T08:00:01Z"))).uncovered_days_soon == 3);
}

}  // namespace team_gauges_test
