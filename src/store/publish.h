// The statements behind Store::assignments and Store::publish, on a session the caller has locked.
// They throw what SOCI throws; `guarded` (soci_errors.h) catches it.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "watchbill/ports.h"

namespace watchbill::store {

Result<std::vector<PublishedAssignment>> select_assignments(soci::session& sql, const std::string& team,
                                                            DaySpan days, const std::string& place);

// One transaction. Error: conflict, when a row of a shift that had started would change; nothing is applied.
Result<void> publish(soci::session& sql, const Publication& publication, const std::string& place);

}  // namespace watchbill::store
