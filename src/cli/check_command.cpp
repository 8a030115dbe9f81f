// `watchbill check`: everything that is wrong with the configuration, as compilers print it, whether the mail
// server takes us, whether each calendar can be read and what it holds, whether those of incidents can be
// written, who has no calendar, and where the rotations leave gaps or overlap. Each thing is said once.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/coverage_output.h"
#include "cli/host_check.h"
#include "cli/json_output.h"
#include "cli/leaver_check.h"
#include "cli/terminal_text.h"
#include "service/system_clock.h"
#include "sources/calendar_sources.h"

namespace watchbill::cli {

namespace {

struct CheckOptions {
    bool no_calendars = false;
    bool no_mail = false;
};

struct CheckReport {
    std::vector<Problem> problems;  // the server's file first, then the teams' by name, each by place
    std::optional<MailCheck> mail;
    std::vector<CalendarCheck> calendars;
    std::vector<MemberWithoutCalendar> without_calendar;
    std::vector<CollectionCheck> collections;  // that incidents are put into
    std::vector<CoverageNote> coverage;        // of a configuration without errors
    bool has_mail = true;  // or nobody can tell; without it, a warning is among the problems

    long count(ProblemSeverity severity) const {
        return std::count_if(problems.begin(), problems.end(),
                             [&](const Problem& problem) { return problem.severity == severity; });
    }
};

// What the example feeds show: 30 days back, and the default horizon ahead.
Interval window_around(Instant now) { return {now - std::chrono::days(30), now + std::chrono::days(180)}; }

void add(std::vector<Problem>& problems, std::vector<Problem> more) {
    std::move(more.begin(), more.end(), std::back_inserter(problems));
}

CheckReport make_report(const std::string& path, const CheckOptions& options) {
    ConfigLoad load = load_config(path);
    CheckReport report;
    report.problems = std::move(load.problems);
    if (load.server) add(report.problems, check_server(*load.server));
    if (load.server) report.has_mail = load.server->has_mail;
    if (load.server && !options.no_mail) report.mail = check_mail(*load.server);
    if (report.mail) add(report.problems, problems_of(*report.mail));
    report.without_calendar = std::move(load.without_calendar);
    const Instant now = SystemClock().now();
    if (load.config) report.coverage = coverage_notes(*load.config, load.rotations, now);
    if (load.config) add(report.problems, leaver_warnings(*load.config, load.rotations, now));
    for (const CoverageNote& note : report.coverage) {
        if (note.is_warning())
            report.problems.push_back({note.place, ProblemSeverity::warning, note.message});
    }
    if (!options.no_calendars) {
        const auto source = make_calendar_source();
        report.calendars = check_calendars(load.calendars, load.config, *source, window_around(now));
        for (const CalendarCheck& check : report.calendars) add(report.problems, problems_of(check));
        report.collections = check_collections(load.incident_calendars);
        for (const CollectionCheck& check : report.collections) add(report.problems, problems_of(check));
    }
    const std::string main_file = std::filesystem::path(path).string();
    std::stable_sort(report.problems.begin(), report.problems.end(), [&](const Problem& a, const Problem& b) {
        const bool a_is_team = a.place.file != main_file;
        const bool b_is_team = b.place.file != main_file;
        return a_is_team != b_is_team ? b_is_team : a.place < b.place;
    });
    report.problems.erase(std::unique(report.problems.begin(), report.problems.end()), report.problems.end());
    return report;
}

Json to_json(const CalendarCheck& check) {
    const ConfiguredCalendar& configured = check.configured;
    const auto& reading = check.reading;
    Json json{
        {"label", configured.calendar.label},
        {"file", configured.place.file},
        {"line", configured.place.line},
        {"column", configured.place.column},
        {"readable", reading.has_value()},
        {"occurrences", nullptr},
        {"kinds", nullptr},
        {"warnings", Json::array()},
        {"error", nullptr},
    };
    if (reading) {
        json["kinds"] = {{"absences", check.contents.absences},
                         {"night_duties", check.contents.night_duties},
                         {"swaps", check.contents.swaps},
                         {"others", check.contents.others}};
        json["occurrences"] = reading->occurrences.size();
        json["warnings"] = watchbill::to_json(reading->warnings);
    } else {
        json["error"] = {{"code", std::string(code_name(reading.error().code))},
                         {"message", reading.error().message}};
    }
    return json;
}

Json to_json(const CollectionCheck& check) {
    const auto& [configured, abilities] = check;
    Json json{
        {"label", configured.calendar.label},
        {"file", configured.place.file},
        {"line", configured.place.line},
        {"column", configured.place.column},
        {"usable", abilities && abilities->may_write},
        {"schedules", nullptr},
        {"organizers", Json::array()},
        {"error", nullptr},
    };
    if (abilities) {
        json["schedules"] = abilities->schedules;
        for (const MemberId& organizer : abilities->organizers)
            json["organizers"].push_back(organizer.email());
    } else {
        json["error"] = {{"code", std::string(code_name(abilities.error().code))},
                         {"message", abilities.error().message}};
    }
    return json;
}

Json to_json(const MailCheck& check) {
    Json json{{"server", check.server},
              {"file", check.place.file},
              {"line", check.place.line},
              {"column", check.place.column},
              {"usable", check.answer.has_value()},
              {"encrypted", nullptr},
              {"authenticated", nullptr},
              {"error", nullptr}};
    if (check.answer) {
        json["encrypted"] = check.answer->encrypted;
        json["authenticated"] = check.answer->authenticated;
    } else {
        json["error"] = {{"code", std::string(code_name(check.answer.error().code))},
                         {"message", check.answer.error().message}};
    }
    return json;
}

Json to_json(const MemberWithoutCalendar& member) {
    return {{"member", member.id.email()},
            {"name", member.name},
            {"file", member.place.file},
            {"line", member.place.line},
            {"column", member.place.column}};
}

// How people of an incident hear of it when its event is put there.
std::string_view scheduling_in_words(const CalendarAbilities& abilities) {
    return abilities.schedules ? "its server invites the attendees itself"
                               : "its server invites nobody, so Watchbill does by mail";
}

void print_as_json(const CheckReport& report) {
    Json problems = Json::array();
    for (const Problem& problem : report.problems) problems.push_back(cli::to_json(problem));
    Json calendars = Json::array();
    for (const CalendarCheck& check : report.calendars) calendars.push_back(to_json(check));
    Json without_calendar = Json::array();
    for (const MemberWithoutCalendar& member : report.without_calendar)
        without_calendar.push_back(to_json(member));
    Json collections = Json::array();
    for (const CollectionCheck& check : report.collections) collections.push_back(to_json(check));
    Json coverage = Json::array();
    for (const CoverageNote& note : report.coverage) coverage.push_back(to_json(note));
    print_json({{"ok", report.count(ProblemSeverity::error) == 0},
                {"problems", std::move(problems)},
                {"mail", report.has_mail},
                {"mail_server", report.mail ? to_json(*report.mail) : Json()},
                {"calendars", std::move(calendars)},
                {"members_without_calendar", std::move(without_calendar)},
                {"incident_calendars", std::move(collections)},
                {"coverage", std::move(coverage)}});
}

constexpr std::string_view how_to_swap =
    "note: how members swap shifts, from any calendar:\n"
    "  1. an event \"MRO swap\" in your own calendar, on a day of yours, with one colleague invited; their "
    "yes does it\n"
    "  2. \"MRO swap 2026-12-03\" asks for their shift of that day; \"MRO cover\" gives yours away\n"
    "  3. Google's secret address and CalDAV have answers; what Outlook and Apple publish may leave them "
    "out\n"
    "  4. then two events that name each other do: \"MRO swap with Bob\" and \"MRO swap with Alice\"\n"
    "  5. deleting the event before the shift takes it back; `watchbill swaps` shows how far each has come\n";

std::string counted(long count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// "3 absences, 1 night duty, 126 others"
std::string in_words(const CalendarCheck& check) {
    const auto count = [](size_t number, std::string_view one, std::string_view many) {
        return fmt::format("{} {}", number, number == 1 ? one : many);
    };
    const CalendarContents& contents = check.contents;
    const bool is_holidays = check.configured.owner.empty();
    std::string text = is_holidays ? count(contents.absences, "holiday", "holidays")
                                   : count(contents.absences, "absence", "absences") + ", " +
                                         count(contents.night_duties, "night duty", "night duties");
    if (contents.swaps > 0) text += ", " + count(contents.swaps, "swap event", "swap events");
    return text + ", " + count(contents.others, "other", "others");
}

void print_note(const FilePlace& place, std::string_view message) {
    fmt::print("{}:{}:{}: note: {}\n", place.file, place.line, place.column, terminal_safe(message));
}

void print_calendars(const CheckReport& report) {
    for (const CalendarCheck& check : report.calendars) {
        if (!check.reading) continue;  // among the problems
        print_note(check.configured.place,
                   fmt::format("{} can be read: {}, within 30 days back and 180 ahead",
                               check.configured.calendar.label, in_words(check)));
    }
    for (const MemberWithoutCalendar& member : report.without_calendar) {
        const std::string& email = member.id.email();
        print_note(member.place,
                   fmt::format("{} has no calendar, so no absence and no night duty of theirs can be known",
                               member.name == email ? email : member.name + " (" + email + ")"));
    }
}

void print_mail(const MailCheck& check) {
    if (!check.answer) return;  // among the problems
    print_note(check.place,
               fmt::format("the mail server {} answers: {}, {}", check.server,
                           check.answer->encrypted ? "encrypted" : "not encrypted",
                           check.answer->authenticated ? "user and password taken" : "no user asked for"));
}

void print_as_text(const CheckReport& report) {
    for (const Problem& problem : report.problems) fmt::print("{}\n", terminal_safe(format_problem(problem)));
    if (report.mail) print_mail(*report.mail);
    print_calendars(report);
    for (const auto& [configured, abilities] : report.collections) {
        if (!abilities || !abilities->may_write) continue;  // among the problems
        fmt::print("{}:{}:{}: note: {} can be written: {}\n", configured.place.file, configured.place.line,
                   configured.place.column, terminal_safe(configured.calendar.label),
                   scheduling_in_words(*abilities));
    }
    for (const CoverageNote& note : report.coverage) {
        if (note.is_warning()) continue;  // among the problems
        fmt::print("{}:{}:{}: note: {}\n", note.place.file, note.place.line, note.place.column,
                   terminal_safe(note.message));
    }
    if (report.count(ProblemSeverity::error) == 0) fmt::print("{}", how_to_swap);
    fmt::print("{}, {}\n", counted(report.count(ProblemSeverity::error), "error"),
               counted(report.count(ProblemSeverity::warning), "warning"));
}

int run_check(const CheckOptions& options, const CommandContext& context) {
    const CheckReport report = make_report(context.config_path, options);
    if (context.json) {
        print_as_json(report);
    } else {
        print_as_text(report);
    }
    return report.count(ProblemSeverity::error) == 0 ? exit_ok : exit_failed;
}

}  // namespace

void add_check_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App& command = add_command(
        app, context, "check",
        "Print every problem of the configuration (on standard output, as "
        "FILE:LINE:COL: error: ...), whether the mail server takes us, whether each "
        "calendar can be read and those of incidents be written, and where rotations leave gaps or "
        "overlap");
    add_flag(command, "--no-calendars", options->no_calendars, "Leave the calendars alone");
    add_flag(command, "--no-mail", options->no_mail, "Leave the mail server alone");
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_check(*options, context); });
}

}  // namespace watchbill::cli
