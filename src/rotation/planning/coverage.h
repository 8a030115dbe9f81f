// What a team's rotations leave open and what they cover twice, from the configuration alone: no plan, no
// calendars. Pure.
//
// A rotation's times are wall clocks of its own zone, so a hand-over to another zone that fits in winter and
// in summer may gape or overlap by an hour in the weeks in which only one of the two has changed its clocks.
// Equal findings are one, with the dates on which they hold.
//
// Nights and weekends of office hours are meant to be free. Only rotations that hand over in a circle
// promise to follow the sun; where a team has such a circle, the times at which no rotation at all has a
// shift are told too, as one finding without dates.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "watchbill/team.h"

namespace watchbill {

enum class CoverageKind {
    gap,             // `to` starts later than `from`, which hands over to it, ends
    overlap,         // `to` starts before `from`, which hands over to it, ends
    shared_members,  // members on both rosters, whose shifts overlap: the same person may hold both at once
    unscheduled,     // nights and weekends of a circle: no rotation has a shift
};

using Weekdays = std::array<bool, 7>;  // by std::chrono::weekday::c_encoding(): [0] is Sunday

// Time at which no rotation has a shift: from the end of a shift to the start of the next.
struct FreeTime {
    std::string after;              // the rotation that ends
    std::string before;             // the rotation that starts
    Weekdays weekdays{};            // of the end
    std::chrono::minutes ends{};    // since midnight of the day of the end, on the wall clock of `after`
    std::chrono::minutes starts{};  // since that same midnight, on the wall clock of `before`: 33 h is 09:00
                                    // a day later
    bool operator==(const FreeTime&) const = default;
};

struct CoverageFinding {
    CoverageKind kind = CoverageKind::gap;
    std::string from;  // of shared_members: the earlier in the team's order; of unscheduled: ""
    std::string to;

    // All but unscheduled: days on which the shift of `from` ends (shared_members: on which it is dated).
    DaySpan dates{};          // from the first to the last such day
    Weekdays weekdays{};      // of these days
    bool every_shift = true;  // it holds for each shift of `from` in between
    bool throughout = false;  // it holds on these weekdays through the whole window

    // Gap and overlap: how long, and what wall clocks show on the day of the end. A gap is as long as the
    // clock of `from` says, so that the weekend on which it changes is like any other.
    Duration length{};
    Duration unscheduled{};               // of a gap: how much of it no rotation has a shift
    std::chrono::minutes ends{};          // since midnight, in the zone of `from`
    std::chrono::minutes starts{};        // since that same midnight, in the zone of `to`
    std::chrono::minutes starts_there{};  // the same moment in the zone of `from`

    std::vector<MemberId> members;     // shared_members
    std::vector<FreeTime> free_times;  // unscheduled

    bool operator==(const CoverageFinding&) const = default;
};

// For shifts dated in `window`. Hand-overs by rotation and date, then shared members, then what is
// unscheduled.
std::vector<CoverageFinding> coverage_of(const Team& team, DaySpan window);

}  // namespace watchbill
