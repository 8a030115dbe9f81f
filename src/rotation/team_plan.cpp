#include "rotation/team_plan.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <set>

#include "rotation/candidates.h"
#include "rotation/shifts.h"
#include "time/zone.h"

namespace watchbill {

namespace {

using PublishedByKey = std::map<ShiftKey, const Assignment*>;

PublishedByKey by_key(const std::vector<Assignment>& assignments) {
    PublishedByKey by_key;
    for (const Assignment& assignment : assignments) by_key[assignment.shift.key] = &assignment;
    return by_key;
}

const Reason* find_reason(const Assignment& assignment, ReasonCode code) {
    const auto found = std::find_if(assignment.reasons.begin(), assignment.reasons.end(),
                                    [code](const Reason& reason) { return reason.code == code; });
    return found == assignment.reasons.end() ? nullptr : &*found;
}

Reason reason_for(ReasonCode code, const MemberId& member) {
    Reason reason;
    reason.code = code;
    reason.member = member;
    return reason;
}

// What is known of one shift before and after the planner's choice.
struct ShiftPlan {
    Shift shift;
    const Assignment* published = nullptr;  // what subscribers see, if anything
    bool is_history = false;                // `published` has started: it stays as it is, overrides or not
    Candidates candidates;
    std::optional<MemberId> fixed_by_people;
};

// The planning of one rotation; the others do not enter into it.
class RotationPlan {
public:
    RotationPlan(const PlanRequest& request, const Rotation& rotation, const PublishedByKey& published)
        : request_(request), team_(*request.team), rotation_(rotation) {
        collect_shifts(published);
        collect_people();
        last_ = last_before(published);
    }

    std::vector<Assignment> choose(const Planner& planner) const {
        const Choice choice = planner.choose(planner_input());
        assert(choice.size() == shifts_.size() && "a choice has one entry a day");
        std::vector<Assignment> assignments;
        for (std::size_t i = 0; i < shifts_.size(); ++i) {
            const auto holder = choice[i] ? std::optional(people_[*choice[i]]) : std::nullopt;
            assignments.push_back(shifts_[i].is_history ? as_published(shifts_[i])
                                                        : assignment(shifts_[i], holder));
        }
        return assignments;
    }

private:
    void collect_shifts(const PublishedByKey& published) {
        std::map<Day, ShiftPlan> by_day;
        for (Shift& shift : shifts_of(rotation_, request_.days)) {
            ShiftPlan& plan = by_day[shift.key.date];
            plan.shift = std::move(shift);
        }
        const ShiftKey first{rotation_.name, request_.days.first};
        for (auto row = published.lower_bound(first);
             row != published.end() && row->first.rotation == rotation_.name; ++row) {
            const Assignment& assignment = *row->second;
            const Day date = assignment.shift.key.date;
            const bool started = assignment.shift.when.start <= request_.now;
            if (date >= request_.days.end) break;
            // A day that the configuration has since taken out of the rotation still happened.
            if (!started && !by_day.contains(date)) continue;
            ShiftPlan& plan = by_day[date];
            plan.published = &assignment;
            plan.is_history = started;
            if (started) plan.shift = assignment.shift;
        }
        for (auto& [date, plan] : by_day) {
            plan.candidates = candidates_for(team_, rotation_, plan.shift, request_.availability);
            plan.fixed_by_people = override_of(plan);
            shifts_.push_back(std::move(plan));
        }
    }

    // The last one counts where several name the same shift.
    std::optional<MemberId> override_of(const ShiftPlan& plan) const {
        std::optional<MemberId> member;
        for (const Override& fixed : request_.overrides) {
            if (fixed.shift != plan.shift.key) continue;
            const Member* known = team_.find_member(fixed.member);
            member = known != nullptr ? known->id : fixed.member;
        }
        return member;
    }

    // Roster members first, in roster order: the planner's indices. Then others who served or cover a shift.
    void collect_people() {
        people_ = rotation_.members;
        std::set<MemberId> guests;
        for (const ShiftPlan& plan : shifts_) {
            const auto member = plan.is_history ? plan.published->member : plan.fixed_by_people;
            if (member && !index_of(*member)) guests.insert(*member);
        }
        people_.insert(people_.end(), guests.begin(), guests.end());
    }

