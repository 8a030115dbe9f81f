#include "rotation/swaps/swap_phrases.h"

#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

std::string say_shift_of_day(const Team& team, const ShiftKey& key) {
    return say_rotation(team, key.rotation) + " on " + format_date_of_week(key.date);
}

std::string say_word(const Swap& swap) { return swap.kind == SwapKind::swap ? "swap" : "cover"; }

std::string say_colleague(const Team& team, const Swap& swap) {
    return swap.colleague ? say_member(team, *swap.colleague) : "a colleague";
}

// "Alice Martin" where the reason is about somebody, else "they".
std::string say_about(const Team& team, const Swap& swap) {
    return swap.about ? say_member(team, *swap.about) : "somebody of the two";
}

std::string say_consent(const Team& team, const Swap& swap) {
    const std::string colleague = say_colleague(team, swap);
    switch (swap.consent) {
        case SwapConsent::none: return "";
        case SwapConsent::own_event: return colleague + " accepted the event in their own calendar";
        case SwapConsent::like_event:
            return colleague +
                   " accepted an event of the same organiser, start and title in their own calendar; its UID "
                   "differs, as in Outlook's exports";
        case SwapConsent::matching_event: return colleague + " made the matching event in their own calendar";
        case SwapConsent::reply: return colleague + " accepted by mail";
        case SwapConsent::organizer_copy:
            return "by " + say_member(team, swap.organizer) + "'s calendar, which this team trusts, " +
                   colleague + " accepted";
    }
    return "";
}

std::string say_reason(const Team& team, const Swap& swap) {
    const std::string who = say_about(team, swap);
    switch (swap.reason) {
        case SwapReason::none: return "";
        case SwapReason::event_gone:
            return "the event is gone from " + say_member(team, swap.organizer) +
                   "'s calendar, or asks for "
                   "something else";
        case SwapReason::declined: return who + " declined";
        case SwapReason::consent_gone: return who + " no longer accepts what the event says";
        case SwapReason::built_on: return "it gave on a shift that came by another swap, which is off";
        case SwapReason::not_your_shift: return who + " does not hold a shift at the time of the event";
        case SwapReason::not_theirs: return who + " does not hold the shift that was to be given in exchange";
        case SwapReason::no_shift_to_give: return who + " has no later shift to give in exchange";
        case SwapReason::nobody_named: return "the event invites and names no colleague";
        case SwapReason::several_named:
            return "the event names several colleagues, or somebody else than it invites";
        case SwapReason::ambiguous_date: return "the date in the title can be read in several ways";
        case SwapReason::ambiguous_shift: return who + " holds several shifts that may be meant";
        case SwapReason::too_late: return "a shift of it has started or is over";
        case SwapReason::too_far: return "plans reach " + std::to_string(team.horizon_days) + " days ahead";
        case SwapReason::absent: return who + " is absent then";
        case SwapReason::resting: return who + " must rest then after a night";
        case SwapReason::neighbour:
            return who + " would have less than " + format_duration(team.rest) + " between two shifts";
        case SwapReason::unknown_person: return who + " is not a member of the team any more";
    }
    return "";
}

std::string say_how_to_agree(const Team& team, const Swap& swap) {
    const std::string title = "MRO " + say_word(swap) + (swap.kind == SwapKind::swap ? " with " : " for ") +
                              say_member(team, swap.organizer);
    return "accepts the invitation, or makes an event of their own on that day called \"" + title +
           "\" (the way where the calendar's published form leaves out answers, as Outlook's does)";
}

}  // namespace

std::string say_trade(const Team& team, const Swap& swap) {
    std::string text = say_member(team, swap.organizer) + " gives " + say_shift_of_day(team, swap.shift) +
                       " to " + say_colleague(team, swap);
    if (swap.kind == SwapKind::cover) return text;
    return text + " for " +
           (swap.counter ? say_shift_of_day(team, *swap.counter) : "a shift that is not clear yet");
}

std::string say_swap_state(const Team& team, const Swap& swap) {
    const std::string reason = say_reason(team, swap);
    switch (swap.state) {
        case SwapState::proposed: {
            const std::string waits =
                swap.open ? "open to whoever takes it" : "waits for the yes of " + say_colleague(team, swap);
            return "proposed, " + waits + (reason.empty() ? "" : " (" + reason + ")");
        }
        case SwapState::accepted: return "accepted: " + say_consent(team, swap);
        case SwapState::applied: return "applied: " + say_consent(team, swap);
        case SwapState::refused: return "refused: " + reason;
        case SwapState::withdrawn: return "withdrawn: " + reason;
        case SwapState::expired: return "expired: a shift of it started, and nobody had said yes";
    }
    return "";
}

