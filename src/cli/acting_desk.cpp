#include "cli/acting_desk.h"

#include <fmt/core.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

#include "time/format.h"

namespace watchbill::cli {

Actor command_line_actor() {
    const uid_t user = getuid();
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> text{};  // far more than a line of /etc/passwd
    if (getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0 && found != nullptr)
        return {std::string("cli:") + found->pw_name, ""};
    return {"cli:" + std::to_string(user), ""};
}

std::optional<ActingDesk> ActingDesk::open(const CommandContext& context, const std::string& team_name) {
    ActingDesk acting;
    acting.desk_ = TeamDesk::open(context, team_name);
    if (acting.desk_ == nullptr) return std::nullopt;
    if (acting.desk_->ports().store == nullptr) {
        failure("there is no database yet, so nothing is planned: run `watchbill serve` first");
        return std::nullopt;
    }
    if (!acting.look()) return std::nullopt;
    return acting;
}

bool ActingDesk::look() {
    now_ = desk_->clock().now();
    auto view = desk_->view(planning_window(team(), now_), desk_->ports(), now_, Asking::copies_only);
    if (!view) return false;
    view_ = std::move(*view);
    return true;
}

int failure(const ActionError& refused) { return failure(refused.error); }

std::optional<Day> parse_date_option(const std::string& name, const std::string& text) {
    const auto date = parse_day(text);
    if (!date) usage_error(fmt::format("{}: \"{}\" is no date such as 2026-03-01", name, text));
    return date;
}

}  // namespace watchbill::cli