    std::optional<std::size_t> index_of(const std::optional<MemberId>& member) const {
        if (!member) return std::nullopt;
        const auto found = std::find(people_.begin(), people_.end(), *member);
        if (found == people_.end()) return std::nullopt;
        return static_cast<std::size_t>(found - people_.begin());
    }

    bool is_on_roster(const MemberId& member) const {
        return std::find(rotation_.members.begin(), rotation_.members.end(), member) !=
               rotation_.members.end();
    }

    // Whose turn it was last, from the shifts before the first planned day.
    std::optional<std::size_t> last_before(const PublishedByKey& published) const {
        auto row = published.lower_bound({rotation_.name, request_.days.first});
        while (row != published.begin()) {
            --row;
            if (row->first.rotation != rotation_.name) break;
            const auto& member = row->second->member;
            if (member && is_on_roster(*member)) return index_of(member);
        }
        return std::nullopt;
    }

    PlannerInput planner_input() const {
        PlannerInput input;
        input.last = last_;
        for (const MemberId& id : people_) {
            PlannerMember& planned = input.members.emplace_back();
            if (const Member* member = team_.find_member(id)) planned.weight = member->weight;
        }
        const Day today = Zone::get(rotation_.zone).day_of(request_.now);
        const Day notice_end = today + std::chrono::days(team_.notice_days);
        for (const ShiftPlan& plan : shifts_) {
            PlannerDay& day = input.days.emplace_back();
            day.in_notice = plan.shift.key.date < notice_end;
            if (plan.is_history) {
                day.fixed = index_of(plan.published->member);
                if (!day.fixed) continue;  // it was uncovered and stays so
            } else {
                day.fixed = index_of(plan.fixed_by_people);
                day.published = index_of(held_by_plan(plan));
            }
            for (const MemberId& member : plan.candidates.eligible)
                day.candidates.push_back(*index_of(member));
            std::sort(day.candidates.begin(), day.candidates.end());
        }
        return input;
    }

    // Who held the shift by plan when it was published: where people's override took it from somebody, they.
    static std::optional<MemberId> held_by_plan(const ShiftPlan& plan) {
        if (plan.published == nullptr) return std::nullopt;
        return plan.published->overridden ? replaced_in(*plan.published) : plan.published->member;
    }

    static std::optional<MemberId> replaced_in(const Assignment& assignment) {
        const Reason* replaced = find_reason(assignment, ReasonCode::replaced);
        return replaced != nullptr ? std::optional(replaced->member) : std::nullopt;
    }

    Assignment as_published(const ShiftPlan& plan) const {
        Assignment assignment = *plan.published;
        if (assignment.reasons.empty())
            assignment.reasons.push_back(assignment.member
                                             ? reason_for(ReasonCode::in_the_past, *assignment.member)
                                             : reason_for(ReasonCode::uncovered, MemberId()));
        return assignment;
    }

    Assignment assignment(const ShiftPlan& plan, const std::optional<MemberId>& holder) const {
        Assignment assignment;
        assignment.shift = plan.shift;
        assignment.member = holder;
        assignment.overridden = plan.fixed_by_people.has_value();
        assignment.rest_broken = holder && unavailability(plan, *holder, ReasonCode::resting) != nullptr;
        assignment.reasons.push_back(holders_reason(plan, holder));
        for (const MemberId& member : rotation_.members) {
            if (member != holder) assignment.reasons.push_back(why_not(plan, member));
        }
        if (const auto replaced = replaced_by(plan, holder))
            assignment.reasons.push_back(reason_for(ReasonCode::replaced, *replaced));
        return assignment;
    }

    static const Reason* unavailability(const ShiftPlan& plan, const MemberId& member, ReasonCode code) {
        const auto& reasons = plan.candidates.unavailable;
        const auto found = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& reason) {
            return reason.member == member && reason.code == code;
        });
        return found == reasons.end() ? nullptr : &*found;
    }

