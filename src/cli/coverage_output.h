// What `check` says of gaps and overlaps between a team's rotations.
#pragma once

#include <vector>

#include "cli/json_output.h"
#include "config/config.h"
#include "rotation/planning/coverage.h"

namespace watchbill::cli {

struct CoverageNote {
    std::string team;
    FilePlace place;  // where the rotation that ends is named; the first one for what concerns all
    CoverageFinding finding;
    std::string message;

    // People are promised somebody, and nobody is there.
    bool is_warning() const { return finding.kind == CoverageKind::gap && finding.unscheduled > Duration(0); }
};

// For a year and a week from the day of `now` on, so that every change of clocks is seen.
std::vector<CoverageNote> coverage_notes(const Config& config,
                                         const std::vector<ConfiguredRotation>& rotations, Instant now);

// {"team","file","line","column","kind","rotations","first","last","seconds","members","message"}: first and
// last are dates, null where the finding has none; so is seconds, the length of a gap or overlap.
Json to_json(const CoverageNote& note);

}  // namespace watchbill::cli
