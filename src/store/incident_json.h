// An incident as the text that one column holds. Pure.
#pragma once

#include <string>

#include "watchbill/incident.h"
#include "watchbill/result.h"

namespace watchbill::store {

// Error: invalid_input, for text that is not UTF-8 and so cannot be written.
Result<std::string> incident_to_json(const Incident& incident);
// Error: damaged. What a newer version added is ignored.
Result<Incident> incident_from_json(const std::string& text);

}  // namespace watchbill::store
