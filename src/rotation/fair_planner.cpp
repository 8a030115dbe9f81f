#include "rotation/fair_planner.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "rotation/class_rows.h"
#include "rotation/day_turn_graph.h"
#include "rotation/plan_costs.h"
#include "rotation/repeat_exchanges.h"

namespace watchbill {

namespace {

// How often the plans of the classes and of the whole are brought closer before the whole gets more leeway.
// Nine in ten random teams need at most five rounds, and more than these help nobody.
constexpr int most_rounds = 30;
// The same where late news or overrides leave nobody inside their windows: then each round takes long, and
// there is no bound to be kept.
constexpr int most_rounds_outside = 6;

// The plan of one class by itself: always inside its own windows where that is possible at all.
struct ClassPlan {
    ClassPlan(const PlannerInput& whole, std::size_t index)
        : rows(rows_of_class(whole, index)),
          costs(rows.input),
          graph(costs),
          choice(graph.best_choice()),
          weights(rows.days.size(), 1) {}

    ClassRows rows;
    PlanCosts costs;
    DayTurnGraph graph;
    Choice choice;                      // by row
    std::vector<std::int64_t> weights;  // by row: how much it matters that class and whole agree on it
};

// Finds a choice that is fair in each class and in the whole by projecting from one onto the other, in turns:
// of all choices that are fair to the classes the one nearest to the whole's, of all that are fair to the
// whole the one nearest to the classes'. Shifts on which they go on to differ weigh more with each round, so
// that others give way.
class ClassPlanner {
public:
    explicit ClassPlanner(const PlannerInput& input) : input_(input) {
        for (std::size_t i = 0; i < input.classes.size(); ++i) plans_.emplace_back(input, i);
    }

    Choice choose() {
        // As subscribers see it, of each class. Nothing where they see nothing yet.
        const auto published = is_published() ? std::optional(with_classes_settled()) : std::nullopt;
        const bool is_all = is_all_published();
        if (published && is_all) {
            for (const Leeway leeway : leeways()) {
                if (auto kept = keep_published(*published, leeway, true)) return std::move(*kept);
            }
        }
        for (const Leeway leeway : leeways()) {
            if (published && !is_all) {
                if (auto kept = keep_published(*published, leeway, false)) return std::move(*kept);
            }
            PlanCosts costs(input_, leeway);
            if (auto agreed = agree(costs)) return polished(costs, std::move(*agreed));
            if (!is_inside_windows_) continue;  // there is no bound to be kept
            // From the other side: of two searches one may end where the other finds a plan.
            PlanCosts anew(input_, leeway);
            begin_from_whole(anew);
            if (auto agreed = agree(anew)) return polished(anew, std::move(*agreed));
        }
        // Classes come first; the whole is as near to fair as they leave it.
        const PlannerInput nearest = with_classes_settled();
        const PlanCosts costs(nearest);
        return polished(costs, DayTurnGraph(costs).best_choice());
    }

private:
    // Two shifts in a row for one person move them further than one shift within a day or two.
    std::vector<Leeway> leeways() const {
        const bool together = std::any_of(input_.classes.begin(), input_.classes.end(),
                                          [](const PlannerClass& it) { return it.together; });
        constexpr Leeway none{.half_shifts = 0};
        constexpr Leeway half_a_shift{.half_shifts = 1};
        constexpr Leeway one_shift{.half_shifts = 2};
        if (together) return {one_shift};
        return {none, half_a_shift, one_shift};
    }

    bool is_published() const {
        return std::any_of(input_.days.begin(), input_.days.end(),
                           [](const PlannerDay& day) { return day.published.has_value(); });
    }

    // Each day that somebody can serve has been told to subscribers: what is new, if anything, is who can.
    bool is_all_published() const {
        return std::all_of(input_.days.begin(), input_.days.end(), [](const PlannerDay& day) {
            return day.published || day.fixed || day.candidates.empty();
        });
    }

