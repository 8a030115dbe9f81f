#include "rotation/repeat_exchanges.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdlib>

namespace watchbill {

namespace {

// The days or rows that each member serves, ascending, and how far from their turns' windows that is.
class ServedTurns {
public:
    explicit ServedTurns(const PlanCosts& costs) : costs_(&costs), served_(costs.members()) {}

    void serve(std::size_t member, std::size_t day) { served_[member].push_back(day); }

    // Whether exchanging who serves the two is further outside the windows.
    bool worse_if_exchanged(std::size_t of_a, std::size_t a, std::size_t of_b, std::size_t b) const {
        return outside(of_a, moved(served_[of_a], a, b)) + outside(of_b, moved(served_[of_b], b, a)) >
               outside(of_a, served_[of_a]) + outside(of_b, served_[of_b]);
    }
    void exchange(std::size_t of_a, std::size_t a, std::size_t of_b, std::size_t b) {
        served_[of_a] = moved(std::move(served_[of_a]), a, b);
        served_[of_b] = moved(std::move(served_[of_b]), b, a);
    }

private:
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
                days_outside(costs_->turns()[member].turn(k), static_cast<std::int64_t>(days[k]));
            sum += off * off;
        }
        return sum;
    }

    const PlanCosts* costs_;
    std::vector<std::vector<std::size_t>> served_;
};

// Two consecutive shifts are worse than two consecutive blocks, however many.
struct Repeats {
    int shifts = 0;
    int blocks = 0;
    auto operator<=>(const Repeats&) const = default;
};

class Exchanges {
public:
    Exchanges(const PlannerInput& input, const PlanCosts& costs, const std::vector<ClassCosts>& classes,
              Choice& choice)
        : input_(input), costs_(costs), choice_(choice), whole_(costs), places_(choice.size()) {
        for (std::size_t day = 0; day < choice.size(); ++day) {
            if (choice[day]) whole_.serve(*choice[day], day);
        }
        for (std::size_t i = 0; i < classes.size(); ++i) add_class(i, classes[i]);
    }

    void run() {
        bool improved = true;
        while (improved) {
            improved = false;
            for (std::size_t day = 0; day < choice_.size(); ++day) {
                if (repeats(day) && (move_away(day) || (day > 0 && move_away(day - 1)))) improved = true;
                if (repeats_block(day) && (move_away(day) || move_block_before_away(day))) improved = true;
            }
        }
    }

private:
    // Where a day stands in its class.
    struct Place {
        std::size_t fair_class = none;
        std::size_t row = 0;
        std::size_t block = 0;  // counted from 0
        bool joined = false;    // its row stands for other days, too
    };
    struct Class {
        ServedTurns served;
        std::vector<std::vector<std::size_t>> blocks;  // days
    };
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    void add_class(std::size_t index, const ClassCosts& it) {
        Class& added = classes_.emplace_back(Class{ServedTurns(*it.costs), {}});
        std::optional<std::int64_t> block;
        for (std::size_t row = 0; row < it.rows->days.size(); ++row) {
            const auto& days = it.rows->days[row];
            if (choice_[days.front()]) added.served.serve(*choice_[days.front()], row);
            for (const std::size_t day : days) {
                const std::int64_t its_block = input_.days[day].fair_class->block;
                if (block != its_block) added.blocks.emplace_back();
                block = its_block;
                added.blocks.back().push_back(day);
                places_[day] = {index, row, added.blocks.size() - 1, days.size() > 1};
            }
        }
    }

    bool repeats(std::size_t day) const {
        return choice_[day] && choice_[day] == (day == 0 ? input_.last : choice_[day - 1]);
    }

    bool repeats_block(std::size_t day) const {
        const Place& place = places_[day];
        return place.fair_class != none && choice_[day] &&
               serves_block_before(*choice_[day], place.fair_class, place.block);
    }

    bool serves_block_before(std::size_t member, std::size_t fair_class, std::size_t block) const {
        if (block == 0) return input_.classes[fair_class].last == member;
        const auto& days = classes_[fair_class].blocks[block - 1];
        return std::any_of(days.begin(), days.end(), [&](std::size_t day) { return choice_[day] == member; });
    }

