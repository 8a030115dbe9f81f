// A year of daily replans as teams live it: vacations, sick days and night duty announced 0 to 60 days ahead,
// people who swap. The same years for each planner; prints a table for the README.
//
//   year_simulation [YEARS]    how many teams live through a year each (default 10)
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "bench/largest_credit_first.h"
#include "bench/round_robin.h"
#include "rotation/fair_planner.h"
#include "rotation/plan_checker.h"
#include "rotation/planner_instances.h"

namespace {

using namespace watchbill;

constexpr std::size_t year = 365;
constexpr std::size_t horizon = 180;
constexpr std::size_t notice = 14;

struct AnnouncedAbsence {
    std::size_t member = 0;
    std::size_t from = 0;
    std::size_t days = 0;
    std::size_t announced = 0;  // known from this day on
};

// What happens to a team, whatever planner it uses.
struct Year {
    std::vector<PlannerMember> members;
    std::vector<AnnouncedAbsence> absences;
    std::uint64_t swap_seed = 0;
};

Year make_year(std::uint64_t seed) {
    test::Dice dice(seed);
    Year result;
    result.members.resize(dice.between(5, 9));
    result.members.back().weight = 600;  // somebody works three days a week
    result.swap_seed = seed + 1'000'000;
    const auto add = [&](std::size_t member, std::size_t days) {
        const std::size_t from = dice.between(0, year + horizon - 1);
        result.absences.push_back({member, from, days, from - std::min(from, dice.between(0, 60))});
    };
    for (std::size_t member = 0; member < result.members.size(); ++member) {
        for (int vacations = 0; vacations < 6; ++vacations) {
            add(member, dice.between(3, 20));
        }
        for (int days_away = 0; days_away < 20; ++days_away) {  // sick, a night on duty, a day off
            add(member, dice.between(1, 2));
        }
    }
    return result;
}

struct Tally {
    double largest_deviation = 0;
    double sum_of_deviations = 0;
    std::size_t deviations = 0;
    std::size_t absences = 0;           // announced during the year
    std::size_t changed = 0;            // published days that got another holder
    std::size_t changed_in_notice = 0;  // of these, less than 14 days ahead
    std::size_t needlessly = 0;         // of these, though the holder was still available
    std::size_t repeats = 0;            // somebody on two consecutive shifts
};

class Life {
public:
    Life(const Year& year_of, const Planner& planner, Tally& tally)
        : year_(year_of),
          planner_(planner),
          tally_(tally),
          swaps_(year_of.swap_seed),
          history_(year_of.members.size()),
          balance_(year_of.members.size(), 0) {}

    void live() {
        for (today_ = 0; today_ < year; ++today_) {
            const PlannerInput input = input_of_today();
            const Choice choice = planner_.choose(input);
            count_changes(input, choice);
            for (std::size_t d = 0; d < horizon; ++d) {
                published_[today_ + d] = choice[d];
            }
            serve(input.days[0], choice[0]);
            swap_some();
        }
    }

private:
    bool is_away(std::size_t member, std::size_t day) const {
        for (const AnnouncedAbsence& absence : year_.absences) {
            if (absence.member == member && absence.announced <= today_ && absence.from <= day &&
                day < absence.from + absence.days) {
                return true;
            }
        }
        return false;
    }

    PlannerInput input_of_today() {
        PlannerInput input;
        input.members = year_.members;
        history_.carry_into(input);
        for (std::size_t d = 0; d < horizon; ++d) {
            const std::size_t date = today_ + d;
            PlannerDay& day = input.days.emplace_back();
            for (std::size_t i = 0; i < year_.members.size(); ++i) {
                if (!is_away(i, date)) {
                    day.candidates.push_back(i);
                }
            }
            if (const auto found = published_.find(date); found != published_.end()) {
                day.published = found->second;
            }
            if (const auto found = swapped_.find(date);
                found != swapped_.end() && test::is_candidate(day, found->second)) {
                day.fixed = found->second;
            }
            day.in_notice = d < notice;
        }
        for (const AnnouncedAbsence& absence : year_.absences) {
            tally_.absences += absence.announced == today_ ? 1U : 0U;
        }
        return input;
    }

