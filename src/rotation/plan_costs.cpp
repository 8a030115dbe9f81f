#include "rotation/plan_costs.h"

#include <algorithm>
#include <cassert>

namespace watchbill {

namespace {

std::int64_t square(std::int64_t value) { return value * value; }

}  // namespace

PlanCosts::PlanCosts(const PlannerInput& input, Leeway leeway)
    : input_(&input),
      turns_(turns_of(input, leeway)),
      pinned_(days()),
      published_(days()),
      preferred_(days()),
      days_of_(members()) {
    assert(days() <= most_days && members() <= most_members);
    for (std::size_t d = 0; d < days(); ++d) {
        const PlannerDay& day = input.days[d];
        assert(std::is_sorted(day.candidates.begin(), day.candidates.end()));
        const bool can_serve =
            day.published && std::binary_search(day.candidates.begin(), day.candidates.end(), *day.published);
        if (day.fixed) {
            pinned_[d] = day.fixed;
        } else if (can_serve && day.in_notice) {
            pinned_[d] = day.published;
        } else if (can_serve) {
            published_[d] = day.published;
        }
        if (pinned_[d]) {
            days_of_[*pinned_[d]].push_back(d);
            continue;
        }
        for (const std::size_t member : day.candidates) {
            days_of_[member].push_back(d);
        }
    }
}

void PlanCosts::prefer(std::size_t day, std::optional<std::size_t> member, std::int64_t weight) {
    assert(weight <= std::int64_t{1} << 20);
    preferred_[day] = {member, weight};
}

bool PlanCosts::may_serve(std::size_t member, std::size_t day) const {
    if (pinned_[day]) {
        return *pinned_[day] == member;
    }
    const std::vector<std::size_t>& candidates = input_->days[day].candidates;
    return std::binary_search(candidates.begin(), candidates.end(), member);
}

LevelCost PlanCosts::served(std::size_t member, const Turn& turn, std::size_t day) const {
    const auto d = static_cast<std::int64_t>(day);
    LevelCost cost;
    cost.outside = square(days_outside(turn, d));
    const Preference& preferred = preferred_[day];
    if (!pinned_[day] && preferred.member && preferred.member != member) cost.deviating = preferred.weight;
    cost.changed = changed(member, day);
    cost.order = order(member, turn, d);
    if (!pinned_[day] && repeats_a_known_shift(member, day)) {
        // More than any distance from a window's middle costs.
        cost.order +=
            2 * static_cast<std::int64_t>(members()) * square(static_cast<std::int64_t>(days()) + 1);
    }
    return cost;
}

LevelCost PlanCosts::left_out(std::size_t member, const Turn& turn) const {
    const auto after = static_cast<std::int64_t>(days());
    LevelCost cost;
    if (turn.last < after) {
        cost.unserved = 1;
        cost.outside = square(days_outside(turn, after));
    }
    cost.order = order(member, turn, after);
    return cost;
}

std::int64_t PlanCosts::changed(std::size_t member, std::size_t day) const {
    if (!published_[day] || published_[day] == member) {
        return 0;
    }
    // All n days' nearness together is less than one change.
    const auto n = static_cast<std::int64_t>(days());
    return n * n + n - static_cast<std::int64_t>(day);
}

bool PlanCosts::is_known_to_serve(std::size_t member, std::size_t day) const {
    return pinned_[day] ? pinned_[day] == member : published_[day] == member;
}

bool PlanCosts::repeats_a_known_shift(std::size_t member, std::size_t day) const {
    const bool before = day == 0 ? input_->last == member : is_known_to_serve(member, day - 1);
    return before || (day + 1 < days() && is_known_to_serve(member, day + 1));
}

// m times the square of the distance to the middle, which is taken a little later for those later in the
// roster: m (d - middle - i / 2m)^2 without its constant. It is never negative, because i < m. Strictly
// convex in d, so that turns are served in the order of their middles, and those with the same one in roster
// order.
std::int64_t PlanCosts::order(std::size_t member, const Turn& turn, std::int64_t day) const {
    const std::int64_t late = day - turn.middle;
    return late * (static_cast<std::int64_t>(members()) * late - static_cast<std::int64_t>(member));
}

}  // namespace watchbill
