#include "rotation/swap_rules.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>

#include "rotation/phrases.h"
#include "rotation/swap_board.h"
#include "rotation/swap_phrases.h"
#include "rotation/swap_records.h"
#include "rotation/swap_requests.h"
#include "time/format.h"

namespace watchbill {

namespace {

constexpr std::string_view author_prefix = "swap:";

// FNV-1a with 64 bits: a name for what a team's own members agree on, not a defence.
std::string hash_of(const std::string& text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211ULL;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (int shift = 60; shift >= 0; shift -= 4) hex += digits[(hash >> static_cast<unsigned>(shift)) & 15U];
    return hex;
}

bool is_live(SwapState state) { return state == SwapState::proposed || state == SwapState::applied; }

// One swap while it is judged.
struct Case {
    std::optional<Swap> before;
    Swap swap;
    std::vector<SwapRequest> requests;   // what the organiser's events ask; the one that counted before first
    std::optional<SwapRequest> request;  // the one of them that counts; nothing: none asks for it now
    bool unread = false;                 // nothing, and their calendars cannot be read
    SwapObstacle obstacle;
    ResolvedSwap trade;
    SwapAnswer answer;
    bool started = false;  // one of its shifts has
    bool applied_now = false;
    bool half = false;      // names a colleague who gives the shift: the other side of something to come
    bool consumed = false;  // its event is the consent to another
    std::vector<MemberId> latecomers;

    bool was(SwapState state) const { return before && before->state == state; }
    // Whether the event that counts is the one that counted before.
    bool counted_before(const SwapRequest& asked) const {
        return before && !before->events.empty() && !before->events.front().gone &&
               find_record({before->events.front()}, swap_event_name(*asked.event)) != nullptr;
    }
    bool asks_anew() const { return before && request && !counted_before(*request); }
};

class Judge {
public:
    explicit Judge(const SwapInput& input)
        : in_(input),
          team_(*input.team),
          calendars_(team_, *input.calendars, input.known, input.asks, input.now),
          board_(team_, *input.plan, *input.availability, input.now) {}

    SwapJudgement judge() {
        collect();
        undo_applied();
        apply_accepted();
        for (Case& one : cases_) settle(one);
        return conclude();
    }

private:
    void collect();
    void add_known(const Swap& swap);
    void add_request(const SwapRequest& request);
    Case* case_for(const SwapRequest& request);
    bool asks_for(const SwapRequest& request, const Swap& swap) const;
    void undo_applied();
    void apply_accepted();
    bool try_to_apply(Case& one);
    bool try_request(Case& one);
    bool look_for_consent(Case& one);
    bool look_for_taker(Case& one);
    void keep_consent(Case& one) const;
    bool outlasts_silence(const Case& one) const;
    bool was_built_on_a_dropped_one(const Case& one) const;
    std::vector<SwapReply> replies_to(const Case& one) const;
    std::string id_of(const Case& one) const;
    SwapBoard::Pinned pinned_of(const Case& one) const;
    void resolve(Case& one);

    void settle(Case& one);
    void settle_started(Case& one);
    void settle_gone(Case& one);
    void settle_unaccepted(Case& one);
    void move(Case& one, SwapState state, const SwapObstacle& why = {});
    void name_shift(Case& one);

    SwapJudgement conclude();
    void note_events(Case& one) const;
    void note_asks(SwapJudgement& judgement, const std::vector<SwapRequest>& requests) const;
    void add_update(SwapJudgement& judgement, Case& one);
    std::vector<SwapDecision::OverrideChange> override_changes();
    std::optional<Override> override_by_hand(const ShiftKey& shift);