std::string say_next_step(const Team& team, const Swap& swap) {
    const std::string organizer = say_member(team, swap.organizer);
    if (swap.state == SwapState::proposed) {
        const std::string colleague = swap.open ? "The first colleague who can" : say_colleague(team, swap);
        return colleague + " " + say_how_to_agree(team, swap) + ". Then it is done; " + organizer +
               " deletes the event to take it back.";
    }
    if (swap.state == SwapState::applied)
        return "Whoever of the two wants it undone deletes or declines the event before the first of these "
               "shifts starts; then everybody is back where the plan had them.";
    if (swap.state == SwapState::withdrawn && swap.reason == SwapReason::built_on)
        return "Make a new event for a shift that you hold now.";
    if (swap.state != SwapState::refused) return "";
    switch (swap.reason) {
        case SwapReason::not_your_shift:
            return organizer + " moves the event onto a shift of their own, as the rotation's feed shows it.";
        case SwapReason::not_theirs:
        case SwapReason::no_shift_to_give:
        case SwapReason::ambiguous_shift:
            return organizer +
                   " writes the date of the colleague's shift into the title, such as \"MRO swap " +
                   format_day(swap.shift.date) + "\", or asks for a cover (\"MRO cover\") instead.";
        case SwapReason::nobody_named:
        case SwapReason::several_named:
            return organizer +
                   " invites exactly one colleague, or names one in the title (\"MRO swap with "
                   "...\"); where a published calendar leaves out people, the colleague makes an "
                   "event that names " +
                   organizer + " too.";
        case SwapReason::ambiguous_date:
            return organizer + " writes the date as in \"" + format_day(swap.shift.date) + "\".";
        case SwapReason::absent:
        case SwapReason::resting:
        case SwapReason::neighbour:
        case SwapReason::unknown_person:
            return "Ask somebody else, or choose another day. It is applied by itself if that is no longer "
                   "so "
                   "and both still agree.";
        case SwapReason::too_late:
            return "A shift that has started changes hands only through whoever administers the rotation.";
        case SwapReason::too_far: return "Try again nearer to it.";
        default: return "";
    }
}

std::string say_swap_on_shift(const Team& team, const Swap& swap, const ShiftKey& shift) {
    if (swap.shift != shift && swap.counter != shift) return "";
    if (swap.state == SwapState::proposed)
        return "Proposed " + say_word(swap) + ": " + say_trade(team, swap) + "; " +
               (swap.open ? "open to whoever takes it."
                          : "waits for the yes of " + say_colleague(team, swap) + ".");
    if (swap.state != SwapState::applied || !swap.colleague) return "";
    if (swap.kind == SwapKind::cover)
        return "Cover: " + say_colleague(team, swap) + " serves for " + say_member(team, swap.organizer) +
               "; both agreed in their calendars.";
    return "Swap: " + say_trade(team, swap) + "; both agreed in their calendars.";
}

SwapMail swap_mail(const Team& team, const Swap& swap, const MemberId& recipient) {
    const std::string word = say_word(swap);
    const bool late =
        swap.state == SwapState::applied && swap.colleague != recipient && swap.organizer != recipient;
    const std::string state(late ? "taken by somebody else" : swap_state_name(swap.state));
    SwapMail mail;
    mail.subject = team.title + ": " + word + " of " + say_rotation(team, swap.shift.rotation) + " " +
                   format_date_of_week(swap.shift.date) + " " + state;
    mail.text = "Hello " + say_member(team, recipient) + ",\n\n";
    if (late) {
        mail.text +=
            say_shift_of_day(team, swap.shift) + ", which " + say_member(team, swap.organizer) +
            " wants to give away, was taken by " + say_colleague(team, swap) +
            ", who can serve it and came first. You need not do anything; you can delete your event.\n";
        return mail;
    }
    mail.text += say_trade(team, swap) + ".\nIt is now " + say_swap_state(team, swap) + ".\n";
    if (const std::string next = say_next_step(team, swap); !next.empty()) mail.text += "\n" + next + "\n";
    return mail;
}

}  // namespace watchbill
