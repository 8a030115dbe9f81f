// The command line: describes the commands to CLI11, runs the chosen one, and turns its outcome into an exit
// code. One file a command; see commands.h.
#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <exception>
#include <iostream>

#include "cli/commands.h"

namespace {

using namespace watchbill::cli;

// In the order of --help.
constexpr std::array commands = {
    &add_serve_command,   &add_check_command,    &add_calendar_command, &add_plan_command,
    &add_explain_command, &add_balances_command, &add_on_duty_command,  &add_brief_command,
    &add_note_command,    &add_override_command, &add_swaps_command,    &add_incident_command,
    &add_feed_command,    &add_token_command,    &add_outbox_command,   &add_receive_mail_command,
};

// A full disk must not look like success.
int after_output(int code) {
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0) return failure("standard output cannot be written");
    return code;
}

// 2 on anything but a request for help or the version, whatever code CLI11 has for it.
int parse_failure(const CLI::App& app, const CLI::ParseError& error) {
    return app.exit(error) == 0 ? after_output(exit_ok) : exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
    // A file that grows beyond its limit (setrlimit(2), RLIMIT_FSIZE) is an error of that write, as a full
    // disk is.
    std::signal(SIGXFSZ, SIG_IGN);
    CommandContext context;
    CLI::App app("Runs a team's incident rotation from the calendars it already uses.", "watchbill");
    app.set_version_flag("--version", "watchbill " WATCHBILL_VERSION);
    app.require_subcommand(1);
    add_config_option(app, context);
    for (const auto add : commands) add(app, context);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return parse_failure(app, error);
    }
    try {
        return after_output(context.action());
    } catch (const std::exception& error) {
        return failure(error.what());
    }
}
