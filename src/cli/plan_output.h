// Assignments as the commands print them.
#pragma once

#include <string>

#include "cli/json_output.h"
#include "json/plan_json.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill::cli {

// "09:00-18:00 (Europe/Paris)", with the end's day where it is another.
std::string hours_in_words(const Team& team, const Shift& shift);

}  // namespace watchbill::cli
