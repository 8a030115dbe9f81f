// Days assigned to turns (turns.h) at the least cost (plan_costs.h), by shortest augmenting paths on the
// sparse graph of days and turns (assignment_solver.h). Pure; not thread-safe.
#pragma once

#include <cstddef>
#include <vector>

#include "rotation/assignment_solver.h"
#include "rotation/plan_costs.h"
#include "rotation/planner.h"

namespace watchbill {

// It starts with the turns that open inside the horizon and the days in and near their windows, and grows
// until the assignment on it is proven to be the best of all.
class DayTurnGraph {
public:
    // The costs must outlive it.
    explicit DayTurnGraph(const PlanCosts& costs);

    // One of the choices with the least cost; the same one for the same costs before and now. Asked again
    // after PlanCosts::prefer() it goes on from the answer it gave before.
    Choice best_choice();
    // Of that choice: no turn is served outside its window, and no mandatory one is left out.
    bool is_inside_windows() const;

private:
    // A column of the assignment, and which of the member's days it has edges to.
    struct TurnColumn {
        std::size_t member = 0;
        Turn turn;
        std::vector<bool> in_graph;  // by position in PlanCosts::days_of(member)
    };

    bool add_turns(std::size_t member, std::size_t wanted);
    void add_days_near_windows();
    void pose_problem();
    bool grow_beyond_solution();
    Choice choice() const;

    const PlanCosts& costs_;
    std::vector<std::size_t> day_of_;      // by row: days that somebody can serve
    std::vector<std::size_t> row_of_;      // by day
    std::vector<std::size_t> turn_count_;  // by member: how many of their turns are columns
    std::vector<TurnColumn> columns_;
    // Turns whose windows closed before the horizon: they queue up for its first days.
    std::size_t overdue_ = 0;
    std::size_t slack_ = 0;      // days before and after each window that are in the graph
    AssignmentProblem problem_;  // kept for its memory
    AssignmentSolution solution_;
};

}  // namespace watchbill
