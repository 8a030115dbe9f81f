// Balances as JSON and as CSV: the same from `watchbill balances` and over HTTP. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "rotation/fairness/balances.h"

namespace watchbill {

// {"team","from","to","balances":[{"rotation","member","name","shares","served","balance","nights","weekends",
// "holidays"}]}; `to` is exclusive, shares and balance are in shifts.
nlohmann::ordered_json balances_json(const Team& team, DaySpan period,
                                     const std::vector<MemberBalance>& balances);

// The same as lines under a header (RFC 4180), for spreadsheets. A name that a spreadsheet would take for a
// formula gets a quote in front.
std::string balances_csv(const Team& team, const std::vector<MemberBalance>& balances);

}  // namespace watchbill
