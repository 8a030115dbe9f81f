// What `check` says of people who are not in their team any more, or whose address there is another one: what
// the database still has for them.
#pragma once

#include <vector>

#include "config/config.h"

namespace watchbill::cli {

// Warnings, at the rotation that each is about. Nothing where there is no database that can be read as it is.
std::vector<Problem> leaver_warnings(const Config& config, const std::vector<ConfiguredRotation>& rotations,
                                     Instant now);

}  // namespace watchbill::cli
