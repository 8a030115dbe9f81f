// What looks after the database while the service runs, on a thread of its own and at nobody's expense: the
// check of the whole once after the start, and what is too old removed once a day.
#pragma once

#include <spdlog/logger.h>

#include <string>
#include <thread>

#include "service/retention.h"
#include "service/store_health.h"
#include "service/wake_signal.h"

namespace watchbill::cli {

class Maintenance {
public:
    // All must outlive it. `url` is the database's.
    Maintenance(std::string url, Store& store, const Clock& clock, StoreHealth& health, spdlog::logger& log);
    ~Maintenance();
    Maintenance(const Maintenance&) = delete;
    Maintenance& operator=(const Maintenance&) = delete;

    void set_teams(std::vector<Team> teams);  // thread-safe
    void start();
    // Ends a check that is under way. Also when it was not started.
    void stop();

private:
    void check_database();
    void run();

    const std::string url_;
    const Clock& clock_;
    StoreHealth& health_;
    spdlog::logger& log_;
    Retention retention_;
    std::stop_source stopping_;
    WakeSignal wake_;
    std::thread thread_;
};

}  // namespace watchbill::cli
