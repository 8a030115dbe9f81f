#include "cli/host_check.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "cli/composition.h"
#include "ical/reader.h"
#include "rotation/availability/classify.h"
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

// The same for whoever names the calendar: where it is, as whom, and in which zone its floating times are.
std::pair<CalendarRef, ZoneName> identity_of(const ConfiguredCalendar& configured) {
    CalendarRef calendar = configured.calendar;
    calendar.label.clear();
    return {calendar, configured.zone};
}

std::vector<CalendarCheck> each_once(const std::vector<ConfiguredCalendar>& calendars) {
    std::vector<CalendarCheck> checks;
    checks.reserve(calendars.size());
    std::map<std::pair<CalendarRef, ZoneName>, size_t> known;
    for (const ConfiguredCalendar& calendar : calendars) {
        const auto [found, is_new] = known.try_emplace(identity_of(calendar), checks.size());
        if (is_new) {
            checks.push_back({calendar, {}, CalendarReading{}, {}});
        } else {
            checks[found->second].also.push_back(calendar.place);
        }
    }
    return checks;
}

CalendarContents contents_of(const ConfiguredCalendar& configured, const CalendarReading& reading,
                             const std::optional<Config>& config) {
    CalendarContents contents;
    if (configured.owner.empty()) {
        contents.absences = holidays_of(reading).size();
        contents.others = reading.occurrences.size() - contents.absences;
        return contents;
    }
    const Team* const team = config ? config->find_team(configured.team) : nullptr;
    const Member* const known = team != nullptr ? team->find_member(configured.owner) : nullptr;
    Member owner;
    owner.id = configured.owner;
    owner.zone = configured.zone;
    if (known != nullptr) owner = *known;
    const Classifier classifier =
        team != nullptr ? Classifier(team->keywords, team->members) : Classifier(Keywords{}, {owner});
    for (const Occurrence& occurrence : reading.occurrences) {
        switch (classifier.classify(occurrence, owner).kind) {
            case OccurrenceKind::absence: ++contents.absences; break;
            case OccurrenceKind::night_duty: ++contents.night_duties; break;
            case OccurrenceKind::swap:
            case OccurrenceKind::cover: ++contents.swaps; break;
            case OccurrenceKind::none: ++contents.others; break;
        }
    }
    return contents;
}

std::string in_words(const FilePlace& place) {
    return place.file + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
}

}  // namespace

std::optional<MailCheck> check_mail(const ConfiguredServer& server) {
    const auto& settings = server.settings.mail;
    if (!settings || settings->smtp.empty() || settings->from.empty()) return std::nullopt;
    mail::SmtpOptions options = smtp_options(*settings);
    // Somebody waits at a terminal.
    options.connect_timeout = std::chrono::seconds(5);
    options.mail_timeout = std::chrono::seconds(10);
    return MailCheck{settings->smtp, server.smtp_place, mail::check_smtp(options)};
}

std::vector<Problem> problems_of(const MailCheck& check) {
    if (check.answer) return {};
    return {{check.place, ProblemSeverity::error,
             "the mail server " + check.server + " cannot be used: " + check.answer.error().message}};
}

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
                                           const std::optional<Config>& config, CalendarSource& source,
                                           Interval window) {
    ical::initialise();
    std::vector<CalendarCheck> checks = each_once(calendars);
    WorkerPool pool(std::min(fetchers, std::max<size_t>(1, checks.size())));
    // Each job has an element of its own, and the vector no longer grows.
    for (CalendarCheck& check : checks) {
        pool.submit([&check, &config, &source, window] {
            check.reading = read(check.configured, source, window);
            if (check.reading) check.contents = contents_of(check.configured, *check.reading, config);
        });
    }
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
    const ConfiguredCalendar& configured = check.configured;
    const std::string& label = configured.calendar.label;
    if (!check.reading) {
        std::string message = label + " cannot be read: " + check.reading.error().message;
        for (const FilePlace& place : check.also) message += " (also at " + in_words(place) + ")";
        return {{configured.place, ProblemSeverity::error, message}};
    }
    std::vector<Problem> problems;
    std::set<std::string> said;
    for (const CalendarWarning& warning : check.reading->warnings) {
        const std::string message = label + ": " + warning.message + " [" + warning.code + "]";
        if (said.insert(message).second)
            problems.push_back({configured.place, ProblemSeverity::warning, message});
    }
    return problems;
}

}  // namespace watchbill::cli
