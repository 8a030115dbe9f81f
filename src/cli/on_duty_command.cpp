// `watchbill on-duty`: who is on duty at an instant, until when, who is next, and why.
#include <fmt/core.h>

#include "cli/composition.h"
#include "cli/on_duty_output.h"
#include "cli/plan_output.h"
#include "rotation/reasons.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

struct OnDutyOptions {
    std::string team;
    std::string at;
};

Json assignment_or_null(const std::optional<Assignment>& assignment) {
    return assignment ? to_json(*assignment) : Json();
}

Json to_json(const Team& team, const OnDuty& duty) {
    const bool held = duty.current && duty.current->member;
    return Json{
        {"rotation", duty.rotation},
        {"member", held ? Json(duty.current->member->email()) : Json()},
        {"until", duty.current ? Json(format_instant(duty.current->shift.when.end)) : Json()},
        {"why", duty.current ? Json(explain_in_one_sentence(team, *duty.current)) : Json()},
        {"current", assignment_or_null(duty.current)},
        {"next", assignment_or_null(duty.next)},
    };
}

int run_on_duty(const OnDutyOptions& options, const CommandContext& context) {
    const auto given = parse_instant(options.at);
    if (!options.at.empty() && !given) {
        return usage_error(
            fmt::format("--at: \"{}\" is no instant such as 2026-03-01T08:00:00Z", options.at));
    }
    const auto desk = TeamDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const Instant now = desk->clock().now();
    const Instant at = given.value_or(now);
    // A week beyond the instant, so that whoever is next is known.
    const Day last = Zone::utc().day_of(at) + std::chrono::days(8);
    const auto view = desk->view(desk->window_with(now, last), desk->ports(), now, Asking::copies_only);
    if (!view) return exit_failed;

    const Team& team = *desk->team();
    if (context.json) {
        Json rotations = Json::array();
        for (const OnDuty& duty : on_duty_at(team, view->draft.plan, at))
            rotations.push_back(to_json(team, duty));
        print_json({{"team", team.name}, {"at", format_instant(at)}, {"rotations", std::move(rotations)}});
    } else {
        fmt::print("{}", on_duty_in_words(team, view->draft.plan, at));
    }
    return exit_ok;
}

}  // namespace

void add_on_duty_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<OnDutyOptions>();
    CLI::App& command =
        add_command(app, context, "on-duty", "Print who is on duty, until when, who is next, and why");
    add_team_option(command, options->team);
    command.add_option("--at", options->at, "An RFC 3339 instant (default: now)")->type_name("INSTANT");
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_on_duty(*options, context); });
}

}  // namespace watchbill::cli
