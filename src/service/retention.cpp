#include "service/retention.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "service/calendar_keeper.h"
#include "time/zone.h"

namespace watchbill {

namespace {

constexpr Duration every = std::chrono::hours(24);
constexpr Duration after_failure = std::chrono::minutes(10);
// A calendar that was being read while the teams changed is saved after that; no reading takes so long.
constexpr Duration again_after_change = std::chrono::minutes(5);

// All that the teams have, under all addresses of theirs. What else is there was of somebody who left.
SourceCopyOwners owners_in(const std::vector<Team>& teams) {
    SourceCopyOwners all;
    for (const Team& team : teams) {
        for (const HolidayCalendar& holiday : team.holidays) {
            all.owners.emplace(team.name, "holidays/" + holiday.site);
            all.keys.insert(source_key(holiday.calendar));
        }
        for (const Member& member : team.members) {
            all.owners.emplace(team.name, member.id.email());
            for (const MemberId& alias : member.aliases) all.owners.emplace(team.name, alias.email());
            for (const CalendarRef& calendar : member.calendars) all.keys.insert(source_key(calendar));
        }
    }
    return all;
}

RetentionLimit limit_of(const std::string& team, Duration retention, const Zone& zone, Instant now,
                        bool gone) {
    const Instant before = now - retention;
    return {team, before, zone.day_of(before), gone};
}

}  // namespace

Retention::Retention(Store& store, const Clock& clock, spdlog::logger& log)
    : store_(store), clock_(clock), log_(log) {}

void Retention::set_teams(std::vector<Team> teams) {
    const std::lock_guard lock(mutex_);
    teams_ = std::move(teams);
    round_.reset();
    next_.reset();
    changed_ = true;
}

Result<Retention::Round> Retention::begin(Instant now) {
    Round round;
    // Of who left the team, or what went with it, nothing is kept a day longer.
    const auto copies = store_.forget_source_copies_except(owners_in(teams_));
    if (!copies) return tl::unexpected(copies.error());
    round.removed = *copies;
    Duration longest = Team().retention;
    for (const Team& team : teams_) {
        longest = std::max(longest, team.retention);
        round.limits.push_back(limit_of(team.name, team.retention, Zone::get(team.zone), now, false));
    }
    round.server_before = now - longest;
    const auto published = store_.published_teams();
    if (!published) return tl::unexpected(published.error());
    for (const std::string& name : *published) {
        const bool served = std::any_of(teams_.begin(), teams_.end(),
                                        [&name](const Team& team) { return team.name == name; });
        if (!served) round.limits.push_back(limit_of(name, Team().retention, Zone::get("UTC"), now, true));
    }
    return round;
}

Result<bool> Retention::go_on(Round& round, Instant now) {
    if (round.limits.empty()) {
        const auto removed = store_.forget_server_records(round.server_before, now);
        if (!removed) return tl::unexpected(removed.error());
        round.removed += *removed;
        return *removed > 0;
    }
    const auto removed = store_.forget_records(round.limits.back());
    if (!removed) return tl::unexpected(removed.error());
    round.removed += *removed;
    if (*removed == 0) round.limits.pop_back();
    return true;
}

SteadyInstant Retention::step() {
    const Instant now = clock_.now();
    const SteadyInstant steady = clock_.steady_now();
    const std::lock_guard lock(mutex_);
    if (next_ && steady < *next_) return *next_;
    const auto give_up = [&](const Error& error) {
        log_.warn("what is older than \"retention\" cannot be removed, and is tried again in 10 min: {}",
                  error.message);
        round_.reset();
        next_ = steady + after_failure;
        return *next_;
    };
    if (!round_) {
        auto begun = begin(now);
        if (!begun) return give_up(begun.error());
        round_ = std::move(*begun);
    }
    const auto more = go_on(*round_, now);
    if (!more) return give_up(more.error());
    if (*more) return steady;
    if (round_->removed > 0)
        log_.info("{} records were removed that are older than \"retention\", or nobody's any more",
                  round_->removed);
    round_.reset();
    next_ = steady + (std::exchange(changed_, false) ? again_after_change : every);
    return *next_;
}

}  // namespace watchbill