    const SwapInput& in_;
    const Team& team_;
    SwapCalendars calendars_;
    SwapBoard board_;
    std::vector<Case> cases_;
    std::vector<size_t> applied_;  // in the order in which they were applied
    std::set<const SwapEvent*> consumed_;
};

void Judge::add_known(const Swap& swap) {
    Case& one = cases_.emplace_back();
    one.before = swap;
    one.swap = swap;
    one.started =
        swap.shift_when.start <= in_.now || (swap.counter_when && swap.counter_when->start <= in_.now);
    one.unread = !calendars_.is_readable(swap.organizer);
}

bool Judge::asks_for(const SwapRequest& request, const Swap& swap) const {
    if (swap.organizer != request.organizer || swap.kind != request.event->kind) return false;
    if (swap.open != request.open) return false;
    if (!swap.open && swap.colleague != request.colleague) return false;
    const Interval when = swap.shift_when.empty() ? request.event->when : swap.shift_when;
    if (!lies_on(*request.event, {swap.shift, when})) return false;
    if (!swap.shift_when.empty()) return true;
    // Without a shift it was told of a date.
    return board_.nearest_key(request) == swap.shift;
}

Case* Judge::case_for(const SwapRequest& request) {
    Case* found = nullptr;
    for (Case& one : cases_) {
        if (!asks_for(request, one.swap)) continue;
        // One that still means something before one that is over.
        if (found == nullptr || (is_live(one.swap.state) && !is_live(found->swap.state))) found = &one;
    }
    return found;
}

void Judge::add_request(const SwapRequest& request) {
    Case* known = case_for(request);
    if (known != nullptr) {
        // The same in two of the organiser's calendars, or two events for one thing.
        known->requests.push_back(request);
        known->unread = false;
        return;
    }
    Case one;
    one.requests = {request};
    one.swap.kind = request.event->kind;
    one.swap.organizer = request.organizer;
    one.swap.open = request.open;
    one.swap.colleague = request.colleague;
    one.swap.proposed_at = in_.now;
    one.trade = board_.resolve(request, request.colleague, {});
    name_shift(one);
    // Known by what it is about, though the shift's hours are others now.
    const std::string id = swap_id(team_, one.swap);
    const auto same = std::find_if(cases_.begin(), cases_.end(),
                                   [&](const Case& other) { return one.trade.give && id_of(other) == id; });
    if (same == cases_.end()) {
        cases_.push_back(std::move(one));
    } else {
        same->requests.push_back(request);
        same->unread = false;
    }
}

void Judge::collect() {
    for (const Swap& swap : in_.known) add_known(swap);
    for (const SwapRequest& request : calendars_.requests()) add_request(request);
    for (Case& one : cases_) {
        std::stable_partition(one.requests.begin(), one.requests.end(),
                              [&one](const SwapRequest& asked) { return one.counted_before(asked); });
        if (!one.requests.empty()) one.request = one.requests.front();
    }
}

std::string Judge::id_of(const Case& one) const {
    return one.before ? one.before->id : swap_id(team_, one.swap);
}

std::vector<SwapReply> Judge::replies_to(const Case& one) const {
    if (!one.before || !one.request) return {};
    std::vector<SwapReply> replies;
    for (const SwapReply& reply : in_.replies)
        if (reply.swap_id == one.before->id) replies.push_back(reply);
    return replies_to_event(replies, one.before->events, *one.request->event);
}

// Back to who held what before any swap that can still be taken back.
void Judge::undo_applied() {
    std::vector<Case*> applied;
    for (Case& one : cases_)
        if (one.was(SwapState::applied) && !one.started) applied.push_back(&one);
    std::stable_sort(applied.begin(), applied.end(), [](const Case* a, const Case* b) {
        return std::tuple(b->swap.accepted_at, b->swap.id) < std::tuple(a->swap.accepted_at, a->swap.id);
    });
    // Links of a chain that were accepted in one second are in no known order: each is undone when it can be.
    bool progress = true;
    while (progress) {
        progress = false;
        for (Case*& one : applied) {
            if (one == nullptr || !one->swap.colleague) continue;
            const Swap& swap = one->swap;
            const bool gives = board_.holds(*swap.colleague, swap.shift);
            const bool takes = !swap.counter || board_.holds(swap.organizer, *swap.counter);
            if (!gives || !takes) continue;
            board_.give(swap.shift, swap.organizer);
            if (swap.counter) board_.give(*swap.counter, *swap.colleague);
            one = nullptr;
            progress = true;
        }
    }
    // What an override by hand has broken apart: the part that is still the swap's goes back.
    for (const Case* one : applied) {
        if (one == nullptr || !one->swap.colleague) continue;
        const Swap& swap = one->swap;
        if (board_.holds(*swap.colleague, swap.shift)) board_.give(swap.shift, swap.organizer);
        if (swap.counter && board_.holds(swap.organizer, *swap.counter))
            board_.give(*swap.counter, *swap.colleague);
    }
}

// Whether the consent that there was stands while nobody can be asked about it: that to an event not without
// the event, and an answer by mail not without the answer.
bool Judge::outlasts_silence(const Case& one) const {
    if (!one.request) return true;
    switch (one.before->consent) {
        case SwapConsent::own_event: return one.counted_before(*one.request);
        case SwapConsent::like_event:
        case SwapConsent::matching_event: return true;
        case SwapConsent::reply:
        case SwapConsent::organizer_copy:
        case SwapConsent::none: return false;
    }
    return false;
}

// What the organiser or the colleague cannot be asked about now stays as it was, as long as it is the same.
void Judge::keep_consent(Case& one) const {
    if (!one.was(SwapState::applied) || one.answer.consent != SwapConsent::none || one.answer.declined)
        return;
    if (one.swap.shift != one.before->shift || one.swap.counter != one.before->counter) return;
    const bool silent = one.unread || (one.swap.colleague && !calendars_.is_readable(*one.swap.colleague));
    if (silent && outlasts_silence(one)) one.answer.consent = one.before->consent;
}

bool Judge::look_for_consent(Case& one) {
    if (one.request) {
        one.answer = calendars_.answer(*one.request, {*one.trade.give, one.trade.counter},
                                       *one.swap.colleague, replies_to(one));
    }
    keep_consent(one);
    return one.answer.consent != SwapConsent::none;
}

// The one who has it keeps it; then the first in time of those who can.
bool Judge::look_for_taker(Case& one) {
    struct Taker {
        MemberId member;
        SwapAnswer answer;
    };
    std::vector<Taker> takers;
    for (const Member& member : team_.members) {
        if (member.id == one.swap.organizer || !one.request) continue;
        const SwapAnswer answer =
            calendars_.answer(*one.request, {*one.trade.give, {}}, member.id, replies_to(one));
        if (answer.consent != SwapConsent::none) takers.push_back({member.id, answer});
    }
    std::stable_sort(takers.begin(), takers.end(), [](const Taker& a, const Taker& b) {
        return a.answer.changed_at < b.answer.changed_at;
    });
    if (one.was(SwapState::applied) && one.before->colleague) {
        const MemberId holder = *one.before->colleague;
        const auto at = std::find_if(takers.begin(), takers.end(),
                                     [&holder](const Taker& taker) { return taker.member == holder; });
        if (at != takers.end()) {
            std::rotate(takers.begin(), at, at + 1);
        } else if (!calendars_.is_readable(holder) && one.swap.shift == one.before->shift &&
                   outlasts_silence(one)) {
            takers.insert(takers.begin(), {holder, {one.before->consent, false, {}, nullptr}});
        }
    }
    one.latecomers.clear();
    std::optional<Taker> chosen;
    for (const Taker& taker : takers) {
        const bool stands = one.was(SwapState::applied) && one.before->colleague == taker.member;
        const SwapObstacle obstacle = board_.validate(one.trade, one.swap.organizer, taker.member, stands);
        if (obstacle.reason != SwapReason::none) {
            if (!chosen) one.obstacle = obstacle;
        } else if (!chosen) {
            chosen = taker;
        } else {
            one.latecomers.push_back(taker.member);
        }
    }
    if (!chosen) return false;
    // Who came too late has been answered: their event asks for nothing else.
    for (const Taker& taker : takers)
        if (taker.answer.event != nullptr) consumed_.insert(taker.answer.event);
    one.swap.colleague = chosen->member;
    one.answer = chosen->answer;
    return true;
}

SwapBoard::Pinned Judge::pinned_of(const Case& one) const {
    if (!one.before || one.before->shift_when.empty()) return {};
    const SwapState state = one.before->state;
    // A new event asks anew; one that is merely not agreed to means what it meant.
    const bool gone = state == SwapState::withdrawn && one.before->reason == SwapReason::event_gone;
    const bool anew = state == SwapState::withdrawn && one.asks_anew();
    const bool over = gone || anew || state == SwapState::expired;
    return {one.before->shift, over ? std::nullopt : one.before->counter};
}

void Judge::resolve(Case& one) {
    const SwapBoard::Pinned pinned = pinned_of(one);
    if (!one.request) {
        // Its event cannot be read now: it is what it was.
        const auto* give = board_.find(one.swap.shift);
        const auto* counter = one.swap.counter ? board_.find(*one.swap.counter) : nullptr;
        one.trade = {};
        if (give != nullptr && give->holder == one.swap.organizer) one.trade.give = give->shift;
        if (counter != nullptr && counter->holder == one.swap.colleague) one.trade.counter = counter->shift;
        if (!one.trade.give) one.trade.obstacle = {SwapReason::not_your_shift, one.swap.organizer};
        if (one.swap.counter && !one.trade.counter)
            one.trade.obstacle = {SwapReason::not_theirs, one.swap.colleague};
        return;
    }
    const auto colleague = one.swap.open ? std::nullopt : one.swap.colleague;
    one.trade = board_.resolve(*one.request, colleague, pinned);
    const bool lost = one.trade.obstacle.reason == SwapReason::not_theirs && pinned.counter && one.trade.give;
    if (!lost || one.was(SwapState::applied) || one.trade.counter_dated) return;
    // Where nobody has agreed to what it was against, the next one is meant.
    const Shift was_against{*pinned.counter, one.before->counter_when.value_or(Interval{})};
    const SwapAnswer answer =
        calendars_.answer(*one.request, {*one.trade.give, was_against}, *colleague, replies_to(one));
    if (answer.consent == SwapConsent::none)
        one.trade = board_.resolve(*one.request, colleague, {pinned.give, std::nullopt});
}

bool Judge::try_to_apply(Case& one) {
    if (one.applied_now || one.started) return false;
    std::vector<SwapRequest> asked = one.requests;
    std::erase_if(asked, [this](const SwapRequest& request) { return consumed_.contains(request.event); });
    one.consumed = asked.empty() && !one.requests.empty();
    if (one.consumed) return false;
    if (asked.empty()) return one.unread && one.was(SwapState::applied) && try_request(one);
    const SwapRequest* open_one = nullptr;
    for (const SwapRequest& request : asked) {
        one.request = request;
        if (try_request(one)) return true;
        if (open_one == nullptr && !one.answer.declined) open_one = &request;
    }
    if (asked.size() == 1) return false;
    one.request = open_one == nullptr ? asked.front() : *open_one;
    return try_request(one);
}

bool Judge::try_request(Case& one) {
    one.obstacle = {};
    one.answer = {};
    resolve(one);
    name_shift(one);
    one.obstacle = one.trade.obstacle;
    if (one.obstacle.reason != SwapReason::none) return false;
    if (one.swap.open && one.request) {
        if (!look_for_taker(one)) return false;
    } else {
        if (!one.swap.colleague || !look_for_consent(one)) return false;
        const bool stands = one.was(SwapState::applied) && one.before->counter == one.swap.counter;
        one.obstacle = board_.validate(one.trade, one.swap.organizer, *one.swap.colleague, stands);
        if (one.obstacle.reason != SwapReason::none) return false;
    }
    board_.give(one.trade.give->key, *one.swap.colleague);
    if (one.trade.counter) board_.give(one.trade.counter->key, one.swap.organizer);
    if (one.answer.event != nullptr) consumed_.insert(one.answer.event);
    one.applied_now = true;
    return true;
}

void Judge::apply_accepted() {
    std::vector<size_t> order(cases_.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto key = [this](size_t i) {
        const Case& one = cases_[i];
        const bool applied = one.was(SwapState::applied);
        const Instant wanted = !applied && one.request ? calendars_.last_touched(*one.request) : Instant();
        const Instant accepted = applied ? one.before->accepted_at.value_or(in_.now) : in_.now;
        return std::tuple(accepted, !applied, wanted, one.before ? one.before->proposed_at : in_.now,
                          one.swap.organizer, swap_id(team_, one.swap), i);
    };
    std::sort(order.begin(), order.end(), [&key](size_t a, size_t b) { return key(a) < key(b); });
    bool progress = true;
    while (progress) {
        progress = false;
        for (const size_t i : order) {
            if (!try_to_apply(cases_[i])) continue;
            applied_.push_back(i);
            progress = true;
            break;
        }
    }
}

// Whether the shift that one of the two would give came to them by a swap that is off.
bool Judge::was_built_on_a_dropped_one(const Case& one) const {
    return std::any_of(cases_.begin(), cases_.end(), [&one](const Case& other) {
        if (&other == &one || !other.was(SwapState::applied) || other.applied_now || other.started)
            return false;
        const Swap& fallen = *other.before;
        const auto came_to = [&fallen](const MemberId& member, const ShiftKey& shift) {
            return (fallen.colleague == member && fallen.shift == shift) ||
                   (fallen.organizer == member && fallen.counter == shift);
        };
        return came_to(one.before->organizer, one.before->shift) ||
               (one.before->colleague && one.before->counter &&
                came_to(*one.before->colleague, *one.before->counter));
    });
}

// What is known of its shifts, now that they are.
void Judge::name_shift(Case& one) {
    if (!one.trade.give) return;
    one.swap.shift = one.trade.give->key;
    one.swap.shift_when = one.trade.give->when;
    if (one.trade.counter) {
        one.swap.counter = one.trade.counter->key;
        one.swap.counter_when = one.trade.counter->when;
    }
}

void Judge::move(Case& one, SwapState state, const SwapObstacle& why) {
    one.swap.state = state;
    one.swap.reason = why.reason;
    one.swap.about = why.reason == SwapReason::none ? std::nullopt : why.about;
    if (state == SwapState::applied) return;
    one.swap.consent = SwapConsent::none;
    one.swap.accepted_at.reset();
}

void Judge::settle(Case& one) {
    if (one.started) return settle_started(one);
    if (one.applied_now) {
        move(one, SwapState::applied);
        one.swap.consent = one.answer.consent;
        const bool same_hands = one.was(SwapState::applied) && one.before->colleague == one.swap.colleague &&
                                one.before->counter == one.swap.counter;
        if (!same_hands) one.swap.accepted_at = in_.now;
        return;
    }
    if (one.consumed || (!one.request && !one.unread)) return settle_gone(one);
    if (!one.request && one.was(SwapState::proposed) && team_.find_member(one.swap.organizer) == nullptr)
        return move(one, SwapState::refused, {SwapReason::unknown_person, one.swap.organizer});
    if (!one.request && !one.was(SwapState::applied)) return;  // unread: stays as it is
    settle_unaccepted(one);
}

void Judge::settle_started(Case& one) {
    if (one.was(SwapState::proposed)) {
        move(one, SwapState::expired);
        return;
    }
    if (!one.was(SwapState::applied) || !one.swap.colleague) return;
    // The part that is still to come goes back where its new holder cannot serve it.
    const auto check = [&](const ShiftKey& key, const std::optional<MemberId>& holder) {
        const auto* held = board_.find(key);
        if (held == nullptr || held->shift.when.start <= in_.now || held->holder != holder) return;
        const SwapObstacle obstacle = board_.may_serve(*holder, held->shift);
        if (obstacle.reason != SwapReason::none) move(one, SwapState::refused, obstacle);
    };
    check(one.swap.shift, one.swap.colleague);
    if (one.swap.counter) check(*one.swap.counter, one.swap.organizer);
}

void Judge::settle_gone(Case& one) {
    if (!one.before || !is_live(one.before->state)) return;
    move(one, SwapState::withdrawn, {SwapReason::event_gone, one.swap.organizer});
}

// The event is there; the yes to it is not, or it does not help.
void Judge::settle_unaccepted(Case& one) {
    const SwapObstacle why = one.obstacle;
    // Whoever wanted an open cover cannot have it; somebody else may.
    if (one.swap.open && one.trade.obstacle.reason == SwapReason::none) {
        one.swap.colleague.reset();
        move(one, SwapState::proposed, why);
        return;
    }
    if (why.reason != SwapReason::none) {
        // Also of what is not told: its event may be one of another that has the same name then.
        if (!one.trade.give && !one.before) {
            one.swap.shift = board_.nearest_key(*one.request);
            one.swap.shift_when = {};
        }
        const bool lost_shift =
            why.reason == SwapReason::not_your_shift || why.reason == SwapReason::not_theirs;
        if (!one.before && lost_shift && one.request->event->recurrence_id != "") {
            one.half = true;  // of a series only the days count on which there is something to give
            return;
        }
        if (!one.before && why.reason == SwapReason::not_your_shift && !one.request->invites &&
            one.request->colleague) {
            const auto* event = one.request->event;
            for (const Assignment& planned : in_.plan->assignments) {
                const bool theirs = board_.holds(*one.request->colleague, planned.shift.key);
                if (theirs && lies_on(*event, planned.shift)) one.half = true;
            }
            if (one.half) return;
        }
        if (one.was(SwapState::applied) && lost_shift && was_built_on_a_dropped_one(one)) {
            move(one, SwapState::withdrawn, {SwapReason::built_on, why.about});
            return;
        }
        const bool still = one.before && one.before->state == SwapState::withdrawn &&
                           one.before->reason == SwapReason::built_on && lost_shift;
        if (still) return;
        move(one, SwapState::refused, why);
        return;
    }
    if (one.answer.declined) {
        move(one, SwapState::withdrawn, {SwapReason::declined, one.swap.colleague});
        return;
    }
    // A new event for the same waits for an answer of its own; nobody took theirs back.
    const bool anew = one.asks_anew() && !outlasts_silence(one);
    if (one.was(SwapState::applied) && !anew) {
        move(one, SwapState::withdrawn, {SwapReason::consent_gone, one.swap.colleague});
        return;
    }
    const bool still = !anew && one.before && one.before->state == SwapState::withdrawn &&
                       one.before->reason == SwapReason::consent_gone;
    if (still) return;
    move(one, SwapState::proposed);
}

std::optional<Override> Judge::override_by_hand(const ShiftKey& shift) {
    for (Case& one : cases_) {
        if (one.applied_now) continue;
        const auto found = std::find_if(one.swap.replaced.begin(), one.swap.replaced.end(),
                                        [&shift](const Override& fixed) { return fixed.shift == shift; });
        if (found == one.swap.replaced.end()) continue;
        Override fixed = *found;
        one.swap.replaced.erase(found);
        return fixed;
    }
    return std::nullopt;
}

std::vector<SwapDecision::OverrideChange> Judge::override_changes() {
    std::map<ShiftKey, Override> current;
    for (const Override& fixed : in_.overrides) current.insert_or_assign(fixed.shift, fixed);
    std::map<ShiftKey, std::pair<Override, Case*>> wanted;
    const auto want = [&](Case& one, const ShiftKey& key, const MemberId& member, const MemberId& from) {
        const std::string word = one.swap.kind == SwapKind::swap ? "swap with " : "cover for ";
        wanted.insert_or_assign(key, std::pair(Override{key, member, word + say_member(team_, from),
                                                        swap_author(one.swap.id), *one.swap.accepted_at},
                                               &one));
    };
    const auto want_both = [&](Case& one) {
        one.swap.id = id_of(one);
        want(one, one.swap.shift, *one.swap.colleague, one.swap.organizer);
        if (one.swap.counter) want(one, *one.swap.counter, one.swap.organizer, *one.swap.colleague);
    };
    for (Case& one : cases_)
        if (one.started && one.swap.state == SwapState::applied && one.swap.colleague) want_both(one);
    for (const size_t i : applied_) want_both(cases_[i]);

    std::vector<SwapDecision::OverrideChange> changes;
    for (auto& [key, entry] : wanted) {
        auto& [fixed, one] = entry;
        if (board_.has_started(key)) continue;
        const auto standing = current.find(key);
        const bool by_hand = standing != current.end() && swap_of_author(standing->second.by).empty();
        // A frozen trade does not come before what people decided by hand since.
        if (one->started && (by_hand || standing == current.end())) continue;
        if (standing != current.end() && standing->second == fixed) continue;
        if (by_hand) one->swap.replaced.push_back(standing->second);
        changes.push_back(
            {key, standing == current.end() ? std::nullopt : std::optional(standing->second), fixed});
    }
    for (const auto& [key, fixed] : current) {
        if (swap_of_author(fixed.by).empty() || wanted.contains(key)) continue;
        const SwapBoard::Held* held = board_.find(key);
        if (held == nullptr || held->shift.when.start <= in_.now) continue;
        changes.push_back({key, fixed, override_by_hand(key)});
    }
    std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.shift < b.shift; });
    return changes;
}

void Judge::add_update(SwapJudgement& judgement, Case& one) {
    Swap& swap = one.swap;
    for (const MemberId& late : one.latecomers) {
        auto& known = swap.turned_away;
        if (std::find(known.begin(), known.end(), late) == known.end()) known.push_back(late);
    }
    if (one.before && *one.before == swap) {
        judgement.swaps.push_back(swap);
        return;
    }
    SwapUpdate update{one.before, swap, {}, {}};
    const bool moved = !one.before || one.before->state != swap.state || one.before->reason != swap.reason ||
                       one.before->colleague != swap.colleague || one.before->counter != swap.counter;
    if (moved) {
        swap.changed_at = in_.now;
        update.swap = swap;
        const auto step = [&](SwapState state) {
            Swap then = swap;
            then.state = state;
            update.steps.push_back({in_.now, state, state == swap.state ? swap.reason : SwapReason::none,
                                    say_trade(team_, then) + ": " + say_swap_state(team_, then) + "."});
        };
        if (one.was(SwapState::applied) && swap.state == SwapState::proposed && one.asks_anew()) {
            Swap gone = swap;
            gone.state = SwapState::withdrawn;
            gone.reason = SwapReason::event_gone;
            update.steps.push_back({in_.now, gone.state, gone.reason,
                                    say_trade(team_, gone) + ": " + say_swap_state(team_, gone) + "."});
        }
        if (!one.before && swap.state == SwapState::applied) step(SwapState::proposed);
        if (swap.state == SwapState::applied) step(SwapState::accepted);
        step(swap.state);
        // What was over before anybody was told of it is no news.
        const bool is_over = !one.before && one.request && one.request->event->when.end <= in_.now;
        if (!is_over && !one.consumed) {
            update.tell.push_back(swap.organizer);
            if (swap.colleague) update.tell.push_back(*swap.colleague);
            if (one.before && one.before->colleague && one.before->colleague != swap.colleague)
                update.tell.push_back(*one.before->colleague);
            if (swap.about && *swap.about != swap.organizer && swap.about != swap.colleague)
                update.tell.push_back(*swap.about);
        }
    }
    for (const MemberId& late : swap.turned_away) {
        const bool told =
            one.before && std::find(one.before->turned_away.begin(), one.before->turned_away.end(), late) !=
                              one.before->turned_away.end();
        if (told) continue;
        update.tell.push_back(late);
        update.steps.push_back(
            {in_.now, swap.state, swap.reason, say_member(team_, late) + " wanted it too, and came later."});
    }
    judgement.swaps.push_back(swap);
    judgement.updates.push_back(std::move(update));
}

void Judge::note_events(Case& one) const {
    if (one.unread) return;
    std::vector<const SwapEvent*> present;
    if (one.request) present.push_back(one.request->event);
    for (const SwapRequest& request : one.requests) present.push_back(request.event);
    std::vector<SwapEventRecord> elsewhere;
    for (const Swap& swap : in_.known) {
        if (swap.organizer != one.swap.organizer || (one.before && swap.id == one.before->id)) continue;
        elsewhere.insert(elsewhere.end(), swap.events.begin(), swap.events.end());
    }
    const bool asks_otherwise = one.before && one.before->counter && one.swap.counter != one.before->counter;
    one.swap.events = next_records(one.swap.events, present, elsewhere, asks_otherwise);
}

void Judge::note_asks(SwapJudgement& judgement, const std::vector<SwapRequest>& requests) const {
    const auto has = [](const std::vector<SwapAsk>& asks, const SwapAsk& ask) {
        return std::find(asks.begin(), asks.end(), ask) != asks.end();
    };
    for (const SwapRequest& request : requests) {
        const SwapAsk ask{request.organizer, request.event->uid, request.colleague};
        if (!ask.uid.empty() && !has(in_.asks, ask) && !has(judgement.asks, ask))
            judgement.asks.push_back(ask);
    }
}

SwapJudgement Judge::conclude() {
    SwapJudgement judgement;
    for (Case& one : cases_)
        if (!one.before) one.swap.id = swap_id(team_, one.swap);
    judgement.overrides = override_changes();
    // Of two that would be the same one, the one that is known or in effect.
    std::map<std::string, Case*> told;
    for (const bool first : {true, false}) {
        for (Case& one : cases_) {
            if (!one.before && (one.half || one.consumed)) {
                if (first) note_asks(judgement, one.requests);
                continue;
            }
            if ((one.before || one.applied_now) == first) told.emplace(one.swap.id, &one);
        }
    }
    for (const Case& one : cases_) {
        const auto same = told.find(one.swap.id);
        if (same == told.end() || same->second == &one) continue;
        auto& requests = same->second->requests;
        requests.insert(requests.end(), one.requests.begin(), one.requests.end());
    }
    for (auto& [id, one] : told) {
        note_events(*one);
        add_update(judgement, *one);
    }
    const auto by_date = [](const Swap& a, const Swap& b) {
        return std::tie(a.shift.date, a.id) < std::tie(b.shift.date, b.id);
    };
    std::sort(judgement.swaps.begin(), judgement.swaps.end(), by_date);
    std::sort(judgement.updates.begin(), judgement.updates.end(),
              [&](const SwapUpdate& a, const SwapUpdate& b) { return by_date(a.swap, b.swap); });
    return judgement;
}

}  // namespace

