// [[rotation]] tables -> rotations.
#pragma once

#include <vector>

#include "config/members.h"
#include "config/table_reader.h"
#include "watchbill/team.h"

namespace watchbill {

// Adds each to `team`, whose zone is the default. Returns where each is named.
std::vector<FilePlace> read_rotations(std::vector<TableReader> tables, const MemberDirectory& directory,
                                      Team& team, ProblemLog& log);

}  // namespace watchbill