    void count_changes(const PlannerInput& input, const Choice& choice) {
        for (std::size_t d = 0; d < horizon; ++d) {
            const PlannerDay& day = input.days[d];
            if (day.published && choice[d] != day.published) {
                ++tally_.changed;
                tally_.changed_in_notice += day.in_notice ? 1U : 0U;
                tally_.needlessly += day.in_notice && test::is_candidate(day, *day.published) ? 1U : 0U;
            }
        }
    }

    void serve(const PlannerDay& day, std::optional<std::size_t> holder) {
        history_.add(year_.members, day, holder);
        double weights = 0;
        for (const std::size_t i : day.candidates) {
            weights += year_.members[i].weight;
        }
        for (const std::size_t i : day.candidates) {
            balance_[i] += year_.members[i].weight / weights;
        }
        if (holder) {
            balance_[*holder] -= 1;
        }
        tally_.repeats += holder && holder == last_ ? 1U : 0U;
        last_ = holder;
        for (const double balance : balance_) {
            tally_.largest_deviation = std::max(tally_.largest_deviation, std::fabs(balance));
            tally_.sum_of_deviations += std::fabs(balance);
            ++tally_.deviations;
        }
    }

    // Once a week or so two people trade one of the next three weeks' shifts against a later one.
    void swap_some() {
        const bool wanted = swaps_.one_in(7);
        const std::size_t date = today_ + swaps_.between(1, 21);
        const std::size_t partner = swaps_.between(0, year_.members.size() - 1);
        const auto mine = published_[date];
        if (!wanted || !mine || mine == partner || is_away(partner, date)) {
            return;
        }
        for (std::size_t other = date + 1; other < today_ + 40; ++other) {
            if (published_[other] == partner && !is_away(*mine, other)) {
                published_[date] = swapped_[date] = partner;
                published_[other] = swapped_[other] = *mine;
                return;
            }
        }
    }

    const Year& year_;
    const Planner& planner_;
    Tally& tally_;
    test::Dice swaps_;
    std::size_t today_ = 0;
    test::History history_;
    std::vector<double> balance_;
    std::optional<std::size_t> last_;
    std::map<std::size_t, std::optional<std::size_t>> published_;  // by date, after people's swaps
    std::map<std::size_t, std::size_t> swapped_;
};

double each(std::size_t count, std::size_t of) {
    return static_cast<double>(count) / static_cast<double>(of);
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t years = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10;
    const FairPlanner fair;
    const test::RoundRobin round_robin;
    const test::LargestCreditFirst credit(false);
    const test::LargestCreditFirst credit_kept(true);
    const std::array<std::pair<const char*, const Planner*>, 4> planners{{
        {"Watchbill", &fair},
        {"round robin that skips", &round_robin},
        {"largest credit first", &credit},
        {"largest credit first, published days kept", &credit_kept},
    }};
    std::printf("%llu years of daily replans, horizon %zu days, notice %zu days\n\n",
                static_cast<unsigned long long>(years), horizon, notice);
    std::printf(
        "| planner | largest deviation | mean deviation | changed days per absence | "
        "of these within the notice | ... needlessly | repeated shifts a year |\n");
    std::printf("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (const auto& [name, planner] : planners) {
        Tally tally;
        for (std::uint64_t seed = 1; seed <= years; ++seed) {
            Life(make_year(seed), *planner, tally).live();
        }
        std::printf("| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.1f |\n", name, tally.largest_deviation,
                    tally.sum_of_deviations / static_cast<double>(tally.deviations),
                    each(tally.changed, tally.absences), each(tally.changed_in_notice, tally.absences),
                    each(tally.needlessly, tally.absences), each(tally.repeats, years));
        std::fflush(stdout);
    }
}