SwapJudgement judge_swaps(const SwapInput& input) {
    assert(input.team != nullptr && input.plan != nullptr && input.calendars != nullptr);
    return Judge(input).judge();
}

std::string swap_id(const Team& team, const Swap& swap) {
    const std::string colleague = swap.open ? "*" : swap.colleague ? swap.colleague->email() : "";
    const std::string text = team.name + '\n' + std::string(swap_kind_name(swap.kind)) + '\n' +
                             swap.organizer.email() + '\n' + colleague;
    return format_day(swap.shift.date) + '.' + swap.shift.rotation + '.' + hash_of(text);
}

std::string swap_author(const std::string& id) { return std::string(author_prefix) + id; }

std::string_view swap_of_author(std::string_view by) {
    return by.starts_with(author_prefix) ? by.substr(author_prefix.size()) : std::string_view();
}

std::vector<Override> with_changes(std::vector<Override> overrides,
                                   const std::vector<SwapDecision::OverrideChange>& changes) {
    for (const auto& change : changes) {
        std::erase_if(overrides, [&change](const Override& fixed) { return fixed.shift == change.shift; });
        if (change.after) overrides.push_back(*change.after);
    }
    std::sort(overrides.begin(), overrides.end(), [](const Override& a, const Override& b) {
        return std::tie(a.shift.date, a.shift.rotation) < std::tie(b.shift.date, b.shift.rotation);
    });
    return overrides;
}

}  // namespace watchbill
