#include "rotation/rotation_plan.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "rotation/reasons.h"
#include "rotation/shifts.h"
#include "time/zone.h"

namespace watchbill {

namespace {

Reason reason_for(ReasonCode code, const MemberId& member) {
    Reason reason;
    reason.code = code;
    reason.member = member;
    return reason;
}

std::optional<MemberId> replaced_in(const Assignment& assignment) {
    const Reason* replaced = find_reason(assignment, ReasonCode::replaced);
    return replaced != nullptr ? std::optional(replaced->member) : std::nullopt;
}

const Reason* unavailability(const Candidates& candidates, const MemberId& member, ReasonCode code) {
    const auto& reasons = candidates.unavailable;
    const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& reason) {
        return reason.member == member && reason.code == code;
    });
    return found == reasons.end() ? nullptr : &*found;
}

Reason why_not(const Candidates& candidates, const MemberId& member) {
    for (const ReasonCode code : {ReasonCode::absent, ReasonCode::resting}) {
        if (const Reason* reason = unavailability(candidates, member, code)) return *reason;
    }
    return reason_for(ReasonCode::not_their_turn, member);
}

Assignment with_a_reason(Assignment assignment) {
    if (assignment.reasons.empty()) {
        assignment.reasons.push_back(assignment.member
                                         ? reason_for(ReasonCode::in_the_past, *assignment.member)
                                         : reason_for(ReasonCode::uncovered, MemberId()));
    }
    return assignment;
}

// Who held the shift by plan when it was published: where people's override took it from somebody, they. By
// an override (of a second swap, say) it may also have come back to whom the plan had.
std::optional<MemberId> held_by_plan(const Assignment* published) {
    if (published == nullptr) return std::nullopt;
    const auto taken_from = published->overridden ? replaced_in(*published) : std::nullopt;
    return taken_from ? taken_from : published->member;
}

// A kept day keeps its reason too: what subscribers read must not change because a plan was made again.
Reason holders_reason(const Candidates& candidates, const Assignment* published, bool fixed_by_people,
                      const std::optional<MemberId>& holder) {
    if (!holder) return reason_for(ReasonCode::uncovered, MemberId());
    if (fixed_by_people) return reason_for(ReasonCode::override_set, *holder);
    if (const Reason* resting = unavailability(candidates, *holder, ReasonCode::resting)) {
        Reason reason = *resting;
        reason.code = ReasonCode::rest_broken;
        return reason;
    }
    if (candidates.eligible.size() == 1) return reason_for(ReasonCode::only_candidate, *holder);
    const bool kept = published != nullptr && published->member == holder && !published->overridden;
    const bool by_turn =
        kept && !published->reasons.empty() && published->reasons.front().code == ReasonCode::next_turn;
    return reason_for(kept && !by_turn ? ReasonCode::kept_published : ReasonCode::next_turn, *holder);
}

double balance_in(const Tally& tally, const MemberId& member) {
    const auto known = tally.find(member);
    return known == tally.end() ? 0.0 : known->second.balance();
}

// What was earned and served before a shift: of all, and of each class by itself.
struct RunningTallies {
    Tally whole;
    std::map<FairClass, Tally> classes;

    void count(const Rotation& rotation, const Assignment& assignment) {
        count_shift(whole, assignment);
        if (const auto fair = class_of(rotation, assignment.shift, assignment.holiday))
            count_shift(classes[*fair], assignment);
    }
};

// Shares are told as they stand before the shift: those of everybody who could serve it.
void tell_balances(const Rotation& rotation, Assignment& assignment, RunningTallies& tallies) {
    const auto fair = class_of(rotation, assignment.shift, assignment.holiday);
    for (Reason& reason : assignment.reasons) {
        const bool could_serve = std::any_of(assignment.candidates.begin(), assignment.candidates.end(),
                                             [&](const Candidate& c) { return c.member == reason.member; });
        const bool about_before =
            reason.code == ReasonCode::replaced || reason.code == ReasonCode::override_ended;
        if (!could_serve || about_before) continue;
        reason.balance = balance_in(tallies.whole, reason.member);
        if (!fair) continue;
        reason.fair_class = fair_class_name(*fair);
        reason.class_balance = balance_in(tallies.classes[*fair], reason.member);
    }
}

}  // namespace

