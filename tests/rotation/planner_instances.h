// Random teams for the planner's tests and benchmarks: weights, holidays, vacations, night duty, joins and
// leaves. The same seed gives the same instance everywhere: no std::*_distribution, whose results differ
// between standard libraries, and never two throws among a call's arguments, which compilers evaluate in
// different orders. Those between braces go from left to right.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "rotation/planner.h"

namespace watchbill::test {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::size_t between(std::size_t lowest, std::size_t highest) {  // both included
        return lowest + static_cast<std::size_t>(engine_() % (highest - lowest + 1));
    }
    bool one_in(std::size_t times) { return between(1, times) == 1; }

private:
    std::mt19937_64 engine_;
};

// Who is there on which day; away[member][day].
using Away = std::vector<std::vector<bool>>;

struct DaySpan {
    std::size_t first = 0;
    std::size_t count = 0;
};

inline void leave_out(std::vector<bool>& away, DaySpan days) {
    for (std::size_t day = days.first; day < std::min(days.first + days.count, away.size()); ++day) {
        away[day] = true;
    }
}

inline Away random_absences(Dice& dice, std::size_t members, std::size_t days) {
    Away away(members, std::vector<bool>(days, false));
    const std::size_t sites = dice.between(1, 3);
    std::vector<std::size_t> site(members);
    for (std::size_t& it : site) {
        it = dice.between(1, sites);
    }
    for (std::size_t s = 1; s <= sites; ++s) {
        for (std::size_t holidays = dice.between(0, days / 20); holidays > 0; --holidays) {
            const std::size_t day = dice.between(0, days - 1);
            for (std::size_t i = 0; i < members; ++i) {
                if (site[i] == s) {
                    away[i][day] = true;
                }
            }
        }
    }
    for (std::vector<bool>& one : away) {
        for (std::size_t vacations = dice.between(0, days / 40 + 1); vacations > 0; --vacations) {
            leave_out(one, {dice.between(0, days - 1), dice.between(1, 30)});
        }
        for (std::size_t nights = dice.between(0, days / 10); nights > 0; --nights) {
            leave_out(one, {dice.between(0, days - 1), 1});
        }
        if (dice.one_in(6)) {  // joins
            leave_out(one, {0, dice.between(1, days)});
        }
        if (dice.one_in(6)) {  // leaves
            leave_out(one, {dice.between(0, days - 1), days});
        }
    }
    return away;
}

inline std::vector<PlannerMember> random_members(Dice& dice, std::size_t count) {
    const std::size_t kind = dice.between(0, 3);
    std::vector<PlannerMember> members(count);
    for (PlannerMember& member : members) {
        if (kind == 1) {  // part-time in days a week
            member.weight = static_cast<int>(200 * dice.between(1, 5));
        } else if (kind == 2) {  // odd numbers: the common denominator gets thousands of bits
            member.weight = static_cast<int>(dice.between(1, 1000));
        } else if (kind == 3) {
            member.weight = dice.one_in(3) ? 500 : 1000;
        }
    }
    return members;
}

inline PlannerInput input_of(std::vector<PlannerMember> members, const Away& away) {
    PlannerInput input;
    input.members = std::move(members);
    input.days.resize(away.front().size());
    for (std::size_t day = 0; day < input.days.size(); ++day) {
        for (std::size_t i = 0; i < input.members.size(); ++i) {
            if (!away[i][day]) {
                input.days[day].candidates.push_back(i);
            }
        }
    }
    return input;
}

struct TeamSize {
    std::size_t members = 0;
    std::size_t days = 0;
};

inline PlannerInput random_instance(Dice& dice, TeamSize size) {
    std::vector<PlannerMember> roster = random_members(dice, size.members);
    return input_of(std::move(roster), random_absences(dice, size.members, size.days));
}

inline PlannerInput everybody_there(std::size_t members, std::size_t days) {
    return input_of(std::vector<PlannerMember>(members), Away(members, std::vector<bool>(days, false)));
}

constexpr std::size_t notice = 14;

// As subscribers see `plan`, of which the first `skipped` days have passed.
inline void publish(PlannerInput& input, const Choice& plan, std::size_t skipped = 0) {
    for (std::size_t d = 0; d < input.days.size(); ++d) {
        input.days[d].published = d + skipped < plan.size() ? plan[d + skipped] : std::nullopt;
        input.days[d].in_notice = d < notice;
    }
}

inline void make_absent(PlannerInput& input, std::size_t member, DaySpan days) {
    for (std::size_t d = days.first; d < std::min(days.first + days.count, input.days.size()); ++d) {
        std::erase(input.days[d].candidates, member);
    }
}

}  // namespace watchbill::test
