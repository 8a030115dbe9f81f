// The plan of one rotation: from what is known of its shifts to assignments with reasons. What make_plan
// (team_plan.h) does for each rotation. Pure.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rotation/candidates.h"
#include "rotation/planner.h"
#include "rotation/shift_classes.h"
#include "rotation/tally.h"
#include "rotation/team_plan.h"

namespace watchbill {

using PublishedByKey = std::map<ShiftKey, const Assignment*>;

class RotationPlan {
public:
    // All must outlive it.
    RotationPlan(const PlanRequest& request, const Rotation& rotation, const PublishedByKey& published);

    // Of the requested days, by date: history as it is, and what the planner chooses for the rest.
    std::vector<Assignment> choose(const Planner& planner) const;

private:
    // What is known of a shift that has not started before the planner's choice.
    struct ShiftPlan {
        Shift shift;
        const Assignment* published = nullptr;  // what subscribers see, if anything
        Candidates candidates;
        const Override* fixed = nullptr;  // by people
        std::optional<MemberId> fixed_member;
        bool holiday = false;
    };

    void collect_history(const PublishedByKey& published);
    void collect_shifts(const PublishedByKey& published);
    void collect_people();
    const Override* override_of(const ShiftKey& key) const;
    const Assignment* as_known_today(const Assignment& published);
    MemberId known_as(const MemberId& member) const;

    PlannerInput planner_input() const;
    void add_classes(PlannerInput& input) const;
    Assignment assignment(const ShiftPlan& plan, const std::optional<MemberId>& holder) const;
    std::vector<Candidate> earners(const ShiftPlan& plan, const std::optional<MemberId>& holder) const;
    void add_what_was_forced(Assignment& assignment) const;
    Assignment handed_over(const Assignment& running, const Override& fixed) const;
    std::optional<MemberId> replaced_by(const ShiftPlan& plan, const std::optional<MemberId>& holder) const;
    std::optional<Reason> ended_override_of(const ShiftPlan& plan,
                                            const std::optional<MemberId>& holder) const;
    bool is_on_holiday(const MemberId& member, const Shift& shift) const;
    bool touches_holiday(const Shift& shift) const;

    std::optional<std::size_t> index_of(const std::optional<MemberId>& member) const;
    int weight_of(const MemberId& member) const;

    const PlanRequest& request_;
    const Team& team_;
    const Rotation& rotation_;
    std::vector<Assignment> history_;                  // started shifts of the requested days, by date
    Tally tally_;                                      // of all started shifts
    std::map<FairClass, ClassHistory> class_history_;  // of these
    std::vector<ShiftPlan> shifts_;                    // that have not started, by date
    std::deque<Assignment> renamed_;  // published ones, with today's addresses; the shifts point at them
    std::vector<MemberId> people_;    // the planner's indices: the roster, then guests
    std::optional<MemberId> last_;    // of the roster, who served last
};

}  // namespace watchbill
