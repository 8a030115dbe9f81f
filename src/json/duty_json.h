// Who is on duty, as JSON: the same from `watchbill on-duty --json` and over HTTP. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "rotation/duty/duty_chain.h"

namespace watchbill {

// {"team","at","answer","away","text","chain","rotations"}. "answer" is who answers, by which rule and until
// when, all null where nobody does; "away" who holds a running shift and is passed over; "text" both in one
// sentence; "chain" everybody who could, in the order in which they are asked; "rotations" each
// rotation's running shift and its next one.
nlohmann::ordered_json on_duty_json(const DutyInput& input, Instant at);

}  // namespace watchbill
