#include "rotation/assignment_solver.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

namespace watchbill {

namespace {

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

// A priority queue of nodes by distance, then by index, so that ties are broken the same way everywhere.
class Frontier {
public:
    struct Entry {
        LevelCost distance;
        std::size_t node = 0;
    };

    void clear() { heap_.clear(); }
    bool empty() const { return heap_.empty(); }
    void push(const LevelCost& distance, std::size_t node) {
        heap_.push_back({distance, node});
        std::push_heap(heap_.begin(), heap_.end(), farther);
    }
    Entry pop() {
        std::pop_heap(heap_.begin(), heap_.end(), farther);
        const Entry nearest = heap_.back();
        heap_.pop_back();
        return nearest;
    }

private:
    static bool farther(const Entry& a, const Entry& b) {
        const auto order = a.distance <=> b.distance;
        return order != 0 ? order > 0 : a.node > b.node;
    }
    std::vector<Entry> heap_;
};

// Distances of one search; starting anew costs nothing.
class Distances {
public:
    explicit Distances(std::size_t nodes) : reached_in_(nodes, 0), distance_(nodes), parent_(nodes) {}

    void start() {
        ++search_;
        settled_.clear();
    }
    bool improve(std::size_t node, const LevelCost& distance, std::size_t parent) {
        if (reached_in_[node] == search_ && !(distance < distance_[node])) {
            return false;
        }
        reached_in_[node] = search_;
        distance_[node] = distance;
        parent_[node] = parent;
        return true;
    }
    const LevelCost& of(std::size_t node) const { return distance_[node]; }
    std::size_t parent(std::size_t node) const { return parent_[node]; }
    void settle(std::size_t node) { settled_.push_back(node); }
    const std::vector<std::size_t>& settled() const { return settled_; }

private:
    std::size_t search_ = 0;
    std::vector<std::size_t> reached_in_;
    std::vector<LevelCost> distance_;
    std::vector<std::size_t> parent_;
    std::vector<std::size_t> settled_;
};

class Solver {
public:
    explicit Solver(const AssignmentProblem& problem)
        : left_out_(problem.left_out),
          by_column_(problem.edges),
          rows_(problem.rows),
          columns_(problem.left_out.size()),
          row_begin_(rows_ + 1, 0),
          column_begin_(columns_ + 1, 0),
          column_of_(rows_, nobody),
          row_of_(columns_, nobody),
          row_price_(rows_),
          column_price_(columns_) {
        index_edges();
    }

    std::optional<AssignmentSolution> solve(const AssignmentSolution& start) {
        start_from(start);
        Distances to_columns(columns_);
        for (std::size_t row = 0; row < rows_; ++row) {
            if (column_of_[row] == nobody && !give_column_to(row, to_columns)) {
                return std::nullopt;
            }
        }
        Distances to_rows(rows_);
        for (std::size_t column = 0; column < columns_; ++column) {
            if (row_of_[column] == nobody && column_price_[column] < left_out_[column]) {
                give_row_or_leave_out(column, to_rows);
            }
        }
        return AssignmentSolution{std::move(column_of_), std::move(row_price_), std::move(column_price_)};
    }

private:
    void index_edges() {
        assert(std::is_sorted(by_column_.begin(), by_column_.end(),
                              [](const auto& a, const auto& b) { return a.column < b.column; }));
        for (const AssignmentEdge& edge : by_column_) {
            assert(edge.row < rows_ && edge.column < columns_);
            ++row_begin_[edge.row + 1];
            ++column_begin_[edge.column + 1];
        }
        std::partial_sum(row_begin_.begin(), row_begin_.end(), row_begin_.begin());
        std::partial_sum(column_begin_.begin(), column_begin_.end(), column_begin_.begin());
        by_row_.resize(by_column_.size());
        std::vector<std::size_t> in_row(row_begin_.begin(), row_begin_.end() - 1);
        for (const AssignmentEdge& edge : by_column_) by_row_[in_row[edge.row]++] = {edge.column, edge.cost};
    }

    // All that the searches rely on: no edge costs less than its prices, assigned ones cost just that, and no
    // column's price is above what leaving it out costs. Any such start leads to an optimum.
    void start_from(const AssignmentSolution& start) {
        std::copy(start.row_price.begin(), start.row_price.end(), row_price_.begin());
        std::copy(start.column_price.begin(), start.column_price.end(), column_price_.begin());
        const std::size_t known_columns = start.column_price.size();
        for (std::size_t column = known_columns; column < columns_; ++column) {
            // As if leaving it out cost nothing: then rows prefer columns only by what their edges cost, and
            // searches stay short.
            column_price_[column] = std::min(LevelCost{}, left_out_[column]);
        }
        for (std::size_t row = 0; row < start.column_of_row.size(); ++row) {
            if (still_cheapest(row, start.column_of_row[row])) {
                column_of_[row] = start.column_of_row[row];
                row_of_[column_of_[row]] = row;
            }
        }
    }

    bool still_cheapest(std::size_t row, std::size_t column) const {
        bool at_its_price = false;
        for (std::size_t i = row_begin_[row]; i < row_begin_[row + 1]; ++i) {
            const LevelCost price = row_price_[row] + column_price_[by_row_[i].to];
            if (by_row_[i].cost < price) {
                return false;
            }
            if (by_row_[i].to == column) {
                at_its_price = by_row_[i].cost == price;
            }
        }
        return at_its_price;
    }

