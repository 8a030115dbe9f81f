// The example team's feeds at a fixed instant, byte for byte. Where a change of the bytes is meant, run the
// tests once with WATCHBILL_UPDATE_GOLDEN=1 and read the difference before committing it.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "config/config.h"
#include "rotation/fairness/fair_planner.h"
#include "service/fakes.h"
#include "service/service.h"
#include "sources/calendar_sources.h"

namespace golden_feeds_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const std::filesystem::path feeds = std::filesystem::path(WATCHBILL_SOURCE_DIR) / "feeds";
const std::filesystem::path golden = feeds / "golden";
const Instant monday_morning = at("2026-11-23T07:00:00Z");

std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::filesystem::path golden_path(const std::string& scope) {
    std::string name = scope;
    std::replace(name.begin(), name.end(), '/', '-');
    return golden / (name + ".ics");
}

std::map<std::string, std::string> example_feeds() {
    ical::initialise();
    ConfigLoad load = load_config(feeds / "watchbill.toml");
    REQUIRE(load.config);
    load.config->teams.front().horizon_days = 45;  // enough to hold an example of everything
    TempDir folder;
    FakeClock clock{monday_morning};
    WatchedStore store{folder.path()};
    const auto source = make_calendar_source();
    const FairPlanner planner;
    LogCapture log;
    NoticeBoard board;
    Service service({source.get(), &store, &planner, log.logger.get()}, clock,
                    FeedTokens("any secret will do here"), board);
    service.set_teams(load.config->teams);
    service.tick();
    std::map<std::string, std::string> bytes;
    for (const auto& [scope, posted] : board.find("payments")->feeds)
        bytes[scope] = *posted.snapshot->identity.bytes;
    return bytes;
}

}  // namespace

TEST_CASE("the example team's feeds are the golden ones, byte for byte") {
    const auto bytes = example_feeds();
    CHECK(bytes.size() == 11);  // rotation, handovers, absences, incidents and one for each of the seven
    const bool update = std::getenv("WATCHBILL_UPDATE_GOLDEN") != nullptr;
    for (const auto& [scope, feed] : bytes) {
        INFO(scope);
        if (update) {
            std::filesystem::create_directories(golden);
            std::ofstream(golden_path(scope), std::ios::binary) << feed;
        }
        CHECK((feed == content(golden_path(scope))));  // in brackets: Catch would print both feeds
    }
    std::set<std::string> known;
    for (const auto& [scope, feed] : bytes) known.insert(golden_path(scope).filename().string());
    for (const auto& entry : std::filesystem::directory_iterator(golden)) {
        INFO(entry.path().filename());
        CHECK(known.contains(entry.path().filename().string()));
    }
}

}  // namespace golden_feeds_test
