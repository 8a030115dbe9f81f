// `watchbill brief`: what the next person must know at a handover.
#include <fmt/core.h>

#include "cli/acting_desk.h"
#include "cli/json_output.h"
#include "cli/terminal_text.h"
#include "json/brief_json.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

struct BriefOptions {
    std::string team;
    std::string rotation;
    std::string date;
};

void print_lines(const std::string& text) {
    for (size_t start = 0; start <= text.size();) {
        const size_t end = std::min(text.find('\n', start), text.size());
        fmt::print("{}\n", terminal_safe(text.substr(start, end - start)));
        start = end + 1;
    }
}

int run_brief(const BriefOptions& options, const CommandContext& context) {
    HandoverChoice choice{options.rotation, std::nullopt};
    if (!options.date.empty()) {
        choice.date = parse_date_option("--date", options.date);
        if (!choice.date) return exit_usage;
    }
    const auto desk = ActingDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const Team& team = desk->team();
    const auto handover = choose_handover(desk->known(), choice, desk->now());
    if (!handover) return failure(handover.error());
    const Day date = handover->from.shift.key.date;
    const auto notes = desk->store().handover_notes(team.name, {date, date + std::chrono::days(1)});
    if (!notes) return failure(notes.error());

    const auto incidents =
        desk->store().incidents(team.name, {std::nullopt, handover->from.shift.when.start});
    if (!incidents) return failure(incidents.error());

    const Brief brief = brief_of(team, desk->plan(), *notes, *handover, {*incidents, desk->now()});
    if (context.json) {
        print_json(brief_json(team, brief));
    } else {
        const Zone zone = zone_of_rotation(team, handover->from.shift.key.rotation);
        fmt::print("{} {} ({})\n\n", format_date_of_week(zone.day_of(handover->at)),
                   say_time(zone, handover->at), zone.name());
        print_lines(say_brief(team, brief));
    }
    return exit_ok;
}

}  // namespace

void add_brief_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<BriefOptions>();
    CLI::App& command = add_command(app, context, "brief", "Print what the next person must know");
    add_team_option(command, options->team);
    add_option(command, "--rotation", options->rotation,
               "Of this rotation's handover (default: of the one that comes first)", {"R"});
    add_option(command, "--date", options->date,
               "Of the shift that starts on this date (default: of the one that runs or comes next)", {"D"});
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_brief(*options, context); });
}

}  // namespace watchbill::cli