    // The search starts from what is published, and may find something fairer than the search that was made
    // when it was not. Without news nobody's shift moves for that; with a day more at the end only for what
    // is fairer by the bound.
    std::optional<Choice> keep_published(const PlannerInput& settled, Leeway leeway,
                                         bool also_outside_windows) const {
        const PlanCosts costs(settled, leeway);
        DayTurnGraph graph(costs);
        Choice choice = graph.best_choice();
        const bool keeps = !changes_published(choice) && (also_outside_windows || graph.is_inside_windows());
        return keeps ? std::optional(polished(costs, std::move(choice))) : std::nullopt;
    }

    bool changes_published(const Choice& choice) const {
        for (std::size_t d = 0; d < choice.size(); ++d) {
            const PlannerDay& day = input_.days[d];
            const bool valid =
                !day.fixed && day.published &&
                std::binary_search(day.candidates.begin(), day.candidates.end(), *day.published);
            if (valid && choice[d] != day.published) return true;
        }
        return false;
    }

    PlannerInput with_classes_settled() const {
        PlannerInput settled = input_;
        for (const ClassPlan& plan : plans_) {
            for (std::size_t row = 0; row < plan.rows.days.size(); ++row) {
                for (const std::size_t day : plan.rows.days[row]) {
                    if (!settled.days[day].fixed) settled.days[day].fixed = plan.choice[row];
                }
            }
        }
        return settled;
    }

    // The plans of the classes nearest to what the whole would be without them.
    void begin_from_whole(const PlanCosts& costs) {
        const Choice whole = DayTurnGraph(costs).best_choice();
        for (ClassPlan& plan : plans_) {
            std::fill(plan.weights.begin(), plan.weights.end(), 1);
            approach(plan, whole);
        }
    }

    std::optional<Choice> agree(PlanCosts& costs) {
        DayTurnGraph graph(costs);
        for (int round = 1;; ++round) {
            for (const ClassPlan& plan : plans_) {
                for (std::size_t row = 0; row < plan.rows.days.size(); ++row) {
                    for (const std::size_t day : plan.rows.days[row])
                        costs.prefer(day, plan.choice[row], plan.weights[row]);
                }
            }
            Choice whole = graph.best_choice();
            if (!differ(whole, round)) return whole;
            is_inside_windows_ = graph.is_inside_windows();
            if (round == (is_inside_windows_ ? most_rounds : most_rounds_outside)) return std::nullopt;
            for (ClassPlan& plan : plans_) approach(plan, whole);
        }
    }

    bool differ(const Choice& whole, int round) {
        bool any = false;
        for (ClassPlan& plan : plans_) {
            for (std::size_t row = 0; row < plan.rows.days.size(); ++row) {
                const auto& days = plan.rows.days[row];
                const bool differs = std::any_of(days.begin(), days.end(), [&](std::size_t day) {
                    return whole[day] != plan.choice[row];
                });
                if (!differs) continue;
                any = true;
                if (round > 1) ++plan.weights[row];
            }
        }
        return any;
    }

    static void approach(ClassPlan& plan, const Choice& whole) {
        for (std::size_t row = 0; row < plan.rows.days.size(); ++row)
            plan.costs.prefer(row, whole[plan.rows.days[row].front()], plan.weights[row]);
        plan.choice = plan.graph.best_choice();
    }

    Choice polished(const PlanCosts& costs, Choice choice) const {
        std::vector<ClassCosts> classes;
        for (const ClassPlan& plan : plans_) classes.push_back({&plan.rows, &plan.costs});
        exchange_repeats(input_, costs, classes, choice);
        return choice;
    }

    const PlannerInput& input_;
    bool is_inside_windows_ = false;  // the whole that agree() found last
    std::deque<ClassPlan> plans_;     // costs point into their rows: no plan moves
};

}  // namespace

Choice FairPlanner::choose(const PlannerInput& input) const {
    if (!input.classes.empty()) return ClassPlanner(input).choose();
    const PlanCosts costs(input);
    Choice choice = DayTurnGraph(costs).best_choice();
    exchange_repeats(input, costs, {}, choice);
    return choice;
}

}  // namespace watchbill
