// Independent checks of a plan, by other arithmetic than the planner's: fixed-point numbers that bound the
// exact totals from both sides, so that "less than one shift" is proven, never rounded into.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "rotation/planner.h"

namespace watchbill::test {

__extension__ using Fixed = __int128;  // in units of 2^-90: totals up to 2^36 shifts
constexpr Fixed one_shift = Fixed{1} << 90;

// What every member has earned by the end of each day, as lowest and highest possible value.
struct Earned {
    struct Bounds {
        Fixed low = 0;
        Fixed high = 0;
    };
    std::vector<std::vector<Bounds>> by_day;  // [day][member]
};

inline Earned earned_by_day(const PlannerInput& input) {
    Earned earned;
    std::vector<Earned::Bounds> total(input.members.size());
    const auto add = [](Earned::Bounds& bounds, std::int64_t numerator, std::int64_t denominator) {
        const Fixed low = one_shift * numerator / denominator;
        bounds.low += low;
        bounds.high += one_shift * numerator % denominator == 0 ? low : low + 1;
    };
    for (std::size_t i = 0; i < total.size(); ++i) {
        for (const Share& share : input.members[i].earned) {
            add(total[i], share.numerator, share.denominator);
        }
    }
    for (const PlannerDay& day : input.days) {
        std::int64_t weights = 0;
        for (const std::size_t i : day.candidates) {
            weights += input.members[i].weight;
        }
        for (const std::size_t i : day.candidates) {
            add(total[i], input.members[i].weight, weights);
        }
        earned.by_day.push_back(total);
    }
    return earned;
}

// Whether a member's |earned - served| is surely less than one shift at the end of each day in [from, to).
inline bool stays_within_one(const PlannerInput& input, const Earned& earned, const Choice& choice,
                             std::size_t member, std::size_t from, std::size_t to) {
    Fixed served = one_shift * input.members[member].served;
    for (std::size_t day = 0; day < to; ++day) {
        if (choice[day] == member) {
            served += one_shift;
        }
        const Earned::Bounds& bounds = earned.by_day[day][member];
        if (day >= from && (bounds.high - served >= one_shift || served - bounds.low >= one_shift)) {
            return false;
        }
    }
    return true;
}

inline bool everybody_within_one(const PlannerInput& input, const Choice& choice) {
    const Earned earned = earned_by_day(input);
    for (std::size_t i = 0; i < input.members.size(); ++i) {
        if (!stays_within_one(input, earned, choice, i, 0, choice.size())) {
            return false;
        }
    }
    return true;
}

// The largest |earned - served| of anybody at the end of any day, or a trifle more.
inline Fixed furthest_off(const PlannerInput& input, const Choice& choice) {
    const Earned earned = earned_by_day(input);
    Fixed furthest = 0;
    for (std::size_t i = 0; i < input.members.size(); ++i) {
        Fixed served = one_shift * input.members[i].served;
        for (std::size_t day = 0; day < choice.size(); ++day) {
            if (choice[day] == i) served += one_shift;
            const Earned::Bounds& bounds = earned.by_day[day][i];
            furthest = std::max({furthest, bounds.high - served, served - bounds.low});
        }
    }
    return furthest;
}

inline bool is_candidate(const PlannerDay& day, std::size_t member) {
    return std::binary_search(day.candidates.begin(), day.candidates.end(), member);
}

// Every coverable day is covered, by a candidate or by whom it was fixed to.
inline bool covers_all(const PlannerInput& input, const Choice& choice) {
    if (choice.size() != input.days.size()) {
        return false;
    }
    for (std::size_t d = 0; d < choice.size(); ++d) {
        const PlannerDay& day = input.days[d];
        if (day.fixed                ? choice[d] != day.fixed
            : day.candidates.empty() ? choice[d].has_value()
                                     : !choice[d] || !is_candidate(day, *choice[d])) {
            return false;
        }
    }
    return true;
}

// What happened before the horizon, added up as days go by.
class History {
public:
    explicit History(std::size_t members) : earned_(members), served_(members, 0) {}

    void add(const std::vector<PlannerMember>& members, const PlannerDay& day,
             std::optional<std::size_t> holder) {
        std::int64_t weights = 0;
        for (const std::size_t i : day.candidates) {
            weights += members[i].weight;
        }
        for (const std::size_t i : day.candidates) {
            const std::int64_t common = std::gcd<std::int64_t>(members[i].weight, weights);
            earned_[i][weights / common] += members[i].weight / common;
        }
        if (holder) {
            ++served_[*holder];
        }
        last_ = holder;
    }

    void carry_into(PlannerInput& input) const {
        for (std::size_t i = 0; i < input.members.size(); ++i) {
            input.members[i].earned.clear();
            for (const auto& [denominator, numerator] : earned_[i]) {
                input.members[i].earned.push_back({numerator, denominator});
            }
            input.members[i].served = served_[i];
        }
        input.last = last_;
    }

private:
    std::vector<std::map<std::int64_t, std::int64_t>> earned_;  // numerators by denominator
    std::vector<std::int64_t> served_;
    std::optional<std::size_t> last_;
};

}  // namespace watchbill::test
