// What teams do without a planner, to compare with: the next candidate in roster order after whoever served
// last. Published, still valid days are kept.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "rotation/fairness/planner.h"

namespace watchbill::test {

class RoundRobin final : public Planner {
public:
    Choice choose(const PlannerInput& input) const override;

private:
    static bool is_candidate(const PlannerDay& day, std::size_t member) {
        return std::binary_search(day.candidates.begin(), day.candidates.end(), member);
    }

    // Those who can take a turn at all. An override by anybody else does not move the turn.
    static std::vector<bool> takers_of_turns(const PlannerInput& input) {
        std::vector<bool> takes_turns(input.members.size(), false);
        for (const PlannerDay& day : input.days) {
            for (const std::size_t candidate : day.candidates) takes_turns[candidate] = true;
        }
        return takes_turns;
    }

    static std::optional<std::size_t> next_in_turn(const PlannerDay& day, std::optional<std::size_t> last) {
        if (day.candidates.empty()) return std::nullopt;
        const auto after = last ? std::upper_bound(day.candidates.begin(), day.candidates.end(), *last)
                                : day.candidates.begin();
        return after == day.candidates.end() ? day.candidates.front() : *after;
    }
};

inline Choice RoundRobin::choose(const PlannerInput& input) const {
    const std::vector<bool> takes_turns = takers_of_turns(input);
    std::optional<std::size_t> last = input.last;
    Choice choice;
    choice.reserve(input.days.size());
    for (const PlannerDay& day : input.days) {
        if (day.fixed) {
            choice.push_back(day.fixed);
        } else if (day.published && is_candidate(day, *day.published)) {
            choice.push_back(day.published);
        } else {
            choice.push_back(next_in_turn(day, last));
        }
        if (choice.back() && takes_turns[*choice.back()]) last = choice.back();
    }
    return choice;
}

}  // namespace watchbill::test