    // How often somebody repeats around two days of the same class; each place counted once.
    Repeats repeats_around(std::size_t a, std::size_t b) const {
        Repeats count{repeats(a) + repeats(b), 0};
        if (a + 1 < choice_.size() && a + 1 != b) count.shifts += repeats(a + 1);
        if (b + 1 < choice_.size() && b + 1 != a) count.shifts += repeats(b + 1);
        if (places_[a].fair_class != none) count.blocks = block_repeats_around(a, b);
        return count;
    }

    int block_repeats_around(std::size_t a, std::size_t b) const {
        const Class& its_class = classes_[places_[a].fair_class];
        std::array<std::size_t, 4> blocks{places_[a].block, places_[a].block + 1, places_[b].block,
                                          places_[b].block + 1};
        std::sort(blocks.begin(), blocks.end());
        int count = 0;
        const auto end = std::unique(blocks.begin(), blocks.end());
        for (auto block = blocks.begin(); block != end; ++block) {
            if (*block == its_class.blocks.size()) continue;
            for (const std::size_t day : its_class.blocks[*block]) count += repeats_block(day) ? 1 : 0;
        }
        return count;
    }

    bool move_away(std::size_t day) {
        for (std::size_t distance = 1; distance < choice_.size(); ++distance) {
            if (distance <= day && exchange_if_better(day, day - distance)) return true;
            if (day + distance < choice_.size() && exchange_if_better(day, day + distance)) return true;
        }
        return false;
    }

    // Who serves the block of `day` and the one before can also give away the earlier one.
    bool move_block_before_away(std::size_t day) {
        const Place& place = places_[day];
        if (place.block == 0) return false;
        const auto& before = classes_[place.fair_class].blocks[place.block - 1];
        return std::any_of(before.begin(), before.end(), [&](std::size_t earlier) {
            return choice_[earlier] == choice_[day] && move_away(earlier);
        });
    }

    bool may_exchange(std::size_t a, std::size_t b) const {
        return choice_[a] && choice_[b] && choice_[a] != choice_[b] && !costs_.pinned(a) &&
               !costs_.pinned(b) && places_[a].fair_class == places_[b].fair_class && !places_[a].joined &&
               !places_[b].joined && costs_.may_serve(*choice_[a], b) && costs_.may_serve(*choice_[b], a);
    }

    bool exchange_if_better(std::size_t a, std::size_t b) {
        if (!may_exchange(a, b)) return false;
        const Repeats before = repeats_around(a, b);
        std::swap(choice_[a], choice_[b]);
        const Repeats after = repeats_around(a, b);
        std::swap(choice_[a], choice_[b]);
        if (after >= before || changed_more(a, b)) return false;
        const std::size_t of_a = *choice_[a];
        const std::size_t of_b = *choice_[b];
        if (whole_.worse_if_exchanged(of_a, a, of_b, b)) return false;
        if (const Place& place = places_[a]; place.fair_class != none) {
            ServedTurns& of_class = classes_[place.fair_class].served;
            if (of_class.worse_if_exchanged(of_a, place.row, of_b, places_[b].row)) return false;
            of_class.exchange(of_a, place.row, of_b, places_[b].row);
        }
        whole_.exchange(of_a, a, of_b, b);
        std::swap(choice_[a], choice_[b]);
        return true;
    }

    bool changed_more(std::size_t a, std::size_t b) const {
        return costs_.changed(*choice_[b], a) + costs_.changed(*choice_[a], b) >
               costs_.changed(*choice_[a], a) + costs_.changed(*choice_[b], b);
    }

    const PlannerInput& input_;
    const PlanCosts& costs_;
    Choice& choice_;
    ServedTurns whole_;
    std::vector<Class> classes_;
    std::vector<Place> places_;  // by day
};

}  // namespace

void exchange_repeats(const PlannerInput& input, const PlanCosts& costs,
                      const std::vector<ClassCosts>& classes, Choice& choice) {
    Exchanges(input, costs, classes, choice).run();
}

}  // namespace watchbill
