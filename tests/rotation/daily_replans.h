// Days that go by with a plan made anew each day, as the service does.
#pragma once

#include <cstddef>
#include <utility>

#include "rotation/class_instances.h"
#include "rotation/fair_planner.h"

namespace watchbill::test {

struct DailyReplans {
    PlannerInput past;        // the days that went by
    Choice served;            // on these
    std::size_t changed = 0;  // published days that got another holder
};

// The first `days` of `whole` go by; each day's plan is published, and reaches `horizon` days far.
inline DailyReplans replan_daily(const PlannerInput& whole, std::size_t days, std::size_t horizon) {
    DailyReplans result;
    result.past = whole;
    result.past.days.resize(days);
    ClassHistories history(whole.members.size(), whole.classes.size());
    Choice plan;
    for (std::size_t today = 0; today < days; ++today) {
        PlannerInput input = whole;
        const auto first = whole.days.begin() + static_cast<std::ptrdiff_t>(today);
        input.days.assign(first, first + static_cast<std::ptrdiff_t>(horizon));
        history.carry_into(input);
        publish(input, plan, 1);
        Choice next = FairPlanner().choose(input);
        for (std::size_t d = 0; d + 1 < plan.size(); ++d) result.changed += next[d] != plan[d + 1] ? 1U : 0U;
        plan = std::move(next);
        history.add(whole, input.days[0], plan[0]);
        result.served.push_back(plan[0]);
    }
    return result;
}

}  // namespace watchbill::test
