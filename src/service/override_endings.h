// Overrides that end by themselves (rotation/planning/override_check.h): what of it is written, and who is
// told.
#pragma once

#include <vector>

#include "rotation/planning/override_check.h"
#include "watchbill/plan.h"
#include "watchbill/swap_store.h"
#include "watchbill/team.h"

namespace watchbill {

std::vector<Override> without_ended(std::vector<Override> overrides, const std::vector<EndedOverride>& ended);
// Whoever set them: what a swap gave to somebody who has left meanwhile is not theirs.
std::vector<Override> without_leavers(std::vector<Override> overrides, const Team& team);

// Adds the overrides' ends to what swaps have come to: the audit log's entries, and a mail each to whom the
// shift was given, to whom `plan` gives it now, and to the member who had decided it.
void add_ended_overrides(SwapDecision& decision, const Team& team, const std::vector<EndedOverride>& ended,
                         const Plan& plan, Instant now);

}  // namespace watchbill
