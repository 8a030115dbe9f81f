// What counts as night: DESIGN.md 5. Pure.
#pragma once

#include "time/zone.h"
#include "watchbill/time.h"

namespace watchbill {

// At least 4 h between 20:00 and 08:00 in the zone of whoever is awake for it.
bool is_night_work(const Interval& when, const Zone& zone);

}  // namespace watchbill
