#include "rotation/planning/team_plan.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>

#include "rotation/planning/rotation_plan.h"

namespace watchbill {

namespace {

PublishedByKey by_key(const std::vector<Assignment>& assignments) {
    PublishedByKey by_key;
    for (const Assignment& assignment : assignments) by_key[assignment.shift.key] = &assignment;
    return by_key;
}

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
        // Only people can take a running shift from its holder.
        const bool changed_hands = assignment.overridden && before.member != assignment.member;
        if (is_history ? changed_hands : without_balances(before) != without_balances(assignment))
            changes.changed.push_back(assignment);
        gone.erase(row);
    }
    for (const auto& [key, assignment] : gone) {
        if (assignment->shift.when.start > now) changes.withdrawn.push_back(key);
    }
    return changes;
}

}  // namespace watchbill
