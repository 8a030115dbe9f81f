// `watchbill explain`: why this person on that day, and why not each other.
#include <fmt/core.h>

#include "cli/composition.h"
#include "cli/plan_output.h"
#include "cli/terminal_text.h"
#include "rotation/planning/reasons.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

struct ExplainOptions {
    std::string team;
    std::string date;
    std::string rotation;
};

std::vector<Assignment> assignments_on(const Plan& plan, Day date, const std::string& rotation) {
    std::vector<Assignment> found;
    for (const Assignment& assignment : plan.assignments) {
        const ShiftKey& key = assignment.shift.key;
        if (key.date == date && (rotation.empty() || key.rotation == rotation)) found.push_back(assignment);
    }
    return found;
}

void print_in_words(const Team& team, const Plan& plan, const Assignment& assignment) {
    fmt::print("{} on {}, {}: {}\n", terminal_safe(say_rotation(team, assignment.shift.key.rotation)),
               format_date_of_week(assignment.shift.key.date), hours_in_words(team, assignment.shift),
               terminal_safe(say_holder(team, assignment)));
    const std::string lines = explain_at_length(team, plan, assignment);
    for (size_t start = 0; start < lines.size();) {
        const size_t end = std::min(lines.find('\n', start), lines.size());
        fmt::print("  {}\n", terminal_safe(lines.substr(start, end - start)));
        start = end + 1;
    }
}

int run_explain(const ExplainOptions& options, const CommandContext& context) {
    const auto date = parse_day(options.date);
    if (!date) return usage_error(fmt::format("\"{}\" is no date such as 2026-03-01", options.date));
    const auto desk = TeamDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const Team& team = *desk->team();
    if (!options.rotation.empty() && team.find_rotation(options.rotation) == nullptr)
        return failure(fmt::format("team {} has no rotation \"{}\"", team.name, options.rotation));
    const Instant now = desk->clock().now();
    const auto view = desk->view(desk->window_with(now, *date), desk->ports(), now, Asking::copies_only);
    if (!view) return exit_failed;

    const auto assignments = assignments_on(view->draft.plan, *date, options.rotation);
    if (assignments.empty())
        return failure(fmt::format("no shift is planned or known on {}", format_date_of_week(*date)));
    Json list = Json::array();
    for (const Assignment& assignment : assignments) {
        if (context.json) {
            list.push_back(explained_json(team, assignment));
        } else {
            print_in_words(team, view->draft.plan, assignment);
        }
    }
    if (context.json) {
        print_json(list);
    } else {
        fmt::print(
            "A balance is what somebody has earned by being there minus the shifts they served, before the "
            "shift.\n");
    }
    return exit_ok;
}

}  // namespace

void add_explain_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<ExplainOptions>();
    CLI::App& command =
        add_command(app, context, "explain", "Print why this person on that day, and why not each other");
    add_team_option(command, options->team);
    add_option(command, "DATE", options->date, "The date on which the shift starts", {nullptr, true});
    add_option(command, "--rotation", options->rotation, "Of this rotation only", {"R"});
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_explain(*options, context); });
}

}  // namespace watchbill::cli
