// How many incidents a team has, for who watches the service.
#pragma once

#include <string>

#include "watchbill/incident_store.h"

namespace watchbill {

struct IncidentCensus {
    IncidentCounts counts;
    long long unanswered = 0;  // open, with a part that all have been asked for in vain
    long long untold = 0;      // open, with somebody whom the invitation cannot reach (so far)
    bool operator==(const IncidentCensus&) const = default;
};

// What the store cannot say stays as it was known.
IncidentCensus take_census(IncidentStore& store, const std::string& team, IncidentCensus known);

}  // namespace watchbill
