// All calendars of one team and what they say together: who is away, who is on night duty, and how each
// source fares.
#pragma once

#include <memory>
#include <vector>

#include "service/calendar_keeper.h"

namespace watchbill {

// Thread-safe. The keepers outlive it while a fetch is under way.
class TeamCalendars {
public:
    TeamCalendars(std::shared_ptr<const Team> team, const Ports& ports);

    const std::vector<std::shared_ptr<CalendarKeeper>>& keepers() const { return keepers_; }

    // Of members who have no readable calendar nothing is known: they have no entry, or only holidays.
    TeamAvailability availability() const;
    // Of every member, in the team's order: their swap and cover events.
    std::vector<MemberSwapEvents> swap_events() const;
    std::vector<SourceState> states(Moment now) const;
    // What is in use now; differs from an earlier answer exactly when the availability may.
    std::vector<std::shared_ptr<const ClassifiedCalendar>> contents() const;
    // Each calendar has contents, or its source was asked in vain.
    bool all_read_or_tried() const;
    // Of all copies in the store that the team's people still need; what else the team has there was of
    // people and calendars that are not in it any more.
    std::vector<std::string> copy_keys() const;

private:
    void keep_members_calendars(const Ports& ports, const std::vector<SourceCopyName>& known);
    void keep_holidays(const Ports& ports, const std::vector<SourceCopyName>& known);

    std::shared_ptr<const Team> team_;
    std::vector<std::shared_ptr<CalendarKeeper>> keepers_;  // members' first, then the holidays
    std::vector<const Member*> owners_;                     // of the members' calendars, in keepers_' order
};

}  // namespace watchbill
