// Findings of coverage.h as sentences, and the names that scripts see. Rotations by the names that the
// configuration gives them, since that is where a reader will look for them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "rotation/planning/coverage.h"

namespace watchbill {

std::string_view coverage_kind_name(CoverageKind kind);  // "shared_members"

std::string say_weekdays(const Weekdays& weekdays);  // "every day", "from Monday to Friday", "on Mondays"

// One sentence: "from Mon 9 Mar 2026 to Fri 27 Mar 2026: mro (Europe/Paris) ends 18:00, remote
// (America/Montreal) starts 12:00 = 17:00 in Paris: they overlap by 1 h".
std::string say_finding(const Team& team, const CoverageFinding& finding);

}  // namespace watchbill