RotationPlan::RotationPlan(const PlanRequest& request, const Rotation& rotation,
                           const PublishedByKey& published)
    : request_(request), team_(*request.team), rotation_(rotation) {
    collect_history(published);
    collect_shifts(published);
    collect_people();
}

std::vector<Assignment> RotationPlan::choose(const Planner& planner) const {
    const Choice choice = planner.choose(planner_input());
    assert(choice.size() == shifts_.size() && "a choice has one entry a day");
    std::vector<Assignment> assignments = history_;
    RunningTallies tallies{tally_, {}};
    for (const auto& [fair, history] : class_history_) tallies.classes.emplace(fair, history.by_shift());
    for (std::size_t i = 0; i < shifts_.size(); ++i) {
        const auto holder = choice[i] ? std::optional(people_[*choice[i]]) : std::nullopt;
        assignments.push_back(assignment(shifts_[i], holder));
        tell_balances(rotation_, assignments.back(), tallies);
        tallies.count(rotation_, assignments.back());
    }
    return assignments;
}

// Started shifts stay as they were published, but for those that changed hands while they ran. A day that the
// configuration has since taken out of the rotation still happened.
void RotationPlan::collect_history(const PublishedByKey& published) {
    for (auto row = published.lower_bound({rotation_.name, Day::min()});
         row != published.end() && row->first.rotation == rotation_.name; ++row) {
        const Assignment& assignment = *row->second;
        if (assignment.shift.when.start > request_.now) continue;
        const Override* fixed = override_of(row->first);
        const bool changed_hands = fixed != nullptr && assignment.shift.when.contains(fixed->at) &&
                                   team_.find_member(fixed->member) != nullptr &&
                                   assignment.member != known_as(fixed->member);
        Assignment served = changed_hands ? handed_over(assignment, *fixed) : with_a_reason(assignment);
        Assignment counted = served;
        if (counted.member) counted.member = known_as(*counted.member);
        for (Candidate& candidate : counted.candidates) candidate.member = known_as(candidate.member);
        count_shift(tally_, counted);
        if (const auto fair = class_of(rotation_, counted.shift, counted.holiday))
            class_history_.try_emplace(*fair, rotation_, *fair).first->second.add(counted);
        if (counted.member && rotation_.is_on_roster(*counted.member)) last_ = counted.member;
        if (changed_hands || request_.days.contains(row->first.date)) history_.push_back(std::move(served));
    }
}

void RotationPlan::collect_shifts(const PublishedByKey& published) {
    for (Shift& shift : shifts_of(rotation_, request_.days)) {
        const auto row = published.find(shift.key);
        const Assignment* seen = row == published.end() ? nullptr : row->second;
        if (seen != nullptr && seen->shift.when.start <= request_.now) continue;
        ShiftPlan plan;
        plan.candidates = candidates_for(team_, rotation_, shift, request_.availability);
        plan.holiday = touches_holiday(shift);
        plan.fixed = override_of(shift.key);
        if (plan.fixed != nullptr) plan.fixed_member = known_as(plan.fixed->member);
        plan.published = seen == nullptr ? nullptr : as_known_today(*seen);
        plan.shift = std::move(shift);
        shifts_.push_back(std::move(plan));
    }
}

// That people had fixed the shift to somebody who cannot serve it. It stays told for as long as it is held by
// plan, or by anybody else.
std::optional<Reason> RotationPlan::ended_override_of(const ShiftPlan& plan,
                                                      const std::optional<MemberId>& holder) const {
    std::optional<Reason> why;
    const auto ended =
        std::find_if(request_.ended.begin(), request_.ended.end(),
                     [&plan](const EndedOverride& one) { return one.fixed.shift == plan.shift.key; });
    if (ended != request_.ended.end()) {
        why = ended->why;
    } else if (plan.published != nullptr) {
        const Reason* told = find_reason(*plan.published, ReasonCode::override_ended);
        if (told != nullptr) why = *told;
    }
    if (!why || plan.fixed != nullptr || why->member == holder) return std::nullopt;
    return why;
}

// The last one counts where several name the same shift.
const Override* RotationPlan::override_of(const ShiftKey& key) const {
    const auto found = std::find_if(request_.overrides.rbegin(), request_.overrides.rend(),
                                    [&key](const Override& fixed) { return fixed.shift == key; });
    return found == request_.overrides.rend() ? nullptr : &*found;
}

