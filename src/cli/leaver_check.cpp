#include "cli/leaver_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "rotation/swaps/swap_phrases.h"
#include "store/open_store.h"
#include "texts/phrases.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::cli {

namespace {

// A longer horizon than any configuration takes.
constexpr std::chrono::days looked_ahead{3700};

class LeaverCheck {
public:
    LeaverCheck(const Team& team, const std::vector<ConfiguredRotation>& rotations, Instant now)
        : team_(team), rotations_(rotations), now_(now) {
        const Day today = Zone::get(team.zone).day_of(now);
        days_ = {today - std::chrono::days(1), today + looked_ahead};
    }

    void look_at_overrides(Store& store) {
        const auto overrides = store.overrides(team_.name, days_);
        if (!overrides) return;
        for (const Override& fixed : *overrides) {
            if (team_.find_member(fixed.member) != nullptr) continue;
            warn(fixed.shift.rotation,
                 fmt::format(
                     "{} on {} is given by an override to {}, who is not in this team: it ends with the "
                     "next reload, and the shift is planned anew",
                     say_rotation(team_, fixed.shift.rotation), format_date_of_week(fixed.shift.date),
                     fixed.member.email()));
        }
    }

    void look_at_plan(Store& store) {
        const auto rows = store.assignments(team_.name, days_);
        if (!rows) return;
        std::map<MemberId, std::vector<const Assignment*>> held;
        for (const PublishedAssignment& row : *rows) {
            const Assignment& one = row.assignment;
            if (one.shift.when.end > now_ && one.member && team_.find_member(*one.member) == nullptr)
                held[*one.member].push_back(&one);
        }
        for (const auto& [member, shifts] : held) {
            const ShiftKey& first = shifts.front()->shift.key;
            warn(first.rotation,
                 fmt::format(
                     "{}, who is not in this team, holds {} published shift{} from {} on: with the next "
                     "reload they go to others, and one that runs passes on",
                     member.email(), shifts.size(), shifts.size() == 1 ? "" : "s",
                     format_date_of_week(first.date)));
        }
    }

    void look_at_swaps(Store& store) {
        const auto swaps = store.swaps(team_.name, days_.first);
        if (!swaps) return;
        for (const Swap& swap : *swaps) {
            const bool live = swap.state == SwapState::proposed || swap.state == SwapState::applied;
            const bool known = team_.find_member(swap.organizer) != nullptr &&
                               (!swap.colleague || team_.find_member(*swap.colleague) != nullptr);
            if (!live || known) continue;
            warn(swap.shift.rotation,
                 fmt::format("{}: one of the two is not in this team, and the swap ends with "
                             "the next reload",
                             say_trade(team_, swap)));
        }
    }

    std::vector<Problem> take() { return std::move(problems_); }

private:
    void warn(const std::string& rotation, std::string message) {
        const auto found = std::find_if(rotations_.begin(), rotations_.end(), [&](const auto& configured) {
            return configured.team == team_.name &&
                   (configured.rotation == rotation || team_.find_rotation(rotation) == nullptr);
        });
        const FilePlace place = found == rotations_.end() ? FilePlace() : found->place;
        problems_.push_back({place, ProblemSeverity::warning, std::move(message)});
    }

    const Team& team_;
    const std::vector<ConfiguredRotation>& rotations_;
    const Instant now_;
    DaySpan days_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> leaver_warnings(const Config& config, const std::vector<ConfiguredRotation>& rotations,
                                     Instant now) {
    if (!has_current_schema(config.server.database)) return {};
    const auto store = open_store(config.server.database);
    if (!store) return {};
    std::vector<Problem> all;
    for (const Team& team : config.teams) {
        LeaverCheck check(team, rotations, now);
        check.look_at_overrides(**store);
        check.look_at_plan(**store);
        check.look_at_swaps(**store);
        for (Problem& problem : check.take()) all.push_back(std::move(problem));
    }
    return all;
}

}  // namespace watchbill::cli
