#include "rotation/day_turn_graph.h"

#include <algorithm>
#include <optional>

#include "rotation/turns.h"

namespace watchbill {

namespace {

// How many of a member's days before and after a turn's window are in the graph at first. Any number gives
// the same plan; this one seldom needs a second round after a swap or an absence (tests/bench).
constexpr std::size_t first_slack = 6;
constexpr std::size_t slack_growth = 4;

}  // namespace

DayTurnGraph::DayTurnGraph(const PlanCosts& costs) : costs_(costs), row_of_(costs.days()) {
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
    slack_ = first_slack + overdue_;
    add_days_near_windows();
}

Choice DayTurnGraph::best_choice() {
    while (true) {
        pose_problem();
        std::optional<AssignmentSolution> solution = solve_assignment(problem_, solution_);
        if (!solution) {
            // Overrides or a lone candidate can need days far from the windows, and turns beyond those
            // that open. With all turns and all days it is always possible.
            slack_ *= slack_growth;
            for (std::size_t member = 0; member < costs_.members(); ++member) {
                add_turns(member, 2 * turn_count_[member]);
            }
            add_days_near_windows();
            continue;
        }
        solution_ = std::move(*solution);
        if (is_inside_windows() || !grow_beyond_solution()) {
            return choice();
        }
    }
}

// A member cannot serve more turns than they have days.
bool DayTurnGraph::add_turns(std::size_t member, std::size_t wanted) {
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

void DayTurnGraph::add_days_near_windows() {
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
        const std::size_t from = begin - std::min(begin, slack_);
        const std::size_t to = std::min(days.size(), std::max(begin, end) + slack_);
        std::fill(column.in_graph.begin() + static_cast<std::ptrdiff_t>(from),
                  column.in_graph.begin() + static_cast<std::ptrdiff_t>(to), true);
    }
}

void DayTurnGraph::pose_problem() {
    problem_.rows = day_of_.size();
    problem_.left_out.clear();
    problem_.edges.clear();
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        const TurnColumn& column = columns_[c];
        const std::vector<std::size_t>& days = costs_.days_of(column.member);
        problem_.left_out.push_back(costs_.left_out(column.member, column.turn));
        for (std::size_t i = 0; i < days.size(); ++i) {
            if (column.in_graph[i]) {
                problem_.edges.push_back(
                    {row_of_[days[i]], c, costs_.served(column.member, column.turn, days[i])});
            }
        }
    }
}

// Nothing outside a window and nothing mandatory unserved: what is not in the graph costs more than that.
bool DayTurnGraph::is_inside_windows() const {
    std::vector<bool> used(columns_.size(), false);
    for (std::size_t row = 0; row < day_of_.size(); ++row) {
        const std::size_t c = solution_.column_of_row[row];
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
bool DayTurnGraph::grow_beyond_solution() {
    bool grown = false;
    // A day that is not in the graph is worth adding if it costs less than the prices of day and turn.
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        TurnColumn& column = columns_[c];
        const std::vector<std::size_t>& days = costs_.days_of(column.member);
        for (std::size_t i = 0; i < days.size(); ++i) {
            if (!column.in_graph[i] &&
                costs_.served(column.member, column.turn, days[i]) <
                    solution_.row_price[row_of_[days[i]]] + solution_.column_price[c]) {
                column.in_graph[i] = true;
                grown = true;
            }
        }
    }
    // Further turns are worth adding for members who use all they have: while one is left out, it would
    // cost no more, for windows open in order and only mandatory turns close inside the horizon.
    std::vector<std::size_t> served(costs_.members(), 0);
    for (const std::size_t c : solution_.column_of_row) {
        ++served[columns_[c].member];
    }
    for (std::size_t member = 0; member < costs_.members(); ++member) {
        if (served[member] == turn_count_[member] && add_turns(member, 2 * turn_count_[member])) {
            grown = true;
        }
    }
    return grown;
}

Choice DayTurnGraph::choice() const {
    Choice choice(costs_.days());
    for (std::size_t row = 0; row < day_of_.size(); ++row) {
        choice[day_of_[row]] = columns_[solution_.column_of_row[row]].member;
    }
    return choice;
}

}  // namespace watchbill
