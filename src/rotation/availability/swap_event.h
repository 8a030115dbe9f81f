// A swap or cover event as one member's calendar has it: what the swap rules need of it, and nothing of its
// title but what that says about shifts. Plain values.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rotation/availability/swap_title.h"
#include "watchbill/occurrence.h"
#include "watchbill/swap.h"

namespace watchbill {

struct SwapEvent {
    struct Answer {
        MemberId member;  // as the event writes it: may be an alias, or nobody of the team
        ParticipationStatus status = ParticipationStatus::needs_action;
        bool operator==(const Answer&) const = default;
    };

    SwapKind kind = SwapKind::swap;
    std::string uid;  // as event_uid() writes it: what two calendars have of one event compares equal
    std::string recurrence_id;
    int sequence = 0;
    Interval when;
    std::optional<DaySpan> all_day;
    std::string title;                      // folded (title_words.h): to compare copies; never shown
    std::vector<std::set<MemberId>> named;  // other members in the title: for each name those who have it
    TitleDates dates;
    std::optional<MemberId> organizer;
    std::vector<Answer> attendees;
    bool own = false;        // organised or accepted by the calendar's owner, or without attendees
    bool tentative = false;  // by its status: it may be an invitation that nobody has answered
    bool declined = false;   // by its title (title_status.h): the owner's no, and never their own event
    Instant changed_at;      // as its author says

    bool operator==(const SwapEvent&) const = default;
};

// A UID to compare: without blanks and ASCII upper case, since servers and exports change those (Exchange
// writes the same hexadecimal UID in both cases).
std::string event_uid(std::string_view uid);

// All that one member's calendars say of swaps.
struct MemberSwapEvents {
    MemberId member;
    // Each of their calendars could be read once, and there is one: what is not there was taken away. Where
    // not, nothing is concluded from what is missing.
    bool readable = false;
    std::vector<SwapEvent> events;
    bool operator==(const MemberSwapEvents&) const = default;
};

}  // namespace watchbill
