// Shifts that change hands by agreement, in the members' own calendars (DESIGN.md 6). Plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/plan.h"
#include "watchbill/time.h"

namespace watchbill {

enum class SwapKind {
    swap,   // two shifts are traded
    cover,  // one shift is taken over, one way
};

enum class SwapState {
    proposed,   // the organiser's event is there, the colleague's consent is not
    accepted,   // both agreed; in the same decision it is applied or refused, so only a history shows it
    applied,    // the shifts are with their new holders
    refused,    // both agreed, or the event cannot be understood, and a rule forbids it: see the reason
    withdrawn,  // one of the two took it back before a shift of it started
    expired,    // a shift of it started, and nobody had answered
};

// Why a swap is where it is. The names are what scripts see.
enum class SwapReason {
    none,
    // withdrawn
    event_gone,    // the organiser deleted, cancelled or declined their event, or it asks for something else
    declined,      // the colleague said no
    consent_gone,  // the colleague had agreed and took it back
    built_on,      // it gave on a shift that came by another swap, which is off
    // refused
    not_your_shift,    // the organiser does not hold a shift at that time
    not_theirs,        // the colleague does not hold the shift that they would give in exchange
    no_shift_to_give,  // the colleague holds no later shift
    nobody_named,      // a swap needs one colleague: invited, or named in the title
    several_named,     // more than one, or a name that several members have
    ambiguous_date,    // the title has a date that can be read in two ways, or none that exists
    ambiguous_shift,   // the event's time, or the date in the title, fits several shifts
    too_late,          // a shift of it has started or is over
    too_far,           // beyond the plan's horizon
    absent,
    resting,
    neighbour,       // they would hold shifts with less than the rest between them, unasked
    unknown_person,  // left the team
};

enum class SwapConsent {
    none,
    own_event,       // the same event in the colleague's own calendar, accepted by them
    like_event,      // the same organiser, start and title there, under another UID (Outlook), accepted
    matching_event,  // an event of their own that names the organiser
    reply,           // an answer by mail
    organizer_copy,  // the organiser's event says so, and the team trusts that
};

// An event that asks for a swap, or asked for it. What people answer by mail belongs to it: never to another
// event, also where that asks for the same, and not to what it asked before it was taken back.
struct SwapEventRecord {
    std::string name;        // swap_event_name (rotation/swap_rules.h)
    bool gone = false;       // deleted, cancelled, or it asks for something else: it takes no answers
    int round = 0;           // how often it has come back after that; an answer belongs to its round
    int sequence = 0;        // its SEQUENCE as last seen (RFC 5545 3.8.7.4)
    int first_sequence = 0;  // an answer to an older one is to what it asked before
    bool operator==(const SwapEventRecord&) const = default;
};

struct Swap {
    // Of what is agreed on, never of a source's UID, which may differ in every export: who gives which shift
    // in which way to whom. See swap_id (rotation/swap_rules.h).
    std::string id;
    SwapKind kind = SwapKind::swap;
    MemberId organizer;
    ShiftKey shift;                     // the organiser's
    Interval shift_when;                // of that shift; empty where there is no such shift
    bool open = false;                  // a cover that names nobody
    std::optional<MemberId> colleague;  // of an open one: who took it
    std::optional<ShiftKey> counter;    // of a swap: the colleague's shift, once it is known
    std::optional<Interval> counter_when;

    SwapState state = SwapState::proposed;
    SwapReason reason = SwapReason::none;
    std::optional<MemberId> about;  // whom the reason is about
    SwapConsent consent = SwapConsent::none;
    Instant proposed_at;
    Instant changed_at;                   // of the state
    std::optional<Instant> accepted_at;   // when the consent was first seen; decides who was first
    std::vector<MemberId> turned_away;    // who wanted an open cover that somebody else has
    std::vector<Override> replaced;       // people's overrides by hand that it took the place of
    std::vector<SwapEventRecord> events;  // those there are, the one that counts first, then those gone
    long long revision = 0;               // raised with each change that is stored

    bool operator==(const Swap&) const = default;
};

// That an event of this UID once asked for something as a member's own, also where no swap came of it: so
// that a copy of it which stays in another calendar is known for what it is.
struct SwapAsk {
    MemberId member;
    std::string uid;                    // as event_uid() writes it
    std::optional<MemberId> colleague;  // whom; nothing for nobody in particular
    auto operator<=>(const SwapAsk&) const = default;
};

// One change of a swap's state, kept for ever.
struct SwapStep {
    Instant at;
    SwapState state = SwapState::proposed;
    SwapReason reason = SwapReason::none;
    std::string what;  // a sentence
    bool operator==(const SwapStep&) const = default;
};

// What a colleague answered by mail to one event that asks for a swap, as both stood then.
struct SwapReply {
    std::string swap_id;  // "": to an event that was not read before the answer came
    MemberId member;
    std::optional<ShiftKey> counter;  // the shift that the swap would have taken: the answer is to that
    bool accepted = false;
    int sequence = 0;
    Instant dtstamp;
    std::string event = {};  // SwapEventRecord::name; "" in answers from before events were told apart
    int round = 0;           // SwapEventRecord::round
    bool operator==(const SwapReply&) const = default;
};

std::string_view swap_kind_name(SwapKind kind);
std::string_view swap_state_name(SwapState state);
std::string_view swap_reason_name(SwapReason reason);
std::string_view swap_consent_name(SwapConsent consent);
std::optional<SwapKind> swap_kind_from_name(std::string_view name);
std::optional<SwapState> swap_state_from_name(std::string_view name);
std::optional<SwapReason> swap_reason_from_name(std::string_view name);
std::optional<SwapConsent> swap_consent_from_name(std::string_view name);

}  // namespace watchbill
