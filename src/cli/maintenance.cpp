#include "cli/maintenance.h"

#include <algorithm>

#include "store/open_store.h"

namespace watchbill::cli {

namespace {

// Between two removals, for whoever waits to write.
constexpr std::chrono::milliseconds breath{50};
constexpr std::chrono::hours longest_nap{1};

}  // namespace

Maintenance::Maintenance(std::string url, Store& store, const Clock& clock, StoreHealth& health,
                         spdlog::logger& log)
    : url_(std::move(url)), clock_(clock), health_(health), log_(log), retention_(store, clock, log) {}

Maintenance::~Maintenance() { stop(); }

void Maintenance::set_teams(std::vector<Team> teams) {
    retention_.set_teams(std::move(teams));
    wake_.ring();
}

void Maintenance::check_database() {
    const auto sound = watchbill::check_database(url_, stopping_.get_token());
    if (stopping_.stop_requested()) return;
    if (sound) {
        log_.info("the database was checked, and is sound");
    } else if (sound.error().code == ErrorCode::unavailable) {
        log_.warn("the database could not be checked: {}", sound.error().message);
    } else {
        log_.error("{}: {}", sound.error().where, sound.error().message);
        health_.note("integrity", sound.error().message);
    }
}

void Maintenance::run() {
    check_database();
    while (!stopping_.stop_requested()) {
        const auto nap = std::max<std::chrono::nanoseconds>(retention_.step() - clock_.steady_now(), breath);
        wake_.wait_for(std::min<std::chrono::nanoseconds>(nap, longest_nap));
    }
}

void Maintenance::start() {
    thread_ = std::thread([this] { run(); });
}

void Maintenance::stop() {
    if (!thread_.joinable()) return;
    stopping_.request_stop();
    wake_.stop();
    thread_.join();
}

}  // namespace watchbill::cli