// Shifts of somebody whose address is another one now are still theirs.
const Assignment* RotationPlan::as_known_today(const Assignment& published) {
    const auto is_renamed = [this](const MemberId& member) { return known_as(member) != member; };
    const bool renamed = (published.member && is_renamed(*published.member)) ||
                         std::any_of(published.reasons.begin(), published.reasons.end(),
                                     [&](const Reason& reason) { return is_renamed(reason.member); });
    if (!renamed) return &published;
    Assignment& today = renamed_.emplace_back(published);
    if (today.member) today.member = known_as(*today.member);
    for (Reason& reason : today.reasons) reason.member = known_as(reason.member);
    return &today;
}

MemberId RotationPlan::known_as(const MemberId& member) const {
    const Member* known = team_.find_member(member);
    return known != nullptr ? known->id : member;
}

// Roster members first, in roster order: the planner's indices. Then others who cover a shift.
void RotationPlan::collect_people() {
    people_ = rotation_.members;
    std::set<MemberId> guests;
    for (const ShiftPlan& plan : shifts_) {
        if (plan.fixed_member && !rotation_.is_on_roster(*plan.fixed_member))
            guests.insert(*plan.fixed_member);
    }
    people_.insert(people_.end(), guests.begin(), guests.end());
}

std::optional<std::size_t> RotationPlan::index_of(const std::optional<MemberId>& member) const {
    if (!member) return std::nullopt;
    const auto found = std::find(people_.begin(), people_.end(), *member);
    if (found == people_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - people_.begin());
}

int RotationPlan::weight_of(const MemberId& member) const {
    const Member* known = team_.find_member(member);
    return known != nullptr ? known->weight : Member().weight;
}

PlannerInput RotationPlan::planner_input() const {
    PlannerInput input;
    input.last = index_of(last_);
    for (const MemberId& id : people_) {
        PlannerMember& planned = input.members.emplace_back();
        planned.weight = weight_of(id);
        const auto tally = tally_.find(id);
        if (tally == tally_.end()) continue;
        planned.earned = tally->second.shares();
        planned.served = tally->second.served;
    }
    const Day today = Zone::get(rotation_.zone).day_of(request_.now);
    const Day notice_end = today + std::chrono::days(team_.notice_days);
    for (const ShiftPlan& plan : shifts_) {
        PlannerDay& day = input.days.emplace_back();
        day.in_notice = plan.shift.key.date < notice_end;
        day.fixed = index_of(plan.fixed_member);
        day.published = index_of(held_by_plan(plan.published));
        for (const Candidate& candidate : earners(plan, plan.fixed_member))
            day.candidates.push_back(*index_of(candidate.member));
        std::sort(day.candidates.begin(), day.candidates.end());
    }
    add_classes(input);
    return input;
}

void RotationPlan::add_classes(PlannerInput& input) const {
    std::map<FairClass, std::size_t> indices;
    for (std::size_t i = 0; i < shifts_.size(); ++i) {
        const Shift& shift = shifts_[i].shift;
        const auto fair = class_of(rotation_, shift, shifts_[i].holiday);
        if (!fair) continue;
        const Day block = block_of(rotation_, *fair, shift.key.date);
        const auto [index, is_new] = indices.try_emplace(*fair, input.classes.size());
        input.days[i].fair_class = DayClass{index->second, block.time_since_epoch().count()};
        if (!is_new) continue;
        PlannerClass& planned = input.classes.emplace_back();
        planned.together = keeps_together(rotation_, *fair);
        const auto history = class_history_.find(*fair);
        if (history == class_history_.end()) continue;
        const Tally totals = history->second.by_block();
        planned.last = index_of(history->second.last());
        planned.carried.resize(people_.size());
        for (std::size_t person = 0; person < people_.size(); ++person) {
            const auto tally = totals.find(people_[person]);
            if (tally != totals.end())
                planned.carried[person] = {tally->second.shares(), tally->second.served};
        }
    }
}

// Who earns a share of the shift. A guest's service is no news to the roster's fairness, and neither is that
// of somebody whom people put where nobody else was: they earn what they serve.
std::vector<Candidate> RotationPlan::earners(const ShiftPlan& plan,
                                             const std::optional<MemberId>& holder) const {
    const auto& eligible = plan.candidates.eligible;
    if (holder && (eligible.empty() || !rotation_.is_on_roster(*holder)))
        return {{*holder, weight_of(*holder)}};
    std::vector<Candidate> earners;
    earners.reserve(eligible.size());
    for (const MemberId& member : eligible) earners.push_back({member, weight_of(member)});
    return earners;
}