    static Reason why_not(const ShiftPlan& plan, const MemberId& member) {
        for (const ReasonCode code : {ReasonCode::absent, ReasonCode::resting}) {
            if (const Reason* reason = unavailability(plan, member, code)) return *reason;
        }
        return reason_for(ReasonCode::not_their_turn, member);
    }

    // A kept day keeps its reason too: what subscribers read must not change because a plan was made again.
    static Reason holders_reason(const ShiftPlan& plan, const std::optional<MemberId>& holder) {
        if (!holder) return reason_for(ReasonCode::uncovered, MemberId());
        if (plan.fixed_by_people) return reason_for(ReasonCode::override_set, *holder);
        if (const Reason* resting = unavailability(plan, *holder, ReasonCode::resting)) {
            Reason reason = *resting;
            reason.code = ReasonCode::rest_broken;
            return reason;
        }
        if (plan.candidates.eligible.size() == 1) return reason_for(ReasonCode::only_candidate, *holder);
        const Assignment* published = plan.published;
        const bool kept = published != nullptr && published->member == holder && !published->overridden;
        const bool by_turn =
            kept && !published->reasons.empty() && published->reasons.front().code == ReasonCode::next_turn;
        return reason_for(kept && !by_turn ? ReasonCode::kept_published : ReasonCode::next_turn, *holder);
    }

    // Whom the holder stands in for: the one who became unavailable, or from whom people took the shift. It
    // stays on the shift for as long as the same holder does, so that a withdrawn override can go back.
    std::optional<MemberId> replaced_by(const ShiftPlan& plan, const std::optional<MemberId>& holder) const {
        const auto before = held_by_plan(plan);
        if (!holder || !before || team_.find_member(*before) == nullptr) return std::nullopt;
        if (before == holder) return plan.published->overridden ? std::nullopt : replaced_in(*plan.published);
        const auto& eligible = plan.candidates.eligible;
        const bool can_serve = std::find(eligible.begin(), eligible.end(), *before) != eligible.end();
        const bool moved_by_planner = can_serve && !plan.fixed_by_people;
        return moved_by_planner ? std::nullopt : before;
    }

    const PlanRequest& request_;
    const Team& team_;
    const Rotation& rotation_;
    std::vector<ShiftPlan> shifts_;  // by date
    std::vector<MemberId> people_;
    std::optional<std::size_t> last_;
};

// A balance moves with every day that is planned; alone it is no news to a subscriber.
Assignment without_balances(Assignment assignment) {
    for (Reason& reason : assignment.reasons) reason.balance.reset();
    return assignment;
}

}  // namespace

Plan make_plan(const PlanRequest& request, const Planner& planner) {
    assert(request.team != nullptr && "a plan is made for a team");
    const PublishedByKey published = by_key(request.published);
    Plan plan;
    for (const Rotation& rotation : request.team->rotations) {
        std::vector<Assignment> chosen = RotationPlan(request, rotation, published).choose(planner);
        std::move(chosen.begin(), chosen.end(), std::back_inserter(plan.assignments));
    }
    // Stable: shifts that start together stay in the order of the team's rotations.
    std::stable_sort(
        plan.assignments.begin(), plan.assignments.end(),
        [](const Assignment& a, const Assignment& b) { return a.shift.when.start < b.shift.when.start; });
    return plan;
}

PlanChanges changes_between(const std::vector<Assignment>& published, const Plan& plan, Instant now) {
    PlanChanges changes;
    PublishedByKey gone = by_key(published);
    for (const Assignment& assignment : plan.assignments) {
        const auto row = gone.find(assignment.shift.key);
        if (row == gone.end()) {
            // A shift that runs while the first plan is made is on record too; earlier ones never happened.
            if (assignment.shift.when.end > now) changes.changed.push_back(assignment);
            continue;
        }
        const Assignment& before = *row->second;
        const bool is_history = before.shift.when.start <= now;
        if (!is_history && without_balances(before) != without_balances(assignment))
            changes.changed.push_back(assignment);
        gone.erase(row);
    }
    for (const auto& [key, assignment] : gone) {
        if (assignment->shift.when.start > now) changes.withdrawn.push_back(key);
    }
    return changes;
}

}  // namespace watchbill
