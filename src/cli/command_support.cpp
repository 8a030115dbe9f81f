// What the commands share: options that all have, and how they complain.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "watchbill/result.h"

namespace watchbill::cli {

CLI::App& add_command(CLI::App& app, CommandContext& context, const std::string& name,
                      const std::string& description) {
    CLI::App* command = app.add_subcommand(name, description);
    add_config_option(*command, context);
    return *command;
}

CLI::App& add_subcommand(CLI::App& parent, CommandContext& context, const std::string& name,
                         const std::string& description) {
    parent.require_subcommand(1);
    return add_command(parent, context, name, description);
}

void add_config_option(CLI::App& app, CommandContext& context) {
    app.add_option_function<std::string>(
           "--config",
           [&context](const std::string& path) {
               context.config_path = path;
               context.config_given = true;
           },
           "The server's configuration file (default: watchbill.toml)")
        ->type_name("PATH");
}

void add_json_flag(CLI::App& command, CommandContext& context) {
    command.add_flag("--json", context.json, "Print JSON for scripts");
}

void add_option(CLI::App& command, const std::string& name, std::string& into, const std::string& help,
                const OptionStyle& style) {
    CLI::Option* option = command.add_option(name, into, help)->required(style.required);
    if (style.type != nullptr) option->type_name(style.type);
}

void add_repeated_option(CLI::App& command, const std::string& name, std::vector<std::string>& into,
                         const std::string& help, const char* type) {
    command.add_option(name, into, help)->type_name(type)->expected(1)->take_all();
}

void add_number_option(CLI::App& command, const std::string& name, int& into, const std::string& help,
                       const char* type, int least, int most) {
    command.add_option(name, into, help)->type_name(type)->check(CLI::Range(least, most));
}

void add_flag(CLI::App& command, const std::string& name, bool& into, const std::string& help) {
    command.add_flag(name, into, help);
}

void set_action(CLI::App& command, CommandContext& context, std::function<int()> action) {
    command.callback([&context, action = std::move(action)] { context.action = action; });
}

int usage_error(std::string_view message) {
    fmt::print(stderr, "watchbill: {}\nTry --help.\n", terminal_safe(message));
    return exit_usage;
}

int failure(std::string_view message) {
    fmt::print(stderr, "watchbill: {}\n", terminal_safe(message));
    return exit_failed;
}

int failure(const Error& error) {
    return failure(error.where.empty() ? error.message : error.where + ": " + error.message);
}

std::optional<Config> load_config_or_complain(const CommandContext& context) {
    ConfigLoad load = load_config(context.config_path);
    for (const Problem& problem : load.problems)
        fmt::print(stderr, "{}\n", terminal_safe(format_problem(problem)));
    return std::move(load.config);
}

const Team* find_team_or_complain(const Config& config, std::string_view name) {
    if (const Team* team = config.find_team(name)) return team;
    std::string known;
    for (const Team& team : config.teams) known += (known.empty() ? "" : ", ") + team.name;
    failure(fmt::format("there is no team \"{}\"; there is: {}", name, known));
    return nullptr;
}

}  // namespace watchbill::cli
