// One team file -> Team.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <vector>

#include "config/config.h"
#include "config/problem_log.h"

namespace watchbill {

struct TeamFile {
    Team team;             // what is usable; complete when the log has no error
    FilePlace name_place;  // where the team is named
    std::vector<ConfiguredCalendar> calendars;
    std::vector<MemberWithoutCalendar> without_calendar;
    std::optional<ConfiguredCollection> incident_calendar;
    std::vector<FilePlace> rotation_places;  // where each of the team's rotations is named
};

// `folder` is the absolute folder of the file.
TeamFile read_team_config(const toml::table& document, const std::filesystem::path& folder, ProblemLog& log);

}  // namespace watchbill
