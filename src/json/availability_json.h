// Who is away and who has night duty, as JSON. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "watchbill/plan.h"

namespace watchbill {

// {"member","absences":[{"start","end","kind","all_day":{"start","end"}}],"night_duties":[{"start","end"}]}
// of what overlaps the window; "all_day" is null for hours.
nlohmann::ordered_json availability_json(const MemberId& member, const Availability& theirs,
                                         const Interval& window);

}  // namespace watchbill
