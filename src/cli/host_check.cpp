#include "cli/host_check.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "ical/reader.h"
#include "service/secret_file.h"
#include "service/worker_pool.h"
#include "sources/event_calendar.h"
#include "store/open_store.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

namespace fs = std::filesystem;

// They are waited for, not worked on.
constexpr size_t fetchers = 8;

// A folder in which `serve` could make the file; "" when all is well.
std::string folder_problem(const fs::path& file) {
    const fs::path folder = file.parent_path();
    std::error_code error;
    if (!fs::is_directory(folder, error)) return "its folder does not exist; make it first";
    if (access(folder.c_str(), W_OK | X_OK) != 0) return "its folder cannot be written; give a right to it";
    return "";
}

void check_secret(const ConfiguredServer& server, std::vector<Problem>& problems) {
    const std::string& path = server.settings.secret_file;
    std::error_code error;
    std::string problem;
    if (fs::exists(path, error)) {
        const auto secret = load_or_make_secret(path);
        if (!secret) problem = secret.error().message;
    } else {
        problem = folder_problem(path);
        if (!problem.empty()) problem = "the secret file cannot be made: " + problem;
    }
    if (!problem.empty()) problems.push_back({server.secret_file_place, ProblemSeverity::error, problem});
}

void check_database(const ConfiguredServer& server, std::vector<Problem>& problems) {
    const auto complain = [&](const std::string& message) {
        problems.push_back({server.database_place, ProblemSeverity::error, message});
    };
    constexpr std::string_view sqlite = "sqlite:";
    const std::string& url = server.settings.database;
    if (!url.starts_with(sqlite)) {
        complain("PostgreSQL is not supported by this version; use \"sqlite:FILE\"");
        return;
    }
    const fs::path path = url.substr(sqlite.size());
    std::error_code error;
    // SQLite keeps its journal beside the file, so the folder must be writable in any case.
    if (const std::string problem = folder_problem(path); !problem.empty()) {
        complain("the database cannot be opened: " + problem);
    } else if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
        complain("the database is not a regular file");
    } else if (fs::exists(path, error) && access(path.c_str(), R_OK | W_OK) != 0) {
        complain("the database file cannot be read and written; give a right to it");
    } else if (const auto sound = watchbill::check_database(url); !sound) {
        const bool busy = sound.error().code == ErrorCode::unavailable;
        problems.push_back({server.database_place, busy ? ProblemSeverity::warning : ProblemSeverity::error,
                            sound.error().message});
    }
}

Result<CalendarReading> read(const ConfiguredCalendar& configured, CalendarSource& source, Interval window) {
    const auto fetched = source.fetch(configured.calendar, {}, window);
    if (!fetched) return tl::unexpected(fetched.error());
    return ical::read_calendar(fetched->bytes, {window, Zone::get(configured.zone)});
}

}  // namespace

std::vector<Problem> check_server(const ConfiguredServer& server) {
    std::vector<Problem> problems;
    if (!server.has_mail) {
        problems.push_back({{server.database_place.file, 1, 1},
                            ProblemSeverity::warning,
                            "there is no [mail], so invitations will wait in the outbox"});
    }
    check_database(server, problems);
    check_secret(server, problems);
    return problems;
}

std::vector<CalendarCheck> check_calendars(const std::vector<ConfiguredCalendar>& calendars,
                                           CalendarSource& source, Interval window) {
    ical::initialise();
    std::vector<CalendarCheck> checks;
    checks.reserve(calendars.size());
    for (const ConfiguredCalendar& calendar : calendars) checks.push_back({calendar, CalendarReading{}});
    WorkerPool pool(std::min(fetchers, std::max<size_t>(1, checks.size())));
    // Each job has an element of its own, and the vector no longer grows.
    for (CalendarCheck& check : checks)
        pool.submit([&check, &source, window] { check.reading = read(check.configured, source, window); });
    pool.wait_until_idle();
    return checks;
}

std::vector<CollectionCheck> check_collections(const std::vector<ConfiguredCollection>& collections) {
    std::vector<CollectionCheck> checks;
    checks.reserve(collections.size());
    for (const ConfiguredCollection& collection : collections)
        checks.push_back({collection, CalendarAbilities{}});
    WorkerPool pool(std::min(fetchers, std::max<size_t>(1, checks.size())));
    for (CollectionCheck& check : checks)
        pool.submit(
            [&check] { check.abilities = make_event_calendar(check.configured.calendar)->discover(); });
    pool.wait_until_idle();
    return checks;
}

std::vector<Problem> problems_of(const CollectionCheck& check) {
    const auto& [configured, abilities] = check;
    const std::string& label = configured.calendar.label;
    if (!abilities) {
        return {{configured.place, ProblemSeverity::error,
                 label + " cannot be used: " + abilities.error().message}};
    }
    if (abilities->may_write) return {};
    return {{configured.place, ProblemSeverity::error,
             label + " cannot be written: give its user the right to, or name another calendar"}};
}

std::vector<Problem> problems_of(const CalendarCheck& check) {
    const auto& [configured, reading] = check;
    const std::string& label = configured.calendar.label;
    if (!reading)
        return {{configured.place, ProblemSeverity::error,
                 label + " cannot be read: " + reading.error().message}};
    std::vector<Problem> problems;
    for (const CalendarWarning& warning : reading->warnings)
        problems.push_back({configured.place, ProblemSeverity::warning,
                            label + ": " + warning.message + " [" + warning.code + "]"});
    return problems;
}

}  // namespace watchbill::cli
