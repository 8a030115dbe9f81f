#include "rotation/fair_planner.h"

#include <algorithm>
#include <cassert>

#include "rotation/assignment_solver.h"
#include "rotation/plan_costs.h"
#include "rotation/repeat_exchanges.h"
#include "rotation/turns.h"

namespace watchbill {

namespace {

// How many of a member's days before and after a turn's window are in the graph at first. Any number gives
// the same plan; this one seldom needs a second round after a swap or an absence (tests/bench).
constexpr std::size_t first_slack = 6;
constexpr std::size_t slack_growth = 4;

// A column of the assignment, and which of the member's days it has edges to.
struct TurnColumn {
    std::size_t member = 0;
    Turn turn;
    std::vector<bool> in_graph;  // by position in PlanCosts::days_of(member)
};

// The graph of days and turns. It starts with the turns that open inside the horizon and the days in and near
// their windows, and grows until the assignment on it is proven to be the best of all.
class DayTurnGraph {
public:
    explicit DayTurnGraph(const PlanCosts& costs) : costs_(costs), row_of_(costs.days()) {
        for (std::size_t day = 0; day < costs.days(); ++day) {
            if (costs.covered(day)) {
                row_of_[day] = day_of_.size();
                day_of_.push_back(day);
            }
        }
        turn_count_.reserve(costs.members());
        for (std::size_t member = 0; member < costs.members(); ++member) {
            turn_count_.push_back(0);
            add_turns(member, costs.turns()[member].opened() + 1);
        }
    }

    Choice best_choice() {
        std::size_t slack = first_slack + overdue_;
        add_days_near_windows(slack);
        AssignmentSolution start;
        while (true) {
            std::optional<AssignmentSolution> solution = solve_assignment(problem(), start);
            if (!solution) {
                // Overrides or a lone candidate can need days far from the windows, and turns beyond those
                // that open. With all turns and all days it is always possible.
                slack *= slack_growth;
                for (std::size_t member = 0; member < costs_.members(); ++member) {
                    add_turns(member, 2 * turn_count_[member]);
                }
                add_days_near_windows(slack);
                continue;
            }
            if (is_inside_windows(*solution) || !grow_beyond(*solution)) {
                return choice_of(*solution);
            }
            start = std::move(*solution);
        }
    }

private:
    // A member cannot serve more turns than they have days.
    bool add_turns(std::size_t member, std::size_t wanted) {
        wanted = std::min(wanted, costs_.days_of(member).size());
        if (wanted <= turn_count_[member]) {
            return false;
        }
        for (std::size_t k = turn_count_[member]; k < wanted; ++k) {
            columns_.push_back({member, costs_.turns()[member].turn(k),
                                std::vector<bool>(costs_.days_of(member).size(), false)});
            overdue_ += columns_.back().turn.last < 0 ? 1U : 0U;
        }
        turn_count_[member] = wanted;
        return true;
    }

    void add_days_near_windows(std::size_t slack) {
        for (TurnColumn& column : columns_) {
            const std::vector<std::size_t>& days = costs_.days_of(column.member);
            const auto position = [&](std::int64_t day) {
                return static_cast<std::size_t>(
                    std::partition_point(days.begin(), days.end(),
                                         [&](std::size_t d) { return static_cast<std::int64_t>(d) < day; }) -
                    days.begin());
            };
            const std::size_t begin = position(column.turn.first);
            const std::size_t end = position(column.turn.last + 1);
            const std::size_t from = begin - std::min(begin, slack);
            const std::size_t to = std::min(days.size(), std::max(begin, end) + slack);
            std::fill(column.in_graph.begin() + static_cast<std::ptrdiff_t>(from),
                      column.in_graph.begin() + static_cast<std::ptrdiff_t>(to), true);
        }
    }

    AssignmentProblem problem() const {
        AssignmentProblem problem;
        problem.rows = day_of_.size();
        problem.left_out.reserve(columns_.size());
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            const TurnColumn& column = columns_[c];
            const std::vector<std::size_t>& days = costs_.days_of(column.member);
            problem.left_out.push_back(costs_.left_out(column.member, column.turn));
            for (std::size_t i = 0; i < days.size(); ++i) {
                if (column.in_graph[i]) {
                    problem.edges.push_back(
                        {row_of_[days[i]], c, costs_.served(column.member, column.turn, days[i])});
                }
            }
        }
        return problem;
    }

    // Nothing outside a window and nothing mandatory unserved: what is not in the graph costs more than that.
    bool is_inside_windows(const AssignmentSolution& solution) const {
        std::vector<bool> used(columns_.size(), false);
        for (std::size_t row = 0; row < day_of_.size(); ++row) {
            const std::size_t c = solution.column_of_row[row];
            used[c] = true;
            if (days_outside(columns_[c].turn, static_cast<std::int64_t>(day_of_[row])) > 0) {
                return false;
            }
        }
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            if (!used[c] && costs_.left_out(columns_[c].member, columns_[c].turn).unserved > 0) {
                return false;
            }
        }
        return true;
    }

    // Adds what could lower the cost; false if nothing can, which proves the solution.
    bool grow_beyond(const AssignmentSolution& solution) {
        bool grown = false;
        // A day that is not in the graph is worth adding if it costs less than the prices of day and turn.
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            TurnColumn& column = columns_[c];
            const std::vector<std::size_t>& days = costs_.days_of(column.member);
            for (std::size_t i = 0; i < days.size(); ++i) {
                if (!column.in_graph[i] &&
                    costs_.served(column.member, column.turn, days[i]) <
                        solution.row_price[row_of_[days[i]]] + solution.column_price[c]) {
                    column.in_graph[i] = true;
                    grown = true;
                }
            }
        }
        // Further turns are worth adding for members who use all they have: while one is left out, it would
        // cost no more, for windows open in order and only mandatory turns close inside the horizon.
        std::vector<std::size_t> served(costs_.members(), 0);
        for (const std::size_t c : solution.column_of_row) {
            ++served[columns_[c].member];
        }
        for (std::size_t member = 0; member < costs_.members(); ++member) {
            if (served[member] == turn_count_[member] && add_turns(member, 2 * turn_count_[member])) {
                grown = true;
            }
        }
        return grown;
    }

    Choice choice_of(const AssignmentSolution& solution) const {
        Choice choice(costs_.days());
        for (std::size_t row = 0; row < day_of_.size(); ++row) {
            choice[day_of_[row]] = columns_[solution.column_of_row[row]].member;
        }
        return choice;
    }

    const PlanCosts& costs_;
    std::vector<std::size_t> day_of_;      // by row: days that somebody can serve
    std::vector<std::size_t> row_of_;      // by day
    std::vector<std::size_t> turn_count_;  // by member: how many of their turns are columns
    std::vector<TurnColumn> columns_;
    std::size_t overdue_ =
        0;  // turns whose windows closed before the horizon: they queue up for its first days
};

}  // namespace

Choice FairPlanner::choose(const PlannerInput& input) const {
    const PlanCosts costs(input);
    Choice choice = DayTurnGraph(costs).best_choice();
    exchange_repeats(costs, input.last, choice);
    return choice;
}

}  // namespace watchbill
