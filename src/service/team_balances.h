// Balances of a team from the store.
#pragma once

#include <vector>

#include "rotation/fairness/balances.h"
#include "watchbill/ports.h"

namespace watchbill {

// Errors: those of the store.
Result<std::vector<MemberBalance>> team_balances(const Team& team, Store& store, DaySpan period, Instant now);

// From the first shift that can be to today, in the team's zone, where nobody asks for other days.
DaySpan whole_history(const Team& team, Instant now);

}  // namespace watchbill
