#include "service/metrics.h"

#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <thread>

#include "rotation/fairness/fair_planner.h"
#include "service/fakes.h"
#include "service/service.h"

namespace metrics_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");

using Samples = std::map<std::string, double>;

// "name{labels}" -> value, read independently of what wrote it.
Samples samples_of(const Metrics& metrics, const NoticeBoard& board, Moment now = {noon, {}}) {
    Samples samples;
    std::istringstream lines(metrics.text(board.all(), now));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("#")) continue;
        const size_t blank = line.rfind(' ');
        const bool is_new = samples.emplace(line.substr(0, blank), std::stod(line.substr(blank + 1))).second;
        INFO(line);
        CHECK(is_new);
    }
    return samples;
}

std::string requests(const std::string& method, const std::string& route, const std::string& status) {
    return "watchbill_http_requests_total{method=\"" + method + "\",route=\"" + route + "\",status_class=\"" +
           status + "\"}";
}

std::string bucket(const std::string& route, const std::string& bound) {
    return "watchbill_http_request_seconds_bucket{route=\"" + route + "\",le=\"" + bound + "\"}";
}

// Real calendars, store and planner, with metrics.
struct Desk {
    Desk() {
        ical::initialise();
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
        service.set_teams({team});
    }
    void tick() {
        service.tick();
        REQUIRE(service.wait_for_fetches(std::chrono::seconds(30)));
        service.tick();
    }
    Samples samples() { return samples_of(metrics, board, moment_of(clock)); }

    TempDir folder;
    FakeClock clock{noon};
    FakeSource source;
    WatchedStore store{folder.path()};
    FairPlanner planner;
    LogCapture log;
    Team team = example_team();
    Metrics metrics{"1.2.3"};
    NoticeBoard board;
    Service service{{&source, &store, &planner, log.logger.get(),
                     [](const FetchAttempt& attempt) { return attempt.ended + attempt.refresh; }, &metrics},
                    clock,
                    FeedTokens("a secret of some length"),
                    board};
};

}  // namespace

TEST_CASE("Requests are counted by route, method and class of status") {
    Metrics metrics("1.2.3");
    RouteMeter& teams = metrics.route("/teams/{team}", {"GET", "HEAD"});
    teams.note("GET", 200, milliseconds(1));
    teams.note("GET", 204, milliseconds(1));
    teams.note("GET", 304, milliseconds(1));
    teams.note("HEAD", 404, milliseconds(1));
    teams.note("GET", 503, milliseconds(1));
    const Samples samples = samples_of(metrics, {});
    CHECK(samples.at(requests("GET", "/teams/{team}", "2xx")) == 2);
    CHECK(samples.at(requests("GET", "/teams/{team}", "3xx")) == 1);
    CHECK(samples.at(requests("GET", "/teams/{team}", "4xx")) == 0);
    CHECK(samples.at(requests("GET", "/teams/{team}", "5xx")) == 1);
    CHECK(samples.at(requests("HEAD", "/teams/{team}", "4xx")) == 1);
    CHECK(samples.at("watchbill_build_info{version=\"1.2.3\"}") == 1);
}

TEST_CASE("Methods that nobody listed are one label, whatever clients make up") {
    Metrics metrics("1.2.3");
    RouteMeter& unmatched = metrics.route("unmatched", {"GET", "other"});
    const size_t before = samples_of(metrics, {}).size();
    for (int i = 0; i < 100; ++i) unmatched.note("BREW" + std::to_string(i), 404, milliseconds(1));
    unmatched.note("", 400, milliseconds(1));
    unmatched.note("GET", 999, milliseconds(1));
    const Samples samples = samples_of(metrics, {});
    CHECK(samples.size() == before);
    CHECK(samples.at(requests("other", "unmatched", "4xx")) == 101);
    CHECK(samples.at(requests("GET", "unmatched", "5xx")) == 1);
}

TEST_CASE("Durations fall into cumulative buckets whose bounds belong to them") {
    Metrics metrics("1.2.3");
    RouteMeter& route = metrics.route("/a", {"GET"});
    route.note("GET", 200, microseconds(100));  // a bound
    route.note("GET", 200, microseconds(101));
    route.note("GET", 200, milliseconds(250));
    route.note("GET", 200, std::chrono::seconds(11));
    const Samples samples = samples_of(metrics, {});
    CHECK(samples.at(bucket("/a", "0.0001")) == 1);
    CHECK(samples.at(bucket("/a", "0.0005")) == 2);
    CHECK(samples.at(bucket("/a", "0.1")) == 2);
    CHECK(samples.at(bucket("/a", "0.25")) == 3);
    CHECK(samples.at(bucket("/a", "10")) == 3);
    CHECK(samples.at(bucket("/a", "+Inf")) == 4);
    CHECK(samples.at("watchbill_http_request_seconds_count{route=\"/a\"}") == 4);
    CHECK(samples.at("watchbill_http_request_seconds_sum{route=\"/a\"}") == Approx(11.250201));
}

