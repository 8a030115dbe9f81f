// What an occurrence in a member's calendar means for the rotation. DESIGN.md 5's rules, first match wins.
// Pure.
//
//  1. Cancelled, or cancelled or declined by the title (title_status.h): nothing. VFREEBUSY and
//  VAVAILABILITY: BUSY-UNAVAILABLE is an absence, the rest nothing.
//  2. Not the owner's own: nothing. Own is what has no attendees, what the owner accepted (any of their
//     addresses), and what they organise unless their own answer is declined, tentative or delegated. An
//     event that merely says STATUS:TENTATIVE counts: better somebody else serves than somebody away.
//  3. Swap, then cover keywords. Their titles may name colleagues ("MRO swap with Bob").
//  4. Night duty keywords, in the title or a category, and 4 h between 20:00 and 08:00 of the owner's zone.
//     An all-day one spans the night's hours and lasts, as it says, until midnight of its last day.
//  5. Absence keywords, whatever TRANSP and X-MICROSOFT-CDO-BUSYSTATUS say (Outlook makes all-day events
//     FREE); without a keyword, OOF. FREE, BUSY and WORKINGELSEWHERE alone say nothing.
//
// What 4 and 5 find is nothing, with a warning, where the title names another member and not the owner.
// The words are those of rotation/availability/keywords.h and the team's own.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rotation/availability/swap_event.h"
#include "watchbill/occurrence.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

enum class OccurrenceKind { none, absence, night_duty, swap, cover };
std::string_view occurrence_kind_name(OccurrenceKind kind);  // "night_duty"

struct Classified {
    OccurrenceKind kind = OccurrenceKind::none;
    AbsenceKind absence_kind = AbsenceKind::other;  // with `absence`
    std::optional<CalendarWarning> warning;
};

// Thread-safe once made.
class Classifier {
public:
    // `members` are those whose names may appear in titles; `extra` is added to the built-in lists.
    Classifier(const Keywords& extra, std::vector<Member> members,
               DateOrder date_order = DateOrder::day_first);
    ~Classifier();
    Classifier(Classifier&&) noexcept;
    Classifier& operator=(Classifier&&) noexcept;

    // `owner` is whose calendar it is: a member of the team or, for the calendar command, anybody.
    Classified classify(const Occurrence& occurrence, const Member& owner) const;
    // The occurrence as a swap or cover event, also where the owner has not accepted it or has declined it;
    // nothing for others and where it is cancelled. Its title is the one behind "Declined:".
    std::optional<SwapEvent> swap_event(const Occurrence& occurrence, const Member& owner) const;

private:
    struct Lists;
    std::unique_ptr<const Lists> lists_;
    std::vector<Member> members_;
    DateOrder date_order_;
};

struct ClassifiedCalendar {
    Availability availability;
    std::vector<SwapEvent> swaps;  // swap and cover events, for the swap rules; those declined or not yet
                                   // answered too
    std::vector<CalendarWarning> warnings;
};

// A whole reading of one member's calendar.
ClassifiedCalendar classify_calendar(const Classifier& classifier, const CalendarReading& reading,
                                     const Member& owner);
// A holiday calendar: every confirmed occurrence is an absence of kind `holiday`.
std::vector<Absence> holidays_of(const CalendarReading& reading);

}  // namespace watchbill
