// Assignments as the commands print them.
#pragma once

#include <string>

#include "cli/json_output.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill::cli {

// {"date","rotation","member","start","end","reasons","flags"}; member null where uncovered.
Json to_json(const Assignment& assignment);
// {"code","member","start","end","kind"}, null where a reason has none.
Json to_json(const Reason& reason);

// "09:00-18:00 (Europe/Paris)", with the end's day where it is another.
std::string hours_in_words(const Team& team, const Shift& shift);

}  // namespace watchbill::cli
