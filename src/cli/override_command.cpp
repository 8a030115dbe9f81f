// `watchbill override`: gives a shift to somebody by hand, takes that back, and lists what was given.
#include <fmt/core.h>

#include "cli/acting_desk.h"
#include "cli/plan_output.h"
#include "cli/terminal_text.h"
#include "rotation/planning/reasons.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

struct OverrideOptions {
    std::string team;
    std::string date;
    std::string member;
    std::string rotation;
    std::string reason;
    std::string by;
    bool force = false;
};

// The rotation that was named, or the only one. Nothing after a complaint.
std::optional<std::string> pick_rotation(const Team& team, const std::string& named) {
    if (!named.empty()) return named;
    if (team.rotations.size() == 1) return team.rotations.front().name;
    std::vector<std::string> names;
    for (const Rotation& rotation : team.rotations) names.push_back(rotation.name);
    failure("there are several rotations, so say which one with --rotation: " + say_list(names));
    return std::nullopt;
}

// The shift as it is held from now on.
int print_shift(const ActingDesk& desk, const ShiftKey& shift, const OverrideOutcome& outcome, bool as_json) {
    for (const Assignment& assignment : desk.plan().assignments) {
        if (assignment.shift.key != shift) continue;
        if (as_json) {
            Json json = explained_json(desk.team(), assignment);
            json["changed"] = outcome.changed;
            json["warnings"] = outcome.warnings;
            print_json(json);
        } else {
            fmt::print("{}, {}: {}\n{}", format_date_of_week(shift.date),
                       hours_in_words(desk.team(), assignment.shift),
                       terminal_safe(explain_in_one_sentence(desk.team(), assignment)),
                       outcome.changed ? "Feeds show it within a minute.\n"
                                       : "It stood so already: nothing changes.\n");
        }
    }
    return exit_ok;
}

struct Opened {
    ActingDesk desk;
    ShiftKey shift;
};

std::optional<Opened> open(const OverrideOptions& options, Day date, const CommandContext& context) {
    auto desk = ActingDesk::open(context, options.team);
    if (!desk) return std::nullopt;
    auto rotation = pick_rotation(desk->team(), options.rotation);
    if (!rotation) return std::nullopt;
    return Opened{std::move(*desk), {std::move(*rotation), date}};
}

int run_set(const OverrideOptions& options, const CommandContext& context) {
    const auto date = parse_date_option("DATE", options.date);
    if (!date) return exit_usage;
    auto opened = open(options, *date, context);
    if (!opened) return exit_failed;
    ActingDesk& desk = opened->desk;
    const auto outcome =
        set_override(desk.store(), desk.known(),
                     {opened->shift, options.member, options.reason, options.by, options.force},
                     command_line_actor(), desk.now());
    if (!outcome) return failure(outcome.error());
    for (const std::string& warning : outcome->warnings)
        fmt::print(stderr, "watchbill: warning: {}\n", terminal_safe(warning));
    if (!desk.look()) return exit_failed;
    return print_shift(desk, opened->shift, *outcome, context.json);
}

int run_remove(const OverrideOptions& options, const CommandContext& context) {
    const auto date = parse_date_option("DATE", options.date);
    if (!date) return exit_usage;
    auto opened = open(options, *date, context);
    if (!opened) return exit_failed;
    ActingDesk& desk = opened->desk;
    const auto removed =
        remove_override(desk.store(), desk.known(), opened->shift, command_line_actor(), desk.now());
    if (!removed) return failure(removed.error());
    if (!desk.look()) return exit_failed;
    return print_shift(desk, opened->shift, {true, {}}, context.json);
}

int run_list(const OverrideOptions& options, const CommandContext& context) {
    const auto desk = ActingDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const Team& team = desk->team();
    const PlanningWindow window = planning_window(team, desk->now());
    const auto fixed = desk->store().overrides(team.name, {window.days.first, window.known.end});
    if (!fixed) return failure(fixed.error());
    Json list = Json::array();
    for (const Override& one : *fixed) {
        if (context.json) {
            list.push_back({{"date", format_day(one.shift.date)},
                            {"rotation", one.shift.rotation},
                            {"member", one.member.email()},
                            {"reason", one.reason},
                            {"by", one.by},
                            {"at", format_instant(one.at)}});
        } else {
            fmt::print("{}, {}: {}{} (by {})\n", format_date_of_week(one.shift.date),
                       terminal_safe(say_rotation(team, one.shift.rotation)),
                       terminal_safe(say_member(team, one.member)),
                       terminal_safe(one.reason.empty() ? "" : ", " + one.reason), terminal_safe(one.by));
        }
    }
    if (context.json) print_json(list);
    return exit_ok;
}

CLI::App& add_way(CLI::App& parent, CommandContext& context, OverrideOptions& options, const char* name,
                  const char* description) {
    CLI::App& command = add_subcommand(parent, context, name, description);
    add_team_option(command, options.team);
    add_json_flag(command, context);
    return command;
}

void add_shift_options(CLI::App& command, OverrideOptions& options) {
    add_option(command, "DATE", options.date, "The date on which the shift starts", {nullptr, true});
    add_option(command, "--rotation", options.rotation,
               "The shift's rotation (may be left out where there is only one)", {"R"});
}

}  // namespace

void add_override_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<OverrideOptions>();
    CLI::App& parent = add_command(app, context, "override", "Give a shift to somebody by hand");

    CLI::App& set = add_way(parent, context, *options, "set", "Give a shift to somebody");
    add_shift_options(set, *options);
    add_option(set, "MEMBER", options->member, "Who serves it: an address of a member", {nullptr, true});
    add_option(set, "--reason", options->reason, "Why, for the audit log: 500 bytes at most");
    add_option(set, "--by", options->by, "The member who decided it (default: this account)", {"EMAIL"});
    add_flag(set, "--force", options->force, "Also when they are absent or resting");
    set_action(set, context, [options, &context] { return run_set(*options, context); });

    CLI::App& remove =
        add_way(parent, context, *options, "remove", "Let the plan say again who serves a shift");
    add_shift_options(remove, *options);
    set_action(remove, context, [options, &context] { return run_remove(*options, context); });

    CLI::App& list =
        add_way(parent, context, *options, "list", "Print what was given by hand, from today on");
    set_action(list, context, [options, &context] { return run_list(*options, context); });
}

}  // namespace watchbill::cli
