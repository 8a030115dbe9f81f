// The cost of a plan straight from DESIGN.md 4 (steps 2 to 6), and the cheapest plan by trying all of them:
// slow, simple and independent of the planner's code. For small horizons and weights only: one common
// denominator must fit 64 bits.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "rotation/fairness/plan_checker.h"
#include "rotation/fairness/planner.h"

namespace watchbill::test {

// Mandatory turns unserved, (a), days changed, and how near they are (the sum of days left from them on).
using PlanCost = std::array<std::int64_t, 4>;

class Oracle {
public:
    struct Window {
        std::int64_t first = 0;
        std::int64_t last = 0;
    };

    explicit Oracle(const PlannerInput& input)
        : input_(input), days_(static_cast<std::int64_t>(input.days.size())) {
        for (std::size_t i = 0; i < input.members.size(); ++i) {
            windows_.push_back(windows_of(i));
        }
    }

    const std::vector<std::vector<Window>>& windows() const { return windows_; }

    // Members serve their turns in order: the k-th day is the k-th turn.
    PlanCost cost(const Choice& choice) const {
        PlanCost total{};
        std::vector<std::size_t> served(input_.members.size(), 0);
        for (std::size_t d = 0; d < choice.size(); ++d) {
            if (choice[d]) {
                total = sum(total, served_cost(*choice[d], served[*choice[d]]++, d));
            }
        }
        return sum(total, unserved_cost(served));
    }

    // Quicker when the cost of some plan is known already: then it looks for cheaper ones only.
    PlanCost cheapest(std::optional<PlanCost> known = std::nullopt) const {
        std::optional<PlanCost> best = known;
        std::vector<std::size_t> served(input_.members.size(), 0);
        search(0, {}, served, best);
        return *best;
    }

    // The same without relying on the order of turns: every day takes any turn of its holder. Much slower.
    PlanCost cheapest_with_any_turn() const {
        std::optional<PlanCost> best;
        std::vector<std::vector<bool>> taken(input_.members.size(),
                                             std::vector<bool>(input_.days.size(), false));
        search_turns(0, {}, taken, best);
        return *best;
    }

