// Briefs and notes as JSON: the same from `watchbill brief --json` and over HTTP. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "rotation/duty/brief.h"

namespace watchbill {

// {"team","rotation","date","at","from","to","incidents","notes","changes","checklist","text"}: the shift
// that ends (its rotation and date), when, both people with null where nobody is, and the whole as text.
nlohmann::ordered_json brief_json(const Team& team, const Brief& brief);
// {"text","author","at"}
nlohmann::ordered_json to_json(const HandoverNote& note);

}  // namespace watchbill
