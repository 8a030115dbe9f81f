// A team as it is configured, as JSON. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "watchbill/team.h"

namespace watchbill {

// {"horizon_days","notice_days","rotations","members","backup"}; nothing secret, and no location of a
// calendar.
nlohmann::ordered_json team_json(const Team& team);

}  // namespace watchbill
