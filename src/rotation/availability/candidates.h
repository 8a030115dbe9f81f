// Who may serve a shift: neither absent nor resting. DESIGN.md 4, step 1. Pure.
#pragma once

#include <vector>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

struct Candidates {
    std::vector<MemberId> eligible;   // in roster order; those resting when nobody else is there
    bool rest_broken = false;         // `eligible` holds people who should rest
    std::vector<Reason> unavailable;  // one for each roster member who is absent or resting: why
};

// Absent: absences cover at least the team's threshold of the shift (or all of a shift shorter than that).
// Resting: the shift overlaps a night duty or starts less than the team's rest after the end of one.
Candidates candidates_for(const Team& team, const Rotation& rotation, const Shift& shift,
                          const TeamAvailability& availability);

// What was merged from members' own calendars and their sites' holidays.
void add_holidays(TeamAvailability& availability, const Team& team, const std::string& site,
                  const std::vector<Absence>& holidays);

}  // namespace watchbill
