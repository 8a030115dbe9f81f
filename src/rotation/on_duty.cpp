#include "rotation/on_duty.h"

#include <algorithm>
#include <map>

#include "rotation/reasons.h"

namespace watchbill {

namespace {

// A rotation repeats weekly, so its next shift starts within a week of any instant unless the plan ends or
// the rotation was taken out of use. A later one is nobody's hand-over.
constexpr Duration longest_gap = std::chrono::days(7);

using Shifts = std::vector<const Assignment*>;  // of one rotation, by start

std::map<std::string, Shifts> shifts_by_rotation(const Plan& plan) {
    std::map<std::string, Shifts> by_rotation;
    for (const Assignment& assignment : plan.assignments)
        by_rotation[assignment.shift.key.rotation].push_back(&assignment);
    for (auto& [rotation, shifts] : by_rotation) {
        std::stable_sort(shifts.begin(), shifts.end(), [](const Assignment* a, const Assignment* b) {
            return a->shift.when.start < b->shift.when.start;
        });
    }
    return by_rotation;
}

// The shift that runs at `at`, else the next to start. Shifts of one rotation do not overlap, so both their
// starts and their ends are in order.
const Assignment* running_or_next(const Shifts& shifts, Instant at, const Assignment& other_than) {
    auto it = std::partition_point(shifts.begin(), shifts.end(),
                                   [at](const Assignment* shift) { return shift->shift.when.end <= at; });
    if (it != shifts.end() && *it == &other_than) ++it;
    if (it == shifts.end() || (*it)->shift.when.start > at + longest_gap) return nullptr;
    return *it;
}

const std::string& receiving_rotation(const Team& team, const Assignment& from) {
    const Rotation* rotation = team.find_rotation(from.shift.key.rotation);
    const bool own = rotation == nullptr || rotation->hands_over_to.empty();
    return own ? from.shift.key.rotation : rotation->hands_over_to;
}

}  // namespace

std::vector<OnDuty> on_duty_at(const Team& team, const Plan& plan, Instant at) {
    const auto by_rotation = shifts_by_rotation(plan);
    std::vector<OnDuty> result;
    for (const Rotation& rotation : team.rotations) {
        OnDuty& on_duty = result.emplace_back();
        on_duty.rotation = rotation.name;
        const auto shifts = by_rotation.find(rotation.name);
        if (shifts == by_rotation.end()) continue;
        for (const Assignment* assignment : shifts->second) {
            if (assignment->shift.when.contains(at)) on_duty.current = *assignment;
            if (assignment->shift.when.start > at) {
                on_duty.next = *assignment;
                break;
            }
        }
    }
    return result;
}

std::string say_why_on_duty(const Team& team, const Assignment& current) {
    std::string why = explain_in_one_sentence(team, current);
    if (current.member && team.find_member(*current.member) == nullptr)
        why += " They have left the team: whoever follows in the chain answers.";
    return why;
}

std::vector<Handover> handovers_of(const Team& team, const Plan& plan, Instant now) {
    const auto by_rotation = shifts_by_rotation(plan);
    std::vector<Handover> handovers;
    for (const Assignment& from : plan.assignments) {
        const auto shifts = by_rotation.find(receiving_rotation(team, from));
        if (shifts == by_rotation.end()) continue;
        const Instant at = from.shift.when.end;
        const Assignment* to = running_or_next(shifts->second, at, from);
        if (to == nullptr) continue;
        Handover& handover = handovers.emplace_back(Handover{at, from, *to});
        const bool has_left = to->member && team.find_member(*to->member) == nullptr;
        if (has_left && to->shift.when.end > now) handover.to.member.reset();
    }
    std::stable_sort(handovers.begin(), handovers.end(),
                     [](const Handover& a, const Handover& b) { return a.at < b.at; });
    return handovers;
}

}  // namespace watchbill
