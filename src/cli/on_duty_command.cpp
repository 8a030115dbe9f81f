// `watchbill on-duty`: who answers at an instant and by which rule; who is on duty, until when, who is next,
// and why.
#include <fmt/core.h>

#include "cli/composition.h"
#include "cli/json_output.h"
#include "cli/on_duty_output.h"
#include "json/duty_json.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

struct OnDutyOptions {
    std::string team;
    std::string at;
};

// Nights on duty are read for as far back as shifts are remembered, be the instant long past.
PlanningWindow window_seeing(const TeamDesk& desk, Instant now, Instant at) {
    // A week beyond the instant, so that whoever is next is known.
    const Day last = Zone::utc().day_of(at) + std::chrono::days(8);
    PlanningWindow window = desk.window_with(now, last);
    const Zone zone = Zone::get(desk.team()->zone);
    const Day first_known = std::max(window.recalled, zone.day_of(at) - std::chrono::days(8));
    window.read.start = std::min(window.read.start, zone.start_of(first_known));
    return window;
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
    const auto view = desk->view(window_seeing(*desk, now, at), desk->ports(), now, Asking::copies_only);
    if (!view) return exit_failed;

    const DutyInput input{desk->team().get(), &view->draft.plan, &view->availability};
    if (context.json) {
        print_json(on_duty_json(input, at));
    } else {
        fmt::print("{}", on_duty_in_words(input, at));
    }
    return exit_ok;
}

}  // namespace

void add_on_duty_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<OnDutyOptions>();
    CLI::App& command = add_command(app, context, "on-duty",
                                    "Print who answers, who is on duty until when, who is next, and why");
    add_team_option(command, options->team);
    add_option(command, "--at", options->at, "An RFC 3339 instant (default: now)", {"INSTANT"});
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_on_duty(*options, context); });
}

}  // namespace watchbill::cli