Assignment RotationPlan::assignment(const ShiftPlan& plan, const std::optional<MemberId>& holder) const {
    const Candidates& candidates = plan.candidates;
    Assignment assignment;
    assignment.shift = plan.shift;
    assignment.member = holder;
    assignment.overridden = plan.fixed != nullptr;
    assignment.rest_broken = holder && unavailability(candidates, *holder, ReasonCode::resting) != nullptr;
    assignment.on_holiday = holder && is_on_holiday(*holder, plan.shift);
    assignment.holiday = plan.holiday;
    assignment.candidates = earners(plan, holder);
    assignment.reasons.push_back(holders_reason(candidates, plan.published, assignment.overridden, holder));
    if (holder && plan.fixed != nullptr) add_what_was_forced(assignment);
    for (const MemberId& member : rotation_.members) {
        if (member != holder) assignment.reasons.push_back(why_not(candidates, member));
    }
    if (const auto replaced = replaced_by(plan, holder))
        assignment.reasons.push_back(reason_for(ReasonCode::replaced, *replaced));
    if (auto ended = ended_override_of(plan, holder)) assignment.reasons.push_back(std::move(*ended));
    return assignment;
}

// Why the holder should not serve: people fixed the shift to them all the same.
void RotationPlan::add_what_was_forced(Assignment& assignment) const {
    const auto why = why_not_serve(team_, assignment.shift, *assignment.member, request_.availability);
    if (!why) return;
    assignment.rest_broken = why->code == ReasonCode::resting;
    assignment.reasons.push_back(*why);
}

// A running shift that people gave to somebody else: whoever has it now counts as having served it.
Assignment RotationPlan::handed_over(const Assignment& running, const Override& fixed) const {
    const MemberId holder = known_as(fixed.member);
    const std::optional<MemberId> by_plan = running.overridden ? replaced_in(running) : running.member;
    Assignment given = running;
    given.member = holder;
    given.overridden = true;
    given.rest_broken = false;
    given.on_holiday = is_on_holiday(holder, running.shift);
    if (given.candidates.empty() || !rotation_.is_on_roster(holder))
        given.candidates = {{holder, weight_of(holder)}};
    given.reasons = {reason_for(ReasonCode::override_set, holder)};
    if (fixed.forced) add_what_was_forced(given);
    const Candidates candidates = candidates_for(team_, rotation_, running.shift, request_.availability);
    for (const MemberId& member : rotation_.members) {
        if (member != holder) given.reasons.push_back(why_not(candidates, member));
    }
    if (by_plan && by_plan != holder) given.reasons.push_back(reason_for(ReasonCode::replaced, *by_plan));
    return given;
}

// Whom the holder stands in for: the one who became unavailable, or from whom people took the shift. It
// stays on the shift for as long as the same holder does, so that a withdrawn override can go back.
std::optional<MemberId> RotationPlan::replaced_by(const ShiftPlan& plan,
                                                  const std::optional<MemberId>& holder) const {
    const auto before = held_by_plan(plan.published);
    if (!holder || !before || team_.find_member(*before) == nullptr) return std::nullopt;
    if (before == holder) return plan.published->overridden ? std::nullopt : replaced_in(*plan.published);
    const auto& eligible = plan.candidates.eligible;
    const bool can_serve = std::find(eligible.begin(), eligible.end(), *before) != eligible.end();
    const bool moved_by_planner = can_serve && plan.fixed == nullptr;
    return moved_by_planner ? std::nullopt : before;
}

bool RotationPlan::touches_holiday(const Shift& shift) const {
    return std::any_of(rotation_.members.begin(), rotation_.members.end(),
                       [&](const MemberId& member) { return is_on_holiday(member, shift); });
}

bool RotationPlan::is_on_holiday(const MemberId& member, const Shift& shift) const {
    const auto known = request_.availability.find(member);
    if (known == request_.availability.end()) return false;
    const auto& absences = known->second.absences;
    return std::any_of(absences.begin(), absences.end(), [&shift](const Absence& absence) {
        return absence.kind == AbsenceKind::holiday && absence.when.overlaps(shift.when);
    });
}

}  // namespace watchbill
