// Weekends, holidays and other classes of shifts in random teams, and how far from fair a plan is in one
// class.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "rotation/plan_checker.h"
#include "rotation/planner_instances.h"

namespace watchbill::test {

enum class Classes { weekends, weekends_and_holidays, whole_weekends, weekdays };

constexpr std::size_t saturday = 5;  // of days counted from Monday, 0
constexpr std::size_t sunday = 6;

// The first day is a `weekday`, counted from Monday. Holidays are days at random, for everybody.
inline void add_classes(Dice& dice, PlannerInput& input, Classes classes, std::size_t weekday) {
    const bool by_weekday = classes == Classes::weekdays;
    input.classes.resize(by_weekday ? 7 : classes == Classes::weekends_and_holidays ? 2 : 1);
    for (PlannerClass& each : input.classes) each.together = classes == Classes::whole_weekends;
    for (std::size_t d = 0; d < input.days.size(); ++d) {
        const std::size_t day = (weekday + d) % 7;
        const auto week = static_cast<std::int64_t>((weekday + d) / 7);
        if (by_weekday) {
            input.days[d].fair_class = DayClass{day, week};
        } else if (day == saturday || day == sunday) {
            input.days[d].fair_class = DayClass{0, week};
        } else if (classes == Classes::weekends_and_holidays && dice.one_in(25)) {
            input.days[d].fair_class = DayClass{1, static_cast<std::int64_t>(d)};
        }
    }
}

// A team with classes and nothing served yet.
inline PlannerInput random_instance(Dice& dice, TeamSize size, Classes classes) {
    PlannerInput input = random_instance(dice, size);
    add_classes(dice, input, classes, dice.between(0, 6));
    return input;
}

// One class as a plan by itself, so that what holds for the whole can be asked of it.
struct ClassPlan {
    PlannerInput input;
    Choice choice;
    bool is_whole = true;  // each block that somebody could serve whole has one holder
};

inline ClassPlan plan_of_class(const PlannerInput& whole, const Choice& choice, std::size_t index) {
    ClassPlan plan;
    plan.input.members = whole.members;
    const PlannerClass& fair_class = whole.classes[index];
    for (std::size_t i = 0; i < whole.members.size(); ++i) {
        static_cast<PlannerTotals&>(plan.input.members[i]) =
            fair_class.carried.empty() ? PlannerTotals() : fair_class.carried[i];
    }
    std::vector<std::vector<std::size_t>> blocks;
    std::optional<std::int64_t> last;
    for (std::size_t d = 0; d < whole.days.size(); ++d) {
        const auto& its_class = whole.days[d].fair_class;
        if (!its_class || its_class->index != index) continue;
        if (!fair_class.together || last != its_class->block) blocks.emplace_back();
        last = its_class->block;
        blocks.back().push_back(d);
    }
    for (const auto& block : blocks) {
        std::vector<std::size_t> all = whole.days[block.front()].candidates;
        for (const std::size_t d : block) {
            std::vector<std::size_t> both;
            std::set_intersection(all.begin(), all.end(), whole.days[d].candidates.begin(),
                                  whole.days[d].candidates.end(), std::back_inserter(both));
            all = std::move(both);
        }
        const auto add = [&](std::size_t d) {
            plan.input.days.push_back(whole.days[d]);
            plan.input.days.back().fair_class.reset();
            plan.choice.push_back(choice[d]);
        };
        if (all.empty()) {
            for (const std::size_t d : block) add(d);
            continue;
        }
        add(block.front());
        plan.input.days.back().candidates = all;
        for (const std::size_t d : block) plan.is_whole = plan.is_whole && choice[d] == choice[block.front()];
    }
    return plan;
}

// What was served so far, of the whole and of each class.
class ClassHistories {
public:
    ClassHistories(std::size_t members, std::size_t classes)
        : whole_(members), classes_(classes, History(members)) {}

    void add(const PlannerInput& input, const PlannerDay& day, std::optional<std::size_t> holder) {
        whole_.add(input.members, day, holder);
        if (day.fair_class) classes_[day.fair_class->index].add(input.members, day, holder);
    }
    void carry_into(PlannerInput& input) const {
        whole_.carry_into(input);
        for (std::size_t i = 0; i < classes_.size(); ++i) {
            PlannerInput totals;
            totals.members = input.members;
            classes_[i].carry_into(totals);
            input.classes[i].last = totals.last;
            input.classes[i].carried.assign(totals.members.begin(), totals.members.end());
        }
    }

private:
    History whole_;
    std::vector<History> classes_;
};

}  // namespace watchbill::test
