// Swaps as JSON: the same from the command line and over HTTP. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "watchbill/swap.h"
#include "watchbill/team.h"

namespace watchbill {

// {"id","kind","state","reason","about","organizer","colleague","open","shift":{"rotation","date","start",
// "end"},"counter","consent","proposed_at","accepted_at","changed_at","turned_away","explanation","next",
// "history":[{"at","state","reason","what"}]}; null where there is none.
nlohmann::ordered_json swap_json(const Team& team, const Swap& swap, const std::vector<SwapStep>& history);

}  // namespace watchbill
