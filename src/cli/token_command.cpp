// `watchbill token`: the feeds' secret URLs, and new ones in place of those that got into the wrong hands;
// and the API's tokens.
#include <fmt/core.h>

#include <algorithm>

#include "cli/acting_desk.h"
#include "cli/api_token_admin.h"
#include "cli/composition.h"
#include "cli/feed_urls.h"
#include "cli/json_output.h"
#include "service/secret_file.h"

namespace watchbill::cli {

namespace {

struct TokenOptions {
    std::string team;
    std::string feed;
    ApiTokenOptions api;
    std::string id;
};

Json to_json(const FeedUrl& url) {
    return Json{{"feed", url.scope},
                {"url", url.links.url},
                {"webcal", url.links.webcal},
                {"google", url.links.google},
                {"outlook", url.links.outlook},
                {"outlook_live", url.links.outlook_live}};
}

void print_in_words(const FeedUrl& url) {
    fmt::print("{}\n  {}\n  {}\n  Google: {}\n  Outlook: {}\n  Outlook.com: {}\n", url.scope, url.links.url,
               url.links.webcal, url.links.google, url.links.outlook, url.links.outlook_live);
}

// API tokens follow feeds in one list: those have "feed", these have "id".
Result<std::vector<ApiToken>> tokens_after(const std::string& only, Store* store) {
    if (!only.empty() || store == nullptr) return std::vector<ApiToken>();
    return store->api_tokens();
}

int print_urls(const TeamDesk& desk, const std::string& only, bool json) {
    const ServerConfig& server = desk.config().server;
    auto secret = load_or_make_secret(server.secret_file);
    if (!secret) return failure(secret.error());
    const auto urls =
        feed_urls(*desk.team(), FeedTokens(std::move(*secret)), desk.ports().store, server.public_url);
    if (!urls) return failure(urls.error());
    const auto tokens = tokens_after(only, desk.ports().store);
    if (!tokens) return failure(tokens.error());
    Json list = Json::array();
    for (const FeedUrl& url : *urls) {
        if (!only.empty() && url.scope != only) continue;
        if (json) {
            list.push_back(to_json(url));
        } else {
            print_in_words(url);
        }
    }
    for (const ApiToken& token : *tokens) {
        if (json) {
            list.push_back(cli::to_json(token));
        } else {
            cli::print_in_words(token);
        }
    }
    if (json) print_json(list);
    return exit_ok;
}

int run_list(const TokenOptions& options, const CommandContext& context) {
    const auto desk = TeamDesk::open(context, options.team);
    return desk ? print_urls(*desk, {}, context.json) : static_cast<int>(exit_failed);
}

// Ends a feed's URL. An ExitCode, after a complaint where it is not exit_ok.
int end_feed_url(const TeamDesk& desk, const std::string& feed, const std::string& action,
                 const std::string& what) {
    const std::string& team = desk.team()->name;
    const auto scopes = feed_scopes(*desk.team());
    if (std::find(scopes.begin(), scopes.end(), feed) == scopes.end()) {
        return failure(
            fmt::format("team {} has no feed \"{}\"; `watchbill token list` shows them", team, feed));
    }
    Store* store = desk.ports().store;
    if (store == nullptr)
        return failure("there is no database yet, so no URL to end: run `watchbill serve` first");
    const Actor actor = command_line_actor();
    const AuditEntry entry{desk.clock().now(), actor.who, actor.from, team, action, what};
    const auto raised = store->raise_feed_generation(team, feed, entry);
    return raised ? static_cast<int>(exit_ok) : failure(raised.error());
}

int replace_feed_url(const TokenOptions& options, const CommandContext& context) {
    const auto desk = TeamDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const int ended = end_feed_url(*desk, options.feed, "feed.replaced",
                                   fmt::format("replaced the URL of the feed {}", options.feed));
    if (ended != exit_ok) return ended;
    fmt::print(
        stderr,
        "The former URL of {} ends within a minute, for everybody who subscribed to it. The new one:\n",
        options.feed);
    return print_urls(*desk, options.feed, context.json);
}

int revoke_feed_url(const TokenOptions& options, const CommandContext& context) {
    const auto desk = TeamDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const int ended = end_feed_url(*desk, options.feed, "feed.revoked",
                                   fmt::format("revoked the URL of the feed {}", options.feed));
    if (ended != exit_ok) return ended;
    fmt::print(
        "The URL of {} ends within a minute, for everybody who subscribed to it. `watchbill token create "
        "--team {} {}` makes a new one.\n",
        options.feed, desk->team()->name, options.feed);
    return exit_ok;
}

int run_create(const TokenOptions& options, const CommandContext& context) {
    const ApiTokenOptions& api = options.api;
    const bool for_api = !api.scopes.empty() || !api.name.empty() || !api.expires.empty();
    if (for_api && !options.feed.empty())
        return usage_error("FEED makes a feed's URL and --scope an API token: choose one");
    if (!for_api && options.feed.empty())
        return usage_error("say which FEED gets a new URL, or --scope and --name for an API token");
    if (for_api && (api.scopes.empty() || api.name.empty()))
        return usage_error("an API token needs --scope and --name");
    return for_api ? create_api_token(api, context) : replace_feed_url(options, context);
}

}  // namespace

void add_token_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<TokenOptions>();
    CLI::App& token =
        add_command(app, context, "token", "Print or replace feeds' secret URLs, and API tokens");
    CLI::App& list =
        add_subcommand(token, context, "list", "Print the URLs of a team's feeds, and the API tokens");
    add_team_option(list, options->team);
    add_json_flag(list, context);
    set_action(list, context, [options, &context] { return run_list(*options, context); });

    CLI::App& create = add_subcommand(
        token, context, "create", "Make a new URL for a feed, the former one stops working; or an API token");
    add_team_option(create, options->team);
    add_option(create, "FEED", options->feed, "rotation, handovers, absences, incidents or member/EMAIL");
    add_repeated_option(create, "--scope", options->api.scopes,
                        "What an API token allows: read, incident, mail, admin", "SCOPE");
    add_option(create, "--name", options->api.name, "What an API token is for: \"ops bot\"", {"NAME"});
    add_option(create, "--expires", options->api.expires,
               "How long an API token is valid (default: for ever)", {"90d"});
    add_json_flag(create, context);
    set_action(create, context, [options, &context] { return run_create(*options, context); });

    CLI::App& revoke = add_subcommand(token, context, "revoke", "End an API token");
    add_option(revoke, "ID", options->id, "As `token list` prints it", {nullptr, true});
    set_action(revoke, context, [options, &context] { return revoke_api_token(options->id, context); });

    CLI::App& revoke_feed =
        add_subcommand(token, context, "revoke-feed", "End a feed's URL, and print no other");
    add_team_option(revoke_feed, options->team);
    add_option(revoke_feed, "FEED", options->feed, "rotation, handovers, absences, incidents or member/EMAIL",
               {nullptr, true});
    set_action(revoke_feed, context, [options, &context] { return revoke_feed_url(*options, context); });
}

}  // namespace watchbill::cli
