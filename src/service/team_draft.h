// From a team's availability to everything that subscribers will see: the plan, what the store lacks of it,
// and the feeds' bytes. Reads the store, writes nothing; the instant is an argument.
#pragma once

#include <string>
#include <vector>

#include "service/calendar_keeper.h"
#include "service/planning_window.h"
#include "service/team_swaps.h"
#include "watchbill/ports.h"

namespace watchbill {

struct RenderedFeed {
    std::string scope;  // "rotation", "member/alice@example.com"
    std::string bytes;
    Instant last_modified;  // when the bytes last changed, a vanished event included
};

struct TeamDraft {
    Plan plan;                // history and horizon, swaps included
    std::vector<Swap> swaps;  // as they stand now, by date
    SwapDecision decision;    // what the store lacks of them: to be written before the publication
    Publication publication;  // what the store lacks
    std::vector<RenderedFeed> feeds;
    EventVersions versions;          // of every event that the feeds show, but for incidents
    bool has_open_incident = false;  // then the briefs change when a shift begins

    bool changes_anything() const;
};

// With the store null nothing was ever published, and nothing is history: shifts of any date are planned.
// Errors: those of the store.
Result<TeamDraft> draft_team(const Team& team, const PlanningWindow& window,
                             const TeamAvailability& availability,
                             const std::vector<MemberSwapEvents>& swap_events, const Ports& ports,
                             Instant now);

// What subscribers have seen, for while nothing new can be published: nothing is planned, and there is
// nothing to be written. Without assignments where nothing was published.
Result<TeamDraft> recall_team(const Team& team, const PlanningWindow& window,
                              const TeamAvailability& availability, Store& store, Instant now);

// Whether subscribers have seen a plan of this team.
Result<bool> was_published(const Team& team, const PlanningWindow& window, Store& store);

}  // namespace watchbill
