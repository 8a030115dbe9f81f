// `watchbill note`: leaves a note for whoever takes over.
#include <fmt/core.h>

#include "cli/acting_desk.h"
#include "cli/json_output.h"
#include "cli/terminal_text.h"
#include "json/brief_json.h"
#include "rotation/duty/brief.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::cli {

namespace {

struct NoteOptions {
    std::string team;
    std::string text;
    std::string rotation;
    std::string date;
    std::string by;
};

void print_in_words(const Team& team, const NoteOutcome& outcome) {
    const Zone zone = zone_of_rotation(team, outcome.note.shift.rotation);
    fmt::print("{} for the handover of {} at {} ({}): {}\n", outcome.changed ? "Left" : "Was left already",
               terminal_safe(say_rotation(team, outcome.note.shift.rotation)),
               say_moment(zone, outcome.handover.at, Day{}), zone.name(),
               terminal_safe(say_handover(team, outcome.handover)));
}

int run_note(const NoteOptions& options, const CommandContext& context) {
    NoteOrder order{{options.rotation, std::nullopt}, options.text, options.by};
    if (!options.date.empty()) {
        order.handover.date = parse_date_option("--date", options.date);
        if (!order.handover.date) return exit_usage;
    }
    const auto desk = ActingDesk::open(context, options.team);
    if (!desk) return exit_failed;
    const auto outcome = add_note(desk->store(), desk->known(), order, command_line_actor(), desk->now());
    if (!outcome) return failure(outcome.error());
    if (context.json) {
        Json json = to_json(outcome->note);
        json["rotation"] = outcome->note.shift.rotation;
        json["date"] = format_day(outcome->note.shift.date);
        json["handover"] = format_instant(outcome->handover.at);
        json["changed"] = outcome->changed;
        print_json(json);
    } else {
        print_in_words(desk->team(), *outcome);
    }
    return exit_ok;
}

}  // namespace

void add_note_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<NoteOptions>();
    CLI::App& command = add_command(app, context, "note", "Leave a note for whoever takes over");
    add_team_option(command, options->team);
    add_option(command, "TEXT", options->text, "The note: 4 KB at most, and several lines if need be",
               {nullptr, true});
    add_option(command, "--rotation", options->rotation,
               "For this rotation's handover (default: for the one that comes first)", {"R"});
    add_option(
        command, "--date", options->date,
        "For the end of the shift that starts on this date (default: of the one that runs or comes next)",
        {"D"});
    add_option(command, "--by", options->by, "The member who wrote it (default: this account)", {"EMAIL"});
    add_json_flag(command, context);
    set_action(command, context, [options, &context] { return run_note(*options, context); });
}

}  // namespace watchbill::cli