TEST_CASE("Routes with the same pattern and different methods share their durations") {
    Metrics metrics("1.2.3");
    metrics.route("/a", {"PUT"}).note("PUT", 200, milliseconds(1));
    metrics.route("/a", {"DELETE"}).note("DELETE", 200, milliseconds(1));
    const Samples samples = samples_of(metrics, {});
    CHECK(samples.at(requests("PUT", "/a", "2xx")) == 1);
    CHECK(samples.at(requests("DELETE", "/a", "2xx")) == 1);
    CHECK(samples.at("watchbill_http_request_seconds_count{route=\"/a\"}") == 2);
}

TEST_CASE("Many threads may count and read at once, and nothing is lost") {
    Metrics metrics("1.2.3");
    RouteMeter& route = metrics.route("/a", {"GET"});
    constexpr int each = 5000;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < each; ++n) route.note("GET", 200, microseconds(1));
            metrics.team("payments").note_published(1);
            metrics.connection_opened();
        });
    }
    for (int i = 0; i < 20; ++i) CHECK_FALSE(metrics.text({}, {noon, {}}).empty());
    for (std::thread& thread : threads) thread.join();
    metrics.connection_closed();
    const Samples samples = samples_of(metrics, {});
    CHECK(samples.at(requests("GET", "/a", "2xx")) == 4 * each);
    CHECK(samples.at(bucket("/a", "+Inf")) == 4 * each);
    CHECK(samples.at("watchbill_plan_changes_total{team=\"payments\"}") == 4);
    CHECK(samples.at("watchbill_http_connections") == 3);
}

TEST_CASE("Calendars and plans are counted as the service works, and shown as they stand") {
    Desk desk;
    desk.tick();
    const auto fetches = [](const std::string& result) {
        return "watchbill_calendar_fetches_total{result=\"" + result + "\",team=\"payments\"}";
    };
    Samples samples = desk.samples();
    CHECK(samples.at(fetches("ok")) == 3);
    CHECK(samples.at(fetches("not_modified")) == 0);
    CHECK(samples.at(fetches("timeout")) == 0);
    CHECK(samples.at("watchbill_plan_changes_total{team=\"payments\"}") == 30);
    CHECK(samples.at("watchbill_plan_seconds_count") == 1);
    CHECK(samples.at("watchbill_published_at{team=\"payments\"}") ==
          1795521600);  // date -d 2026-11-24T12Z +%s
    CHECK(samples.at("watchbill_plan_uncovered_days{team=\"payments\",within=\"horizon\"}") == 0);
    CHECK(samples.at("watchbill_calendar_oldest_success_seconds{team=\"payments\"}") == 0);

    // Everybody goes away for two days, and one calendar breaks down. The days are within the notice.
    for (const char* name : {"/alice.ics", "/bob.ics", "/carol.ics"})
        desk.source.serve(name, calendar_of({{"2026-12-01", "2026-12-03", "Vacation"}}));
    desk.clock.advance(desk.team.refresh);
    desk.tick();
    desk.source.break_down("/bob.ics", {ErrorCode::timeout, "too slow", {}});
    desk.clock.advance(desk.team.refresh);
    desk.tick();
    samples = desk.samples();
    CHECK(samples.at(fetches("ok")) == 6);
    CHECK(samples.at(fetches("not_modified")) == 2);
    CHECK(samples.at(fetches("timeout")) == 1);
    CHECK(samples.at("watchbill_calendar_stale{team=\"payments\"}") == 1);
    CHECK(samples.at("watchbill_calendar_failing{team=\"payments\"}") == 0);
    CHECK(samples.at("watchbill_calendar_oldest_success_seconds{team=\"payments\"}") ==
          static_cast<double>(desk.team.refresh.count()));
    CHECK(samples.at("watchbill_plan_uncovered_days{team=\"payments\",within=\"14d\"}") == 2);
    CHECK(samples.at("watchbill_plan_uncovered_days{team=\"payments\",within=\"horizon\"}") == 2);
    CHECK(samples.at("watchbill_plan_changes_total{team=\"payments\"}") >= 32);
}

TEST_CASE("Before the first plan nothing is said of one, and a team that is gone leaves the gauges") {
    Desk desk;
    desk.source.break_down("/bob.ics", {ErrorCode::unavailable, "no route", {}});
    const std::string published = "watchbill_published_at{team=\"payments\"}";
    CHECK(desk.samples().count(published) == 0);
    desk.tick();
    Samples samples = desk.samples();
    CHECK(samples.count(published) == 1);
    CHECK(samples.at("watchbill_calendar_failing{team=\"payments\"}") == 1);

    desk.service.set_teams({});
    desk.service.tick();
    samples = desk.samples();
    CHECK(samples.count(published) == 0);
    CHECK(samples.count("watchbill_calendar_failing{team=\"payments\"}") == 0);
    CHECK(samples.count("watchbill_plan_changes_total{team=\"payments\"}") == 1);
}

TEST_CASE("No metric names a person") {
    Desk desk;
    desk.tick();
    const std::string text = desk.metrics.text(desk.board.all(), {noon, {}});
    for (const char* name : {"alice", "bob", "carol", "@"}) {
        INFO(name);
        CHECK(text.find(name) == std::string::npos);
    }
}

}  // namespace metrics_test
