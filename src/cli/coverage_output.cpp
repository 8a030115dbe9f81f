#include "cli/coverage_output.h"

#include <algorithm>

#include "rotation/planning/coverage_phrases.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

// A year, and the week by which the days of changing clocks differ from one year to the next.
constexpr std::chrono::days looked_ahead{373};

FilePlace place_of(const std::vector<ConfiguredRotation>& rotations, const Team& team,
                   const std::string& rotation) {
    const auto found =
        std::find_if(rotations.begin(), rotations.end(), [&](const ConfiguredRotation& configured) {
            return configured.team == team.name && (rotation.empty() || configured.rotation == rotation);
        });
    return found == rotations.end() ? FilePlace() : found->place;
}

}  // namespace

std::vector<CoverageNote> coverage_notes(const Config& config,
                                         const std::vector<ConfiguredRotation>& rotations, Instant now) {
    std::vector<CoverageNote> notes;
    for (const Team& team : config.teams) {
        const Day today = Zone::get(team.zone).day_of(now);
        for (CoverageFinding& finding : coverage_of(team, {today, today + looked_ahead})) {
            CoverageNote& note = notes.emplace_back();
            note.team = team.name;
            note.place = place_of(rotations, team, finding.from);
            note.message = say_finding(team, finding);
            note.finding = std::move(finding);
        }
    }
    return notes;
}

Json to_json(const CoverageNote& note) {
    const CoverageFinding& finding = note.finding;
    const bool dated = finding.kind != CoverageKind::unscheduled;
    const bool has_length = finding.kind == CoverageKind::gap || finding.kind == CoverageKind::overlap;
    Json rotations = Json::array();
    if (dated) rotations = {finding.from, finding.to};
    Json members = Json::array();
    for (const MemberId& member : finding.members) members.push_back(member.email());
    return Json{
        {"team", note.team},
        {"file", note.place.file},
        {"line", note.place.line},
        {"column", note.place.column},
        {"kind", std::string(coverage_kind_name(finding.kind))},
        {"rotations", std::move(rotations)},
        {"first", dated ? Json(format_day(finding.dates.first)) : Json()},
        {"last", dated ? Json(format_day(finding.dates.end - std::chrono::days(1))) : Json()},
        {"seconds", has_length ? Json(finding.length.count()) : Json()},
        {"members", std::move(members)},
        {"message", note.message},
    };
}

}  // namespace watchbill::cli
