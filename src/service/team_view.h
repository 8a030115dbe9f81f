// A team as it stands, for commands that run beside the service: nothing is published.
#pragma once

#include <memory>

#include "service/team_calendars.h"
#include "service/team_draft.h"

namespace watchbill {

struct TeamView {
    TeamDraft draft;
    TeamAvailability availability;
    std::vector<SourceState> sources;
};

enum class Asking {
    sources,      // every calendar's source is asked, last good copies stand in for those that fail
    copies_only,  // what the service last read, if it runs here; sources are asked where there is no copy
};

// Errors: those of the store.
Result<TeamView> view_team(const std::shared_ptr<const Team>& team, const PlanningWindow& window,
                           const Ports& ports, Instant now, Asking asking);

}  // namespace watchbill
