// Assignments as JSON: the shapes that scripts rely on (DESIGN.md 9), the same from the command line and over
// HTTP. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// {"date","rotation","member","start","end","reasons","flags"}; member null where uncovered.
nlohmann::ordered_json to_json(const Assignment& assignment);
// {"code","member","start","end","kind"}, null where a reason has none.
nlohmann::ordered_json to_json(const Reason& reason);
// An assignment with its one sentence as "explanation".
nlohmann::ordered_json explained_json(const Team& team, const Assignment& assignment);

}  // namespace watchbill
