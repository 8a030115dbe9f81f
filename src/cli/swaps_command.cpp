// `watchbill swaps`: what members swap and cover through their calendars, and how far each has come.
#include <fmt/core.h>

#include "cli/composition.h"
#include "cli/json_output.h"
#include "cli/terminal_text.h"
#include "json/swap_json.h"
#include "rotation/swaps/swap_phrases.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

int run_swaps(const std::string& team_name, const CommandContext& context) {
    const auto desk = TeamDesk::open(context, team_name);
    if (!desk) return exit_failed;
    const Team& team = *desk->team();
    const Instant now = desk->clock().now();
    const auto view = desk->view(planning_window(team, now), desk->ports(), now, Asking::copies_only);
    if (!view) return exit_failed;
    Store* const store = desk->ports().store;
    Json list = Json::array();
    for (const Swap& swap : view->draft.swaps) {
        if (!context.json) {
            fmt::print("{}\n  {}.\n", terminal_safe(say_trade(team, swap)),
                       terminal_safe(say_swap_state(team, swap)));
            if (const std::string next = say_next_step(team, swap); !next.empty())
                fmt::print("  {}\n", terminal_safe(next));
            continue;
        }
        std::vector<SwapStep> history;
        if (store != nullptr) {
            auto steps = store->swap_history(team.name, swap.id);
            if (!steps) return failure(steps.error());
            history = std::move(*steps);
        }
        list.push_back(swap_json(team, swap, history));
    }
    if (context.json) {
        print_json(list);
    } else if (view->draft.swaps.empty()) {
        fmt::print(
            "Nobody swaps or covers anything. \"MRO swap\" on a day of your own, with a colleague "
            "invited, proposes a swap.\n");
    }
    return exit_ok;
}

}  // namespace

void add_swaps_command(CLI::App& app, CommandContext& context) {
    auto team = std::make_shared<std::string>();
    CLI::App& command =
        add_command(app, context, "swaps", "Print swaps and covers that calendars propose, and their states");
    add_team_option(command, *team);
    add_json_flag(command, context);
    set_action(command, context, [team, &context] { return run_swaps(*team, context); });
}

}  // namespace watchbill::cli
