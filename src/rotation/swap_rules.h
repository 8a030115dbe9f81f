// From what calendars say now and what is known of earlier swaps to their states, the overrides that put them
// into effect, and what is to be told. DESIGN.md 6 as one pure function: the same input gives the same
// judgement, and judging again changes nothing.
//
//     proposed -> accepted -> applied -> withdrawn
//         |          |           |
//         |          +-----------+--> refused     (both agreed, and a rule forbids it)
//         +--> withdrawn, expired, refused        (the event cannot be understood, or not be served)
//
// A state follows from the calendars, so it may come back: a refused swap is applied once what forbade it is
// gone and both still agree; a withdrawn one is proposed again with a new event.
//
//  - Order. Accepted swaps are looked at one after the other, those accepted first before later ones, then by
//    what their events say of their time, then by id; each sees the shifts as those before it left them. One
//    that does not fit yet is tried again after each that does: A<->B and B<->C of one day fit in that order
//    only. So nobody gives a shift that is not theirs, by plan or by an earlier swap.
//  - An earlier link of a chain that falls takes with it those built on it (built_on): everybody is back
//    where the plan had them, and nobody is left with what they got from somebody who no longer has it. They
//    are told, and the later swap can be made again for what each holds then.
//  - Once one of the two shifts has started the trade stands: no event can take it back. Only the shift that
//    is still to come goes back to the plan if its new holder cannot serve it.
//  - A member whose calendars cannot be read says nothing: their events and answers stay as they were.
//  - Several events of the organiser may ask for the same: one that is answered with yes counts, then one
//  that
//    is not answered with no, then the first. A new event asks anew: no answer to another one serves it
//    (swap_records.h).
//  - People's overrides by hand come first. One set on a swap's shift after it was applied ends the swap; one
//    that a swap took the place of is put back when the swap is off.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rotation/swap_event.h"
#include "watchbill/plan.h"
#include "watchbill/swap.h"
#include "watchbill/swap_store.h"
#include "watchbill/team.h"

namespace watchbill {

struct SwapInput {
    const Team* team = nullptr;
    const Plan* plan = nullptr;  // history and horizon, with all the overrides
    const TeamAvailability* availability = nullptr;
    const std::vector<MemberSwapEvents>* calendars = nullptr;  // in the order of the team's members
    std::vector<Swap> known;          // each one of whose shifts may not have started yet
    std::vector<SwapReply> replies;   // answers by mail
    std::vector<SwapAsk> asks;        // that are remembered
    std::vector<Override> overrides;  // as they stand, by hand and by swaps
    Instant now;
};

struct SwapUpdate {
    std::optional<Swap> before;  // nothing: it is new
    Swap swap;
    std::vector<SwapStep> steps;
    std::vector<MemberId> tell;  // who is told
};

struct SwapJudgement {
    std::vector<SwapUpdate> updates;  // of those that changed, by id
    std::vector<SwapDecision::OverrideChange> overrides;
    std::vector<Swap> swaps;    // all, changed or not, by date then id
    std::vector<SwapAsk> asks;  // of what became no swap, those that are not remembered yet
};

SwapJudgement judge_swaps(const SwapInput& input);

// "2026-12-03.mro.1f0e9a40c2d35b77": the shift, and a hash of who gives it in which way to whom. The same in
// every export of every calendar.
std::string swap_id(const Team& team, const Swap& swap);

// Override::by of what a swap set, and back: "" for an override by hand.
std::string swap_author(const std::string& id);
std::string_view swap_of_author(std::string_view by);

// The overrides as they are once the changes are made.
std::vector<Override> with_changes(std::vector<Override> overrides,
                                   const std::vector<SwapDecision::OverrideChange>& changes);

}  // namespace watchbill
