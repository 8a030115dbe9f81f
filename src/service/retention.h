// How long things are remembered: removes a team's old incidents, swaps, notes and entries of its audit log
// once they are older than its `retention`, and copies of calendars that no team has any more.
//
// Small steps, so that nobody who writes meanwhile waits long. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "watchbill/ports.h"

namespace spdlog {
class logger;
}

namespace watchbill {

class Retention {
public:
    // All must outlive it.
    Retention(Store& store, const Clock& clock, spdlog::logger& log);

    // At the start and after a reload: a new round begins with the next step.
    void set_teams(std::vector<Team> teams);
    // Removes a little. Returns when to call again: at once while there is more; a day later, by the steady
    // clock, once all is done; soon after a failure of the store, which is logged.
    SteadyInstant step();

private:
    struct Round {
        std::vector<Team> teams;             // that are served
        std::vector<RetentionLimit> limits;  // what is left to do, the last one first
        Instant server_before;
        long long removed = 0;
    };

    Result<Round> begin(Instant now);
    Result<bool> go_on(Round& round, Instant now);  // false: nothing is left

    Store& store_;
    const Clock& clock_;
    spdlog::logger& log_;
    std::mutex mutex_;
    std::vector<Team> teams_;     // guarded by mutex_, with what follows
    std::optional<Round> round_;  // under way
    std::optional<SteadyInstant> next_;
    bool changed_ = false;  // since the last round: another one follows soon
};

}  // namespace watchbill
