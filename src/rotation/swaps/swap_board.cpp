#include "rotation/swaps/swap_board.h"

#include <algorithm>

#include "rotation/availability/candidates.h"
#include "texts/phrases.h"

namespace watchbill {

namespace {

Duration gap_between(const Interval& a, const Interval& b) {
    if (a.overlaps(b)) return Duration(0);
    return a.end <= b.start ? b.start - a.end : a.start - b.end;
}

}  // namespace

SwapBoard::SwapBoard(const Team& team, const Plan& plan, const TeamAvailability& availability, Instant now)
    : team_(team), availability_(availability), now_(now), planned_until_(now) {
    for (const Assignment& assignment : plan.assignments) {
        held_.insert_or_assign(assignment.shift.key, Held{assignment.shift, assignment.member});
        planned_until_ = std::max(planned_until_, assignment.shift.when.end);
    }
}

const SwapBoard::Held* SwapBoard::find(const ShiftKey& key) const {
    const auto found = held_.find(key);
    return found == held_.end() ? nullptr : &found->second;
}

bool SwapBoard::holds(const MemberId& member, const ShiftKey& key) const {
    const Held* held = find(key);
    return held != nullptr && held->holder == member;
}

bool SwapBoard::has_started(const ShiftKey& key) const {
    const Held* held = find(key);
    return held != nullptr && held->shift.when.start <= now_;
}

void SwapBoard::give(const ShiftKey& key, const MemberId& member) {
    if (const auto found = held_.find(key); found != held_.end()) found->second.holder = member;
}

// By start.
std::vector<const SwapBoard::Held*> SwapBoard::held_by(const MemberId& member) const {
    std::vector<const Held*> theirs;
    for (const auto& [key, held] : held_)
        if (held.holder == member) theirs.push_back(&held);
    std::stable_sort(theirs.begin(), theirs.end(),
                     [](const Held* a, const Held* b) { return a->shift.when < b->shift.when; });
    return theirs;
}

ShiftKey SwapBoard::nearest_key(const SwapRequest& request) const {
    const Rotation* rotation = &team_.rotations.front();
    for (const Rotation& candidate : team_.rotations) {
        if (!candidate.is_on_roster(request.organizer)) continue;
        rotation = &candidate;
        break;
    }
    const SwapEvent& event = *request.event;
    return {rotation->name,
            event.all_day ? event.all_day->first : Zone::get(rotation->zone).day_of(event.when.start)};
}

SwapObstacle SwapBoard::find_give(const SwapRequest& request, const std::optional<ShiftKey>& pinned,
                                  std::optional<Shift>& give) const {
    if (pinned) {
        const Held* held = find(*pinned);
        if (held == nullptr || held->holder != request.organizer)
            return {SwapReason::not_your_shift, request.organizer};
        give = held->shift;
        return {};
    }
    std::vector<const Held*> fitting;
    for (const Held* held : held_by(request.organizer))
        if (lies_on(*request.event, held->shift)) fitting.push_back(held);
    if (fitting.empty()) {
        const Interval when = request.event->when;
        const SwapReason reason = when.end <= now_               ? SwapReason::too_late
                                  : when.start >= planned_until_ ? SwapReason::too_far
                                                                 : SwapReason::not_your_shift;
        return {reason, request.organizer};
    }
    const auto started = [this](const Held* held) { return held->shift.when.start <= now_; };
    if (fitting.size() > 1 && !std::all_of(fitting.begin(), fitting.end(), started))
        std::erase_if(fitting, started);
    if (fitting.size() > 1) return {SwapReason::ambiguous_shift, request.organizer};
    give = fitting.front()->shift;
    return {};
}

// The date in the title that says which shift is wanted in exchange. The organiser's own date says nothing
// new. `wrong`: a date that does not exist, or one too many.
std::optional<Day> SwapBoard::counter_date(const SwapRequest& request, const Shift& give, bool& wrong) const {
    std::vector<Day> others;
    for (const TitleDate& date : request.event->dates.dates) {
        const auto day = day_of_title_date(date, give.key.date);
        if (!day) wrong = true;
        if (day && day != give.key.date) others.push_back(*day);
    }
    if (others.size() > 1) wrong = true;
    // With two different dates one must be the organiser's own.
    if (request.event->dates.dates.size() > 1 && others.size() != 1) wrong = true;
    return others.empty() ? std::nullopt : std::optional(others.front());
}

SwapObstacle SwapBoard::find_counter(const SwapRequest& request, const MemberId& colleague,
                                     const std::optional<ShiftKey>& pinned, ResolvedSwap& trade) const {
    const ShiftKey own = trade.give->key;
    std::vector<const Held*> theirs = held_by(colleague);
    std::erase_if(theirs, [&own](const Held* held) { return held->shift.key == own; });
    const auto in_same_rotation = [&own](const Held* held) {
        return held->shift.key.rotation == own.rotation;
    };

    bool wrong = false;
    if (const auto date = counter_date(request, *trade.give, wrong); date && !wrong) {
        trade.counter_dated = true;
        const auto of_date = [&date](const Held* held) { return held->shift.key.date == *date; };
        std::erase_if(theirs, [&](const Held* held) { return !of_date(held); });
        // In the organiser's own rotation before any other.
        if (std::any_of(theirs.begin(), theirs.end(), in_same_rotation))
            std::erase_if(theirs, [&](const Held* held) { return !in_same_rotation(held); });
        if (theirs.size() > 1) return {SwapReason::ambiguous_shift, colleague};
        if (theirs.empty()) {
            const Zone zone = zone_of_rotation(team_, own.rotation);
            if (*date < zone.day_of(now_)) return {SwapReason::too_late, colleague};
            return {*date > zone.day_of(planned_until_) ? SwapReason::too_far : SwapReason::not_theirs,
                    colleague};
        }
        trade.counter = theirs.front()->shift;
        return {};
    }
    if (wrong) return {SwapReason::ambiguous_date, request.organizer};
    if (pinned) {
        const Held* held = find(*pinned);
        if (held == nullptr || held->holder != colleague) return {SwapReason::not_theirs, colleague};
        trade.counter = held->shift;
        return {};
    }
    std::erase_if(theirs, [&](const Held* held) { return held->shift.when.start <= trade.give->when.start; });
    if (theirs.empty()) return {SwapReason::no_shift_to_give, colleague};
    const auto same = std::find_if(theirs.begin(), theirs.end(), in_same_rotation);
    trade.counter = (same == theirs.end() ? theirs.front() : *same)->shift;
    return {};
}

ResolvedSwap SwapBoard::resolve(const SwapRequest& request, const std::optional<MemberId>& colleague,
                                const Pinned& pinned) const {
    ResolvedSwap trade;
    trade.obstacle = find_give(request, pinned.give, trade.give);
    if (trade.obstacle.reason != SwapReason::none) return trade;
    if (request.problem != SwapReason::none) {
        trade.obstacle = {request.problem, request.organizer};
    } else if (request.event->kind == SwapKind::swap && colleague) {
        trade.obstacle = find_counter(request, *colleague, pinned.counter, trade);
    } else if (request.event->kind == SwapKind::cover) {
        bool wrong = false;
        // A cover's title can only say the day that the event is on.
        if (counter_date(request, *trade.give, wrong) || wrong)
            trade.obstacle = {SwapReason::ambiguous_date, request.organizer};
    }
    if (trade.obstacle.reason != SwapReason::none) return trade;
    const bool counter_started = trade.counter && trade.counter->when.start <= now_;
    if (trade.give->when.start <= now_ || counter_started)
        trade.obstacle = {SwapReason::too_late, counter_started ? colleague : request.organizer};
    return trade;
}

SwapObstacle SwapBoard::may_serve(const MemberId& member, const Shift& shift) const {
    const Member* known = team_.find_member(member);
    const Rotation* rotation = team_.find_rotation(shift.key.rotation);
    if (known == nullptr || rotation == nullptr) return {SwapReason::unknown_person, member};
    Rotation only = *rotation;
    only.members = {known->id};
    const Candidates candidates = candidates_for(team_, only, shift, availability_);
    if (candidates.unavailable.empty()) return {};
    const bool absent = candidates.unavailable.front().code == ReasonCode::absent;
    return {absent ? SwapReason::absent : SwapReason::resting, member};
}

// `released` is what they give in exchange. Shifts on consecutive days are as usual; a neighbour is a shift
// with less than the rest between the two, wherever it is served. That is right when they were asked for this
// very shift and said yes.
SwapObstacle SwapBoard::may_take(const MemberId& member, const Shift& shift, const Shift* released,
                                 bool asked_for) const {
    if (const SwapObstacle obstacle = may_serve(member, shift); obstacle.reason != SwapReason::none)
        return obstacle;
    if (asked_for) return {};
    for (const Held* other : held_by(member)) {
        if (other->shift.key == shift.key || (released != nullptr && other->shift.key == released->key))
            continue;
        if (gap_between(other->shift.when, shift.when) >= team_.rest) continue;
        return {SwapReason::neighbour, member};
    }
    return {};
}

SwapObstacle SwapBoard::validate(const ResolvedSwap& trade, const MemberId& organizer,
                                 const MemberId& colleague, bool stands) const {
    // Nobody who left the team is party to a swap.
    if (team_.find_member(organizer) == nullptr) return {SwapReason::unknown_person, organizer};
    if (stands) {
        if (const auto obstacle = may_serve(colleague, *trade.give); obstacle.reason != SwapReason::none)
            return obstacle;
        return trade.counter ? may_serve(organizer, *trade.counter) : SwapObstacle{};
    }
    const Shift* counter = trade.counter ? &*trade.counter : nullptr;
    if (const auto obstacle = may_take(colleague, *trade.give, counter, true);
        obstacle.reason != SwapReason::none)
        return obstacle;
    return counter == nullptr ? SwapObstacle{}
                              : may_take(organizer, *counter, &*trade.give, trade.counter_dated);
}

}  // namespace watchbill
