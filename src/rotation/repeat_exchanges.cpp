#include "rotation/repeat_exchanges.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace watchbill {

namespace {

class Exchanges {
public:
    Exchanges(const PlanCosts& costs, std::optional<std::size_t> last, Choice& choice)
        : costs_(costs), last_(last), choice_(choice), served_(costs.members()) {
        for (std::size_t day = 0; day < choice.size(); ++day) {
            if (choice[day]) {
                served_[*choice[day]].push_back(day);
            }
        }
    }

    void run() {
        bool improved = true;
        while (improved) {
            improved = false;
            for (std::size_t day = 0; day < choice_.size(); ++day) {
                if (repeats(day) && (move_away(day) || (day > 0 && move_away(day - 1)))) {
                    improved = true;
                }
            }
        }
    }

private:
    bool repeats(std::size_t day) const {
        if (!choice_[day]) {
            return false;
        }
        return choice_[day] == (day == 0 ? last_ : choice_[day - 1]);
    }

    // How often somebody repeats around two days; each place counted once.
    int repeats_around(std::size_t a, std::size_t b) const {
        int count = repeats(a) + repeats(b);
        if (a + 1 < choice_.size() && a + 1 != b) {
            count += repeats(a + 1);
        }
        if (b + 1 < choice_.size() && b + 1 != a) {
            count += repeats(b + 1);
        }
        return count;
    }

    bool move_away(std::size_t day) {
        for (std::size_t distance = 1; distance < choice_.size(); ++distance) {
            if (distance <= day && exchange_if_better(day, day - distance)) {
                return true;
            }
            if (day + distance < choice_.size() && exchange_if_better(day, day + distance)) {
                return true;
            }
        }
        return false;
    }

    bool exchange_if_better(std::size_t a, std::size_t b) {
        if (!choice_[a] || !choice_[b] || choice_[a] == choice_[b] || costs_.pinned(a) || costs_.pinned(b) ||
            !costs_.may_serve(*choice_[a], b) || !costs_.may_serve(*choice_[b], a)) {
            return false;
        }
        const int before = repeats_around(a, b);
        std::swap(choice_[a], choice_[b]);
        const int after = repeats_around(a, b);
        std::swap(choice_[a], choice_[b]);
        if (after >= before || changed_more(a, b)) {
            return false;
        }
        const std::size_t of_a = *choice_[a];
        const std::size_t of_b = *choice_[b];
        std::vector<std::size_t> days_of_a = moved(served_[of_a], a, b);
        std::vector<std::size_t> days_of_b = moved(served_[of_b], b, a);
        if (outside(of_a, days_of_a) + outside(of_b, days_of_b) >
            outside(of_a, served_[of_a]) + outside(of_b, served_[of_b])) {
            return false;
        }
        served_[of_a] = std::move(days_of_a);
        served_[of_b] = std::move(days_of_b);
        std::swap(choice_[a], choice_[b]);
        return true;
    }

    bool changed_more(std::size_t a, std::size_t b) const {
        return costs_.changed(*choice_[b], a) + costs_.changed(*choice_[a], b) >
               costs_.changed(*choice_[a], a) + costs_.changed(*choice_[b], b);
    }

    static std::vector<std::size_t> moved(std::vector<std::size_t> days, std::size_t from, std::size_t to) {
        days.erase(std::lower_bound(days.begin(), days.end(), from));
        days.insert(std::lower_bound(days.begin(), days.end(), to), to);
        return days;
    }

    // (a) of one member: a member serves their turns in order, so the k-th day served is the k-th turn.
    std::int64_t outside(std::size_t member, const std::vector<std::size_t>& days) const {
        std::int64_t sum = 0;
        for (std::size_t k = 0; k < days.size(); ++k) {
            const std::int64_t off =
                days_outside(costs_.turns()[member].turn(k), static_cast<std::int64_t>(days[k]));
            sum += off * off;
        }
        return sum;
    }

    const PlanCosts& costs_;
    std::optional<std::size_t> last_;
    Choice& choice_;
    std::vector<std::vector<std::size_t>> served_;  // by member: days, ascending
};

}  // namespace

void exchange_repeats(const PlanCosts& costs, std::optional<std::size_t> last, Choice& choice) {
    Exchanges(costs, last, choice).run();
}

}  // namespace watchbill