    // The shortest path from `source` to a free column, in reduced costs; rows on it pass their columns on.
    bool give_column_to(std::size_t source, Distances& to) {
        to.start();
        frontier_.clear();
        set_price_of_new(source);
        std::size_t nearest_free = nobody;
        expand_row(source, LevelCost{}, nearest_free, to);
        while (!frontier_.empty()) {
            const auto [distance, column] = frontier_.pop();
            if (nearest_free != nobody && !(distance < to.of(nearest_free))) {
                break;
            }
            if (to.of(column) < distance) {
                continue;  // reached again by a shorter way
            }
            to.settle(column);
            expand_row(row_of_[column], distance, nearest_free, to);
        }
        if (nearest_free == nobody) {
            return false;
        }
        row_price_[source] += to.of(nearest_free);
        for (const std::size_t seen : to.settled()) {
            const LevelCost gain = to.of(nearest_free) - to.of(seen);
            column_price_[seen] -= gain;
            row_price_[row_of_[seen]] += gain;
        }
        pass_columns_on(nearest_free, source, to);
        return true;
    }

    void set_price_of_new(std::size_t row) {
        for (std::size_t i = row_begin_[row]; i < row_begin_[row + 1]; ++i) {
            const Arc& arc = by_row_[i];
            const LevelCost price = arc.cost - column_price_[arc.to];
            if (i == row_begin_[row] || price < row_price_[row]) {
                row_price_[row] = price;
            }
        }
    }

    void expand_row(std::size_t row, const LevelCost& distance, std::size_t& nearest_free, Distances& to) {
        const LevelCost base = distance - row_price_[row];
        for (std::size_t i = row_begin_[row]; i < row_begin_[row + 1]; ++i) {
            const Arc& arc = by_row_[i];
            const LevelCost reached = base + arc.cost - column_price_[arc.to];
            // What is no nearer than a free column known already cannot lie on the way to a nearer one.
            if (nearest_free != nobody && !(reached < to.of(nearest_free))) {
                continue;
            }
            if (to.improve(arc.to, reached, row)) {
                if (row_of_[arc.to] == nobody) {
                    nearest_free = arc.to;
                } else {
                    frontier_.push(reached, arc.to);
                }
            }
        }
    }

    void pass_columns_on(std::size_t column, std::size_t source, const Distances& to) {
        while (true) {
            const std::size_t row = to.parent(column);
            const std::size_t given_up = column_of_[row];
            column_of_[row] = column;
            row_of_[column] = row;
            if (row == source) {
                return;
            }
            column = given_up;
        }
    }

    // Rows all have columns. `source` has no row: either it takes one, whose column takes another's ... and
    // the last of them is left out, or it is left out itself; whichever is cheapest.
    void give_row_or_leave_out(std::size_t source, Distances& to) {
        to.start();
        frontier_.clear();
        LevelCost best = left_out_[source] - column_price_[source];
        std::size_t leave_out = source;
        expand_column(source, LevelCost{}, best, to);
        while (!frontier_.empty()) {
            const auto [distance, row] = frontier_.pop();
            if (!(distance < best)) {
                break;
            }
            if (to.of(row) < distance) {
                continue;
            }
            to.settle(row);
            const std::size_t column = column_of_[row];
            const LevelCost left_out = distance + left_out_[column] - column_price_[column];
            if (left_out < best) {
                best = left_out;
                leave_out = column;
            }
            expand_column(column, distance, best, to);
        }
        column_price_[source] += best;
        for (const std::size_t seen : to.settled()) {
            if (to.of(seen) < best) {
                const LevelCost gain = best - to.of(seen);
                row_price_[seen] -= gain;
                column_price_[column_of_[seen]] += gain;
            }
        }
        pass_rows_on(leave_out, source, to);
    }

    void expand_column(std::size_t column, const LevelCost& distance, const LevelCost& best, Distances& to) {
        const LevelCost base = distance - column_price_[column];
        for (std::size_t i = column_begin_[column]; i < column_begin_[column + 1]; ++i) {
            const AssignmentEdge& edge = by_column_[i];
            const LevelCost reached = base + edge.cost - row_price_[edge.row];
            if (reached < best && to.improve(edge.row, reached, column)) {
                frontier_.push(reached, edge.row);
            }
        }
    }

    void pass_rows_on(std::size_t leave_out, std::size_t source, const Distances& to) {
        if (leave_out == source) {
            return;
        }
        std::size_t row = row_of_[leave_out];
        row_of_[leave_out] = nobody;
        while (true) {
            const std::size_t column = to.parent(row);
            const std::size_t given_up = row_of_[column];
            column_of_[row] = column;
            row_of_[column] = row;
            if (column == source) {
                return;
            }
            row = given_up;
        }
    }

    struct Arc {
        std::size_t to = 0;  // a column
        LevelCost cost;
    };

    const std::vector<LevelCost>& left_out_;
    const std::vector<AssignmentEdge>& by_column_;
    std::size_t rows_;
    std::size_t columns_;
    std::vector<std::size_t> row_begin_;     // into by_row_
    std::vector<std::size_t> column_begin_;  // into by_column_
    std::vector<Arc> by_row_;
    std::vector<std::size_t> column_of_;
    std::vector<std::size_t> row_of_;
    std::vector<LevelCost> row_price_;
    std::vector<LevelCost> column_price_;
    Frontier frontier_;
};

}  // namespace

std::optional<AssignmentSolution> solve_assignment(const AssignmentProblem& problem,
                                                   const AssignmentSolution& start) {
    return Solver(problem).solve(start);
}

}  // namespace watchbill
