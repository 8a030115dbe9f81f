// A team whose members' calendars are edited by tests, judged as the service does it, with a store in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "rotation/classify.h"
#include "rotation/fair_planner.h"
#include "rotation/swap_rules.h"
#include "rotation/team_plan.h"
#include "rotation/two_site_team.h"
#include "time/zone.h"

namespace watchbill::testing {

// An event in one calendar, in words near to iCalendar's.
struct SwapEntry {
    std::string uid;
    std::string title;
    Interval when;
    std::optional<MemberId> organizer;
    std::vector<std::pair<MemberId, ParticipationStatus>> attendees;
    BusyStatus busy = BusyStatus::unspecified;
    Instant changed_at;
    std::string recurrence_id;
    std::optional<DaySpan> all_day;
    int sequence = 0;
};

class SwapWorld {
public:
    explicit SwapWorld(Team its_team, Instant start) : team(std::move(its_team)), now(start) {
        for (const Member& member : team.members) readable[member.id] = true;
        days = {Zone::get(team.zone).day_of(now), Zone::get(team.zone).day_of(now) + std::chrono::days(20)};
    }

    Team team;
    Instant now;
    DaySpan days;
    std::map<MemberId, std::vector<SwapEntry>> calendars;
    std::map<MemberId, bool> readable;
    TeamAvailability availability;
    std::vector<Swap> known;
    std::vector<SwapReply> replies;
    std::vector<SwapAsk> asks;
    std::vector<Override> overrides;
    std::vector<Assignment> published;
    Plan plan;
    SwapJudgement last;

    // What a refresh does. True when something was decided.
    bool refresh() {
        const FairPlanner planner;
        std::vector<MemberSwapEvents> events;
        for (const Member& member : team.members) events.push_back(read(*classifier_, member));
        plan = make_plan({&team, days, now, availability, published, overrides}, planner);
        last = judge_swaps({&team, &plan, &availability, &events, known, replies, asks, overrides, now});
        asks.insert(asks.end(), last.asks.begin(), last.asks.end());
        if (!last.overrides.empty()) {
            std::vector<Assignment> rows = published;
            for (const Assignment& row : plan.assignments) {
                const bool seen = std::any_of(rows.begin(), rows.end(), [&](const Assignment& other) {
                    return other.shift.key == row.shift.key;
                });
                if (!seen) rows.push_back(row);
            }
            overrides = with_changes(overrides, last.overrides);
            plan = make_plan({&team, days, now, availability, rows, overrides}, planner);
        }
        known = last.swaps;
        published = plan.assignments;
        return !last.updates.empty() || !last.overrides.empty() || !last.asks.empty();
    }

    std::string holder(std::string_view date, std::string_view rotation = "mro") const {
        for (const Assignment& row : plan.assignments)
            if (row.shift.key == ShiftKey{std::string(rotation), day(date)})
                return row.member ? row.member->email().substr(0, row.member->email().find('@')) : "nobody";
        return "no shift";
    }
    // The dates on which somebody holds a shift, in order.
    std::vector<const Assignment*> shifts_of(const MemberId& member) const {
        std::vector<const Assignment*> theirs;
        for (const Assignment& row : plan.assignments)
            if (row.member == member && row.shift.when.start > now) theirs.push_back(&row);
        return theirs;
    }

private:
    // Made once: its lists of words take longer than a plan.
    std::shared_ptr<const Classifier> classifier_ =
        std::make_shared<const Classifier>(Keywords(), two_site_team().members, DateOrder::day_first);

    MemberSwapEvents read(const Classifier& classifier, const Member& member) {
        CalendarReading reading;
        for (const SwapEntry& entry : calendars[member.id]) {
            EventDetails details;
            details.uid = entry.uid;
            details.summary = entry.title;
            details.organizer = entry.organizer;
            details.busy_status = entry.busy;
            details.changed_at = entry.changed_at;
            details.sequence = entry.sequence;
            for (const auto& [who, status] : entry.attendees) details.attendees.push_back({who, status, ""});
            reading.occurrences.push_back({std::make_shared<const EventDetails>(std::move(details)),
                                           entry.recurrence_id, entry.when, entry.all_day});
        }
        MemberSwapEvents events{member.id, readable[member.id], {}};
        // One that was never read has no contents at all.
        if (events.readable) events.events = classify_calendar(classifier, reading, member).swaps;
        return events;
    }
};

}  // namespace watchbill::testing
