// The command line as a whole: what scripts rely on whatever the command.
#include <catch2/catch.hpp>

#include "cli/watchbill_program.h"

namespace main_test {

using namespace watchbill::test;
using Catch::Contains;
using Catch::StartsWith;

TEST_CASE("help and version are answers, not mistakes") {
    const TempDir folder;
    const Run help = run_watchbill(folder, {"--help"});
    CHECK(help.exit_status == 0);
    CHECK_THAT(help.out, Contains("check") && Contains("calendar") && Contains("--config"));
    CHECK(help.err.empty());
    const Run version = run_watchbill(folder, {"--version"});
    CHECK(version.exit_status == 0);
    CHECK_THAT(version.out, StartsWith("watchbill 0."));
    const Run command_help = run_watchbill(folder, {"calendar", "--help"});
    CHECK(command_help.exit_status == 0);
    CHECK_THAT(command_help.out, Contains("--from") && Contains("--config") && Contains("--json"));
}

TEST_CASE("a wrong command line exits with 2, says why on standard error and prints no data") {
    const auto arguments = GENERATE(values<std::vector<std::string>>({
        {},
        {"chekc"},
        {"check", "--jsno"},
        {"check", "extra"},
        {"check", "--config"},
        {"calendar", "a.ics", "--from", "2026-01-01"},
        {"calendar", "--from", "2026-01-01", "--to", "2026-01-02"},
        {"calendar", "a.ics", "--from", "yesterday", "--to", "2026-01-02"},
        {"calendar", "a.ics", "--from", "2026-01-01", "--to", "2026-02-30"},
        {"calendar", "a.ics", "--from", "2026-01-02", "--to", "2026-01-02"},
        {"calendar", "a.ics", "--from", "2026-01-02", "--to", "2026-01-01"},
        {"calendar", "a.ics", "--from", "2026-01-01", "--to", "2026-01-02", "--zone", "Paris"},
        {"calendar", "a.ics", "--from", "2026-01-01", "--to", "2026-01-02", "--member", "alice"},
    }));
    const TempDir folder;
    const Run run = run_watchbill(folder, arguments);
    CHECK(run.exit_status == 2);
    CHECK(run.out.empty());
    CHECK_FALSE(run.err.empty());
}

TEST_CASE("The option --config may stand before or after the command") {
    const TempDir folder;
    CHECK_THAT(run_watchbill(folder, {"--config", "other.toml", "check"}).out,
               StartsWith("other.toml:1:1: error"));
    CHECK_THAT(run_watchbill(folder, {"check", "--config", "other.toml"}).out,
               StartsWith("other.toml:1:1: error"));
    CHECK_THAT(run_watchbill(folder, {"check"}).out, StartsWith("watchbill.toml:1:1: error"));
}

TEST_CASE("output that cannot be written is a failure") {
    const TempDir folder;
    const ProgramOutcome full =
        run_program({"sh", "-c", "cd \"$1\" && exec \"$2\" check >/dev/full 2>/dev/null", "sh",
                     folder.path().string(), WATCHBILL_BINARY});
    CHECK(full.exit_status == 1);
    const ProgramOutcome help =
        run_program({"sh", "-c", "exec \"$1\" --help >/dev/full 2>/dev/null", "sh", WATCHBILL_BINARY});
    CHECK(help.exit_status == 1);
}

}  // namespace main_test
