// The shifts that a rotation's wall-clock times make, whatever daylight saving does. Pure.
#pragma once

#include <vector>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// Those whose date is in [days.first, days.end), by date. A shift without `end` lasts until the rotation's
// next start (a Friday's until Monday when weekends are off). Times in a gap or overlap as Zone::to_instant.
std::vector<Shift> shifts_of(const Rotation& rotation, DaySpan days);

// The shift whose date is `date`; nothing on a day off.
std::optional<Shift> shift_on(const Rotation& rotation, Day date);

}  // namespace watchbill
