// The seam between `main` and the commands. Each command is one file with one function
// `add_NAME_command(app, context)`, declared below and listed in main.cpp. It describes the command and its
// options to CLI11 and stores what to run with `set_action`; nothing runs before the whole line is parsed.
//
//     void add_plan_command(CLI::App& app, CommandContext& context) {
//         auto options = std::make_shared<PlanOptions>();
//         CLI::App& command = add_command(app, context, "plan", "Print who serves which shift");
//         add_json_flag(command, context);
//         add_option(command, "--team", options->team, "The team's name", {"T", true});
//         set_action(command, context, [options, &context] { return run_plan(*options, context); });
//     }
//
// Data goes to standard output, complaints to standard error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "watchbill/result.h"

// Only command_support.cpp and main.cpp see CLI11: its headers take longer to compile than all of ours.
namespace CLI {
class App;
}

namespace watchbill::cli {

// What scripts rely on.
enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,  // the thing checked is wrong, or the command could not do its job
    exit_usage = 2,   // the command line itself is wrong
};

struct CommandContext {
    std::string config_path = "watchbill.toml";
    bool config_given = false;    // --config was on the command line
    bool json = false;            // --json was on the command line
    std::function<int()> action;  // the chosen command; returns an ExitCode
};

// A subcommand that takes --config. Lives as long as `app`.
CLI::App& add_command(CLI::App& app, CommandContext& context, const std::string& name,
                      const std::string& description);
// Under a command, which then asks for one of its subcommands.
CLI::App& add_subcommand(CLI::App& parent, CommandContext& context, const std::string& name,
                         const std::string& description);
void add_config_option(CLI::App& app, CommandContext& context);
void add_json_flag(CLI::App& command, CommandContext& context);

struct OptionStyle {
    const char* type = nullptr;  // its placeholder in --help
    bool required = false;
};
// "--from" is an option, "DATE" an argument in the order in which they are added.
void add_option(CLI::App& command, const std::string& name, std::string& into, const std::string& help,
                const OptionStyle& style = {});
void add_repeated_option(CLI::App& command, const std::string& name, std::vector<std::string>& into,
                         const std::string& help, const char* type);
void add_number_option(CLI::App& command, const std::string& name, int& into, const std::string& help,
                       const char* type, int least, int most);
void add_flag(CLI::App& command, const std::string& name, bool& into, const std::string& help);
// `action` runs after the whole line was parsed; exceptions that it throws become exit_failed.
void set_action(CLI::App& command, CommandContext& context, std::function<int()> action);

// Prints "watchbill: MESSAGE" to standard error. Returns exit_usage: for options that only the command itself
// can judge.
int usage_error(std::string_view message);
// The same, for what went wrong otherwise. Returns exit_failed.
int failure(std::string_view message);
int failure(const Error& error);  // "watchbill: WHERE: MESSAGE"

// The configuration at --config. Its problems are printed to standard error; nothing when any is an error
// (then return exit_failed).
std::optional<Config> load_config_or_complain(const CommandContext& context);
// The team of that name; otherwise says which there are and returns null (then return exit_failed).
const Team* find_team_or_complain(const Config& config, std::string_view name);

void add_check_command(CLI::App& app, CommandContext& context);
void add_calendar_command(CLI::App& app, CommandContext& context);
void add_serve_command(CLI::App& app, CommandContext& context);
void add_plan_command(CLI::App& app, CommandContext& context);
void add_explain_command(CLI::App& app, CommandContext& context);
void add_balances_command(CLI::App& app, CommandContext& context);
void add_on_duty_command(CLI::App& app, CommandContext& context);
void add_brief_command(CLI::App& app, CommandContext& context);
void add_note_command(CLI::App& app, CommandContext& context);
void add_override_command(CLI::App& app, CommandContext& context);
void add_swaps_command(CLI::App& app, CommandContext& context);
void add_incident_command(CLI::App& app, CommandContext& context);
void add_feed_command(CLI::App& app, CommandContext& context);
void add_outbox_command(CLI::App& app, CommandContext& context);
void add_receive_mail_command(CLI::App& app, CommandContext& context);
void add_token_command(CLI::App& app, CommandContext& context);

}  // namespace watchbill::cli
