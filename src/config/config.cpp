#include "config/config.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "config/config_file.h"
#include "config/server_config.h"
#include "config/team_config.h"
#include "config/toml_document.h"
#include "config/values.h"
#include "time/zone.h"

namespace watchbill {

namespace fs = std::filesystem;

namespace {

// The folder of a file as a path that stays right when the working directory changes.
fs::path absolute_folder_of(const fs::path& file) {
    std::error_code error;
    const fs::path absolute = fs::absolute(file, error);
    return (error ? file : absolute).lexically_normal().parent_path();
}

// One file's table, or what is wrong with it.
std::optional<toml::table> read_toml_file(const fs::path& path, ProblemLog& log) {
    const auto bytes = read_config_file(path);
    if (!bytes) {
        log.error(log.whole_file(), "the file " + bytes.error().message);
        return std::nullopt;
    }
    return parse_toml(*bytes, log);
}

bool is_error(const Problem& problem) { return problem.severity == ProblemSeverity::error; }

class ConfigReader {
public:
    explicit ConfigReader(const fs::path& path) : path_(path), log_(path.string()) {}

    ConfigLoad load() {
        const auto document = read_toml_file(path_, log_);
        // By reference: toml++'s copies forget their places.
        const toml::table empty;
        ConfiguredServer server =
            read_server_config(document ? *document : empty, absolute_folder_of(path_), log_);
        config_.server = server.settings;
        // Where the file is no TOML, its teams are still worth a look in the usual place.
        std::error_code ignored;
        if (document || fs::is_directory(config_.server.teams_folder, ignored)) read_teams(document);
        if (document) load_.server = std::move(server);
        collect_problems();
        if (std::none_of(load_.problems.begin(), load_.problems.end(), is_error))
            load_.config = std::move(config_);
        return std::move(load_);
    }

private:
    void read_teams(const std::optional<toml::table>& document) {
        const Text teams = teams_key(document);
        const auto files = toml_files_in(config_.server.teams_folder);
        if (!files) {
            log_.error(teams.place,
                       "the teams folder " + in_quotes(teams.value) + " " + files.error().message);
            return;
        }
        if (files->empty()) {
            log_.error(teams.place, "the teams folder " + in_quotes(teams.value) +
                                        " holds no .toml file; each team is one");
        }
        for (const fs::path& file : *files) read_team(file, shown_folder(teams.value) / file.filename());
    }

    void read_team(const fs::path& path, const fs::path& shown) {
        ProblemLog log(shown.string());
        if (const auto document = read_toml_file(path, log)) {
            TeamFile file = read_team_config(*document, absolute_folder_of(path), log);
            check_name_is_new(file, log);
            std::move(file.calendars.begin(), file.calendars.end(), std::back_inserter(load_.calendars));
            std::move(file.without_calendar.begin(), file.without_calendar.end(),
                      std::back_inserter(load_.without_calendar));
            if (file.incident_calendar)
                load_.incident_calendars.push_back(std::move(*file.incident_calendar));
            for (size_t i = 0; i < file.team.rotations.size(); ++i) {
                load_.rotations.push_back(
                    {file.team.name, file.team.rotations[i].name, file.rotation_places[i]});
            }
            config_.teams.push_back(std::move(file.team));
        }
        team_problems_.push_back(std::move(log));
    }

    void check_name_is_new(const TeamFile& file, ProblemLog& log) {
        if (file.team.name.empty()) return;
        const auto [first, is_new] = team_names_.try_emplace(file.team.name, file.name_place);
        if (is_new) return;
        const FilePlace& place = first->second;
        log.error(file.name_place, "there is already a team " + in_quotes(file.team.name) + ", at " +
                                       place.file + ":" + std::to_string(place.line));
    }

    // The `teams` key as written and where, or the default and the file as a whole.
    Text teams_key(const std::optional<toml::table>& document) const {
        Text teams{"teams", log_.whole_file()};
        if (!document) return teams;
        const toml::node_view key = (*document)["server"]["teams"];
        if (const auto* text = key.as_string()) {
            teams.value = text->get();
            teams.place.line = static_cast<int>(text->source().begin.line);
            teams.place.column = static_cast<int>(text->source().begin.column);
        }
        return teams;
    }

    // As the user would type it: relative when the config's path is.
    fs::path shown_folder(const fs::path& teams) const {
        return (path_.parent_path() / teams).lexically_normal();
    }

    void collect_problems() {
        add_problems(log_);
        for (const ProblemLog& log : team_problems_) add_problems(log);
    }

    void add_problems(const ProblemLog& log) {
        std::vector<Problem> problems = log.problems();
        std::stable_sort(problems.begin(), problems.end(),
                         [](const Problem& a, const Problem& b) { return a.place < b.place; });
        std::move(problems.begin(), problems.end(), std::back_inserter(load_.problems));
    }

    fs::path path_;
    ProblemLog log_;
    std::vector<ProblemLog> team_problems_;
    std::map<std::string, FilePlace> team_names_;
    Config config_;
    ConfigLoad load_;
};

}  // namespace

const Team* Config::find_team(std::string_view name) const {
    const auto team = std::find_if(teams.begin(), teams.end(), [&](const Team& t) { return t.name == name; });
    return team == teams.end() ? nullptr : &*team;
}

ConfigLoad load_config(const fs::path& path) {
    if (const auto zones = check_zone_database(); !zones) {
        // Every zone of every file would be a problem of its own, and none of them is the file's.
        ConfigLoad load;
        load.problems.push_back({{path.string(), 1, 1}, ProblemSeverity::error, zones.error().message});
        return load;
    }
    return ConfigReader(path).load();
}

}  // namespace watchbill
