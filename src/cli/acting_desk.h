// A team's desk with its database and all that is known of the team: for commands that change something, and
// for those that look at one handover. What they change is published by the service, within a minute.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/composition.h"
#include "service/team_actions.h"

namespace watchbill::cli {

// "cli:alice": the account that runs the command.
Actor command_line_actor();

class ActingDesk {
public:
    // Complains on standard error where something is missing, the database too; then return exit_failed.
    static std::optional<ActingDesk> open(const CommandContext& context, const std::string& team_name);

    const Team& team() const { return *desk_->team(); }
    Store& store() const { return *desk_->ports().store; }
    Instant now() const { return now_; }
    const Plan& plan() const { return view_.draft.plan; }
    KnownTeam known() const { return {team(), plan(), view_.availability}; }
    // Looks again, after a change. False after a complaint.
    bool look();

private:
    std::unique_ptr<TeamDesk> desk_;
    Instant now_;
    TeamView view_;
};

int failure(const ActionError& refused);
// The date; nothing after a complaint of the command line, to be answered with exit_usage.
std::optional<Day> parse_date_option(const std::string& name, const std::string& text);

}  // namespace watchbill::cli
