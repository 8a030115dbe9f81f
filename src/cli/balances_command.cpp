// `watchbill balances`: who earned and served how much, for people, scripts and payrolls.
#include <fmt/core.h>

#include "cli/composition.h"
#include "cli/json_output.h"
#include "cli/terminal_text.h"
#include "json/balances_json.h"
#include "rotation/phrases.h"
#include "rotation/shift_classes.h"
#include "service/team_balances.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

struct BalancesOptions {
    std::string team;
    std::string from;
    std::string to;
    bool csv = false;
};

// The days asked for; otherwise what is wrong has been said.
std::optional<DaySpan> period_of(const BalancesOptions& options, DaySpan otherwise) {
    DaySpan period = otherwise;
    const auto read = [](const std::string& text, const char* option, Day& day) {
        if (text.empty()) return true;
        const auto parsed = parse_day(text);
        if (!parsed) usage_error(fmt::format("{}: \"{}\" is no date such as 2026-03-01", option, text));
        day = parsed.value_or(day);
        return parsed.has_value();
    };
    if (!read(options.from, "--from", period.first) || !read(options.to, "--to", period.end))
        return std::nullopt;
    if (period.first >= period.end) {
        usage_error(fmt::format("--to is the day after the last one: {} is not after {}",
                                format_day(period.end), format_day(period.first)));
        return std::nullopt;
    }
    return period;
}

void print_in_words(const Team& team, const std::vector<MemberBalance>& balances) {
    std::string rotation;
    for (const MemberBalance& balance : balances) {
        if (balance.rotation != rotation) {
            rotation = balance.rotation;
            fmt::print("{:<28} {:>8} {:>7} {:>8} {:>7} {:>9} {:>9}\n",
                       terminal_safe(say_rotation(team, rotation)), "shares", "served", "balance", "nights",
                       "weekends", "holidays");
        }
        fmt::print("  {:<26} {:>8.2f} {:>7} {:>+8.2f} {:>7} {:>9} {:>9}\n",
                   terminal_safe(say_member(team, balance.member)), balance.shares, balance.served,
                   balance.balance, balance.nights, balance.weekends, balance.holidays);
        for (const ClassBalance& of_class : balance.classes) {
            fmt::print("    {:<24} {:>8.2f} {:>7} {:>+8.2f}\n", say_fair_class(of_class.fair_class),
                       of_class.shares, of_class.served, of_class.balance);
        }
    }
}

int run_balances(const BalancesOptions& options, const CommandContext& context) {
    const auto desk = TeamDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const Team& team = *desk->team();
    const Instant now = desk->clock().now();
    const auto period = period_of(options, whole_history(team, now));
    if (!period) return exit_usage;
    Store* store = desk->ports().store;
    if (store == nullptr)
        return failure("there is no database yet, so nobody has served a shift: run `watchbill serve` first");
    const auto balances = team_balances(team, *store, *period, now);
    if (!balances) return failure(balances.error());
    if (context.json) {
        print_json(balances_json(team, *period, *balances));
    } else if (options.csv) {
        fmt::print("{}", balances_csv(team, *balances));
    } else {
        print_in_words(team, *balances);
    }
    return exit_ok;
}

}  // namespace

void add_balances_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<BalancesOptions>();
    CLI::App& command = add_command(app, context, "balances",
                                    "Print fair shares, shifts served, nights, weekends and holidays");
    add_team_option(command, options->team);
    add_option(command, "--from", options->from, "Shifts dated from this day on (default: all)", {"D"});
    add_option(command, "--to", options->to, "Up to but without this day (default: today included)", {"D"});
    add_flag(command, "--csv", options->csv, "Print CSV for spreadsheets");
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_balances(*options, context); });
}

}  // namespace watchbill::cli
