// `watchbill feed`: a feed's bytes, as the server would send them now.
#include <fmt/core.h>

#include <algorithm>

#include "cli/composition.h"
#include "service/feed_links.h"

namespace watchbill::cli {

namespace {

struct FeedOptions {
    std::string team;
    std::string name;
};

int run_feed(const FeedOptions& options, const CommandContext& context) {
    const auto desk = TeamDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const auto scopes = feed_scopes(*desk->team());
    if (std::find(scopes.begin(), scopes.end(), options.name) == scopes.end()) {
        std::string known;
        for (const std::string& scope : scopes) known += (known.empty() ? "" : ", ") + scope;
        return failure(fmt::format("there is no feed \"{}\"; there is: {}", options.name, known));
    }
    const Instant now = desk->clock().now();
    const auto view =
        desk->view(planning_window(*desk->team(), now), desk->ports(), now, Asking::copies_only);
    if (!view) return exit_failed;
    for (const RenderedFeed& feed : view->draft.feeds) {
        if (feed.scope == options.name) fmt::print("{}", feed.bytes);
    }
    return exit_ok;
}

}  // namespace

void add_feed_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<FeedOptions>();
    CLI::App& command = add_command(app, context, "feed", "Print a feed's bytes");
    add_team_option(command, options->team);
    add_option(command, "NAME", options->name, "rotation, handovers, absences, incidents or member/EMAIL",
               {nullptr, true});
    set_action(command, context, [options, &context] { return run_feed(*options, context); });
}

}  // namespace watchbill::cli
