// What the commands print with --json: names and shapes that scripts rely on (DESIGN.md 9).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/problem.h"
#include "json/warning_json.h"
#include "rotation/availability/classify.h"
#include "watchbill/occurrence.h"

namespace watchbill::cli {

using Json = nlohmann::ordered_json;  // members in the order in which they are documented

// To standard output, indented. Bytes that are no UTF-8 are replaced.
void print_json(const Json& json);
// The same on one line, for lists too long to be held whole.
std::string json_line(const Json& json);

// Instants as RFC 3339 UTC, all-day ones as dates with the end exclusive. `recurrence_id` and `status` are
// null where the event has none.
Json to_json(const Occurrence& occurrence, OccurrenceKind kind);
Json to_json(const Problem& problem);

}  // namespace watchbill::cli