    // Who may have the day, after overrides and the notice.
    std::vector<std::size_t> allowed(std::size_t d) const {
        const PlannerDay& day = input_.days[d];
        if (day.fixed) {
            return {*day.fixed};
        }
        if (day.in_notice && day.published && is_candidate(day, *day.published)) {
            return {*day.published};
        }
        return day.candidates;
    }

private:
    static PlanCost sum(PlanCost a, const PlanCost& b) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            a[i] += b[i];
        }
        return a;
    }

    std::vector<Window> windows_of(std::size_t member) const {
        // Everything in units of 1 / common.
        std::int64_t common = 1;
        std::int64_t everybody = 0;
        for (const PlannerMember& one : input_.members) {
            everybody += one.weight;
            for (const Share& share : one.earned) {
                common = std::lcm(common, share.denominator);
            }
        }
        for (const PlannerDay& day : input_.days) {
            common = std::lcm(common, std::max<std::int64_t>(1, weight(day)));
        }
        const std::int64_t mine = input_.members[member].weight;
        std::int64_t balance = -input_.members[member].served * common;
        for (const Share& share : input_.members[member].earned) {
            balance += share.numerator * (common / share.denominator);
        }
        const std::int64_t before = balance;
        std::vector<std::int64_t> at_end_of;
        for (const PlannerDay& day : input_.days) {
            if (is_candidate(day, member)) {
                balance += mine * (common / weight(day));
            }
            at_end_of.push_back(balance);
        }
        const std::int64_t round = (everybody + mine - 1) / mine;
        std::vector<Window> windows;
        for (std::int64_t k = 1; k <= days_; ++k) {
            Window window{-1, days_};
            if (before > (k - 1) * common) {
                window.first = 0;
            }
            if (before >= k * common) {
                window.last = -1;
            }
            for (std::int64_t d = 0; d < days_; ++d) {
                const std::int64_t earned = at_end_of[static_cast<std::size_t>(d)];
                if (window.first < 0 && earned > (k - 1) * common) {
                    window.first = d;
                }
                if (window.last == days_ && earned >= k * common) {
                    window.last = d;
                }
            }
            if (window.first < 0) {  // a shift a round from the end of the horizon on
                std::int64_t rounds = 0;
                while (balance + (rounds + 1) * common <= (k - 1) * common) {
                    ++rounds;
                }
                window.first = std::min(2 * days_, days_ + rounds * round);
            }
            windows.push_back(window);
        }
        return windows;
    }

    std::int64_t weight(const PlannerDay& day) const {
        std::int64_t weights = 0;
        for (const std::size_t i : day.candidates) {
            weights += input_.members[i].weight;
        }
        return weights;
    }

    PlanCost served_cost(std::size_t member, std::size_t k, std::size_t day) const {
        const auto d = static_cast<std::int64_t>(day);
        const Window& window = windows_[member][k];
        const std::int64_t off = d < window.first ? window.first - d : d > window.last ? d - window.last : 0;
        PlanCost cost{0, off * off, 0, 0};
        const PlannerDay& it = input_.days[day];
        if (!it.fixed && it.published && is_candidate(it, *it.published) && *it.published != member) {
            cost[2] = 1;
            cost[3] = days_ - d;
        }
        return cost;
    }

    // Only windows that close inside the horizon oblige; left out, they count as served the day after it.
    PlanCost unserved_cost(const std::vector<std::size_t>& served) const {
        PlanCost total{};
        for (std::size_t i = 0; i < served.size(); ++i) {
            for (std::size_t k = served[i]; k < std::min(windows_[i].size(), most_turns(i)); ++k) {
                total = sum(total, unserved_cost(i, k));
            }
        }
        return total;
    }
    PlanCost unserved_cost(std::size_t member, std::size_t k) const {
        const std::int64_t last = windows_[member][k].last;
        return last < days_ ? PlanCost{1, (days_ - last) * (days_ - last), 0, 0} : PlanCost{};
    }
    std::size_t most_turns(std::size_t member) const {
        std::size_t days = 0;
        for (std::size_t d = 0; d < input_.days.size(); ++d) {
            const auto who = allowed(d);
            days += std::find(who.begin(), who.end(), member) != who.end() ? 1U : 0U;
        }
        return days;
    }

    void search(std::size_t day, const PlanCost& so_far, std::vector<std::size_t>& served,
                std::optional<PlanCost>& best) const {
        if (best && so_far[0] == (*best)[0] && so_far >= *best) {
            return;  // costs only grow
        }
        if (day == input_.days.size()) {
            const PlanCost total = sum(so_far, unserved_cost(served));
            best = best ? std::min(*best, total) : total;
            return;
        }
        const auto who = allowed(day);
        if (who.empty()) {
            search(day + 1, so_far, served, best);
        }
        for (const std::size_t member : who) {
            const PlanCost cost = sum(so_far, served_cost(member, served[member], day));
            ++served[member];
            search(day + 1, cost, served, best);
            --served[member];
        }
    }

    void search_turns(std::size_t day, const PlanCost& so_far, std::vector<std::vector<bool>>& taken,
                      std::optional<PlanCost>& best) const {
        if (day == input_.days.size()) {
            PlanCost total = so_far;
            for (std::size_t i = 0; i < taken.size(); ++i) {
                for (std::size_t k = 0; k < std::min(taken[i].size(), most_turns(i)); ++k) {
                    if (!taken[i][k]) {
                        total = sum(total, unserved_cost(i, k));
                    }
                }
            }
            best = best ? std::min(*best, total) : total;
            return;
        }
        const auto who = allowed(day);
        if (who.empty()) {
            search_turns(day + 1, so_far, taken, best);
        }
        for (const std::size_t member : who) {
            for (std::size_t k = 0; k < std::min(taken[member].size(), most_turns(member)); ++k) {
                if (!taken[member][k]) {
                    taken[member][k] = true;
                    search_turns(day + 1, sum(so_far, served_cost(member, k, day)), taken, best);
                    taken[member][k] = false;
                }
            }
        }
    }

    const PlannerInput& input_;
    std::int64_t days_;
    std::vector<std::vector<Window>> windows_;
};

}  // namespace watchbill::test
