// What the members' calendars ask for, and who agrees to it. Pure.
//
// A request is an event that its owner organises, or one without attendees in their calendar. What others
// organise and the owner accepted is an answer. Two things look like the owner's own and are not:
//  - calendars that are published without attendees (Outlook) show others' invitations like own events. A
//    tentative one may be unanswered, and one that another member organises and invites the owner to, with
//    the same start and title, is its copy: neither asks for anything nor consents to anything;
//  - what an organiser's copy says of others' answers: everybody can edit their own calendar.
// One UID in two calendars is always one event and its copy, never two events that name each other.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rotation/swap_event.h"
#include "watchbill/team.h"

namespace watchbill {

struct SwapRequest {
    MemberId organizer;
    const SwapEvent* event = nullptr;
    bool invites = false;               // the colleague is invited, and not merely named
    bool open = false;                  // a cover that names nobody
    std::optional<MemberId> colleague;  // by identity
    // nobody_named, several_named or ambiguous_date where it cannot be understood.
    SwapReason problem = SwapReason::none;
};

// The trade that a consent must be to.
struct SwapTerms {
    Shift give;                    // the organiser's
    std::optional<Shift> counter;  // of a swap
};

// Whether an event lies on a shift: an all-day one by the shift's date, any other by overlapping it.
bool lies_on(const SwapEvent& event, const Shift& shift);

struct SwapAnswer {
    SwapConsent consent = SwapConsent::none;
    bool declined = false;             // without a consent
    Instant changed_at;                // of what says so
    const SwapEvent* event = nullptr;  // with a matching event: that one, which then asks for nothing itself
};

// All members' swap events, those that are of interest. Immutable, holds on to the team only.
class SwapCalendars {
public:
    // Of one member's events so many count, those that come first: a calendar can hold any number, and each
    // can become a mail.
    static constexpr size_t most_events = 100;
    // What ended longer ago than this asks for nothing any more.
    static constexpr Duration looked_back = std::chrono::hours(7 * 24);

    // `known` and `asks` are what is known from before, for the events by which members have asked.
    SwapCalendars(const Team& team, std::vector<MemberSwapEvents> calendars, const std::vector<Swap>& known,
                  const std::vector<SwapAsk>& asks, Instant now);
    SwapCalendars(const SwapCalendars&) = delete;
    SwapCalendars& operator=(const SwapCalendars&) = delete;

    bool is_readable(const MemberId& member) const;
    // By member, then by start. They point into this.
    const std::vector<SwapRequest>& requests() const { return requests_; }
    // What `colleague` says to the request; `replies` are those by mail to the request's own event.
    SwapAnswer answer(const SwapRequest& request, const SwapTerms& terms, const MemberId& colleague,
                      const std::vector<SwapReply>& replies) const;
    // When anything about the request was last written, by its organiser or its colleague.
    Instant last_touched(const SwapRequest& request) const;

private:
    SwapAnswer answer_in_calendar(const SwapRequest& request, const SwapTerms& terms,
                                  const MemberId& colleague) const;
    bool is_matching(const SwapRequest& theirs, const SwapRequest& request, const SwapTerms& terms) const;
    bool may_be_of_a_third(const SwapRequest& request, const MemberId& other) const;
    bool belongs_to_another(const SwapEvent& event, const SwapRequest& request) const;
    template <typename Names>
    bool may_be_of(const MemberId& member, const SwapEvent& event, Names names) const;
    void note_asked(const MemberId& organizer, const std::string& uid, const std::optional<MemberId>& of);

    const Team& team_;
    std::vector<MemberSwapEvents> calendars_;
    std::vector<SwapRequest> requests_;
    // By who asks, or has asked, and the event's UID: whom; nothing for nobody in particular.
    std::map<std::pair<MemberId, std::string>, std::vector<std::optional<MemberId>>> asked_;
};

}  // namespace watchbill
