// Which days are planned, read and shown at an instant. Pure.
#pragma once

#include <vector>

#include "watchbill/team.h"
#include "watchbill/time.h"

namespace watchbill {

inline constexpr Day first_of_all_days{std::chrono::days(0)};  // nobody published a shift before 1970

struct PlanningWindow {
    DaySpan days;    // shifts dated in it are planned
    DaySpan known;   // published shifts dated in it matter: all history, the horizon, and what lies beyond
    Day recalled;    // history from here on is shown and explained; what is older only counts in balances
    Interval shown;  // feeds show what touches it
    Interval read;   // calendars are read for it
    bool operator==(const PlanningWindow&) const = default;
};

// From today, or the date of a shift that still runs, to the horizon.
PlanningWindow planning_window(const Team& team, Instant now);
// The same for any days: `plan --from`.
PlanningWindow planning_window_of(const Team& team, DaySpan days);
// When planning_window next changes because a day turns in a zone of the team.
Instant next_day_turn(const Team& team, Instant now);

}  // namespace watchbill
