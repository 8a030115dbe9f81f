// Where the refresh flow hangs out what it made and requests read it: one immutable notice per team, replaced
// whole. Readers never wait for a refresh, and never see half of one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "service/feed_snapshot.h"
#include "service/incident_census.h"
#include "service/source_state.h"
#include "watchbill/plan.h"
#include "watchbill/swap.h"
#include "watchbill/team.h"

namespace watchbill {

struct PostedFeed {
    std::string token;
    std::shared_ptr<const FeedSnapshot> snapshot;  // null until the team's first plan
};

struct TeamNotice {
    std::shared_ptr<const Team> team;
    std::map<std::string, PostedFeed, std::less<>> feeds;  // by scope
    std::shared_ptr<const Plan> plan;                      // history and horizon; null until the first plan
    std::shared_ptr<const TeamAvailability> availability;  // that it was made from; null as long as `plan`
    std::vector<Swap> swaps;                               // as they stand with that plan, by date
    std::vector<SourceState> sources;                      // in the order of the configuration
    IncidentCensus incidents;
    std::optional<Instant> published_at;  // when `plan` was made; unset as long as it is null

    bool ready() const { return plan != nullptr; }
};

// Thread-safe.
class NoticeBoard {
public:
    std::shared_ptr<const TeamNotice> find(std::string_view team) const;  // null when there is none
    std::vector<std::shared_ptr<const TeamNotice>> all() const;           // by team name

    void post(std::shared_ptr<const TeamNotice> notice);
    void remove(std::string_view team);

private:
    // Shared by readers: one that is interrupted in between makes no other wait.
    mutable std::shared_mutex mutex_;
    std::map<std::string, std::shared_ptr<const TeamNotice>, std::less<>> notices_;
};

}  // namespace watchbill
