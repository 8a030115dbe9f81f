#include "service/planning_window.h"

#include <algorithm>

#include "rotation/planning/shifts.h"
#include "time/zone.h"

namespace watchbill {

namespace {

using std::chrono::days;

// DESIGN.md 8: feeds show 30 days back.
constexpr days shown_back{30};
// Who served on the same day a year ago can still be asked.
constexpr days recalled_back{400};
// A longer horizon than any configuration takes: shifts published beyond a horizon that was shortened are
// seen, and withdrawn.
constexpr days longest_horizon{3700};
// A shift without end lasts until the rotation's next start, a week at most. So much further do calendars
// matter: absences until a shift's end, and night duty before its start.
constexpr days longest_shift{7};
constexpr days margin = longest_shift + days(1);

Day today_in(const ZoneName& zone, Instant now) { return Zone::get(zone).day_of(now); }

// Today, or the date of the shift that began earlier and has not ended.
Day first_day(const Rotation& rotation, Instant now) {
    const Day today = today_in(rotation.zone, now);
    for (Day day = today - longest_shift; day < today; day += days(1)) {
        const auto shift = shift_on(rotation, day);
        if (shift && shift->when.end > now) return day;
    }
    return today;
}

}  // namespace

PlanningWindow planning_window_of(const Team& team, DaySpan planned) {
    PlanningWindow window;
    const Zone zone = Zone::get(team.zone);
    window.days = planned;
    window.known = {first_of_all_days, planned.end + longest_horizon};
    window.recalled = planned.first - recalled_back;
    window.shown = zone.interval_of(planned);
    window.read = zone.interval_of({planned.first - margin, planned.end + margin});
    return window;
}

PlanningWindow planning_window(const Team& team, Instant now) {
    const Day today = today_in(team.zone, now);
    DaySpan planned{today, today};
    for (const Rotation& rotation : team.rotations) {
        planned.first = std::min(planned.first, first_day(rotation, now));
        planned.end = std::max(planned.end, today_in(rotation.zone, now));
    }
    planned.end += days(team.horizon_days);

    PlanningWindow window = planning_window_of(team, planned);
    // Anchored at days, not at `now`: within a day the same calendar gives the same bytes.
    const Zone zone = Zone::get(team.zone);
    window.shown.start = zone.start_of(today - shown_back);
    window.read.start = zone.start_of(today - shown_back - margin);
    return window;
}

Instant next_day_turn(const Team& team, Instant now) {
    const auto turn_in = [now](const ZoneName& name) {
        const Zone zone = Zone::get(name);
        return zone.start_of(zone.day_of(now) + days(1));
    };
    Instant next = turn_in(team.zone);
    for (const Rotation& rotation : team.rotations) next = std::min(next, turn_in(rotation.zone));
    return next;
}

}  // namespace watchbill
