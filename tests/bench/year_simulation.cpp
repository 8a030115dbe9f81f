// A year of daily replans as teams live it, with a shift every day: weekends, two sites with holidays of
// their own, vacations, sick days and night duty announced 0 to 60 days ahead, people who swap. The same
// years for each planner; prints tables for the README.
//
//   year_simulation [YEARS]    how many teams live through a year each (default 10)
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <vector>

#include "bench/largest_credit_first.h"
#include "bench/round_robin.h"
#include "rotation/class_instances.h"
#include "rotation/fair_planner.h"

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
    std::set<std::size_t> holidays;  // of one site or the other
    std::uint64_t swap_seed = 0;
};

// The classes that the year's shifts are in.
constexpr std::array class_names{"weekends", "holidays"};

std::optional<DayClass> class_of(const Year& year_of, std::size_t date) {
    const std::size_t weekday = date % 7;
    if (weekday == test::saturday || weekday == test::sunday)
        return DayClass{0, static_cast<std::int64_t>(date / 7)};
    if (year_of.holidays.contains(date)) return DayClass{1, static_cast<std::int64_t>(date)};
    return std::nullopt;
}

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
    // Eleven a year at each of two sites; every second member is at the other one.
    for (std::size_t site = 0; site < 2; ++site) {
        for (int holidays = 0; holidays < 16; ++holidays) {
            const std::size_t date = dice.between(0, year + horizon - 1);
            result.holidays.insert(date);
            for (std::size_t member = site; member < result.members.size(); member += 2)
                result.absences.push_back({member, date, 1, 0});
        }
    }
    return result;
}

struct Deviations {
    double largest = 0;
    double sum = 0;
    std::size_t count = 0;

    void note(const std::vector<double>& balances) {
        for (const double balance : balances) {
            largest = std::max(largest, std::fabs(balance));
            sum += std::fabs(balance);
            ++count;
        }
    }
    double mean() const { return sum / static_cast<double>(count); }
};

struct Tally {
    Deviations whole;
    std::array<Deviations, class_names.size()> classes;
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
          history_(year_of.members.size(), class_names.size()),
          balance_(year_of.members.size(), 0) {
        class_balance_.fill(balance_);
    }

    void live() {
        for (today_ = 0; today_ < year; ++today_) {
            const PlannerInput input = input_of_today();
            const Choice choice = planner_.choose(input);
            count_changes(input, choice);
            for (std::size_t d = 0; d < horizon; ++d) {
                published_[today_ + d] = choice[d];
            }
            serve(input, choice[0]);
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
        input.classes.resize(class_names.size());
        history_.carry_into(input);
        for (std::size_t d = 0; d < horizon; ++d) {
            const std::size_t date = today_ + d;
            PlannerDay& day = input.days.emplace_back();
            day.fair_class = class_of(year_, date);
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

    void serve(const PlannerInput& input, std::optional<std::size_t> holder) {
        const PlannerDay& day = input.days[0];
        history_.add(input, day, holder);
        count(day, holder, balance_);
        tally_.whole.note(balance_);
        if (day.fair_class) count(day, holder, class_balance_[day.fair_class->index]);
        for (std::size_t i = 0; i < class_balance_.size(); ++i) tally_.classes[i].note(class_balance_[i]);
        tally_.repeats += holder && holder == last_ ? 1U : 0U;
        last_ = holder;
    }

    void count(const PlannerDay& day, std::optional<std::size_t> holder,
               std::vector<double>& balances) const {
        double weights = 0;
        for (const std::size_t i : day.candidates) {
            weights += year_.members[i].weight;
        }
        for (const std::size_t i : day.candidates) {
            balances[i] += year_.members[i].weight / weights;
        }
        if (holder) {
            balances[*holder] -= 1;
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
    test::ClassHistories history_;
    std::vector<double> balance_;
    std::array<std::vector<double>, class_names.size()> class_balance_;
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
    std::array<Tally, planners.size()> tallies;
    std::printf(
        "| planner | changed days per absence | of these within the notice | ... needlessly | "
        "repeated shifts a year |\n");
    std::printf("| --- | --- | --- | --- | --- |\n");
    for (std::size_t i = 0; i < planners.size(); ++i) {
        Tally& tally = tallies[i];
        for (std::uint64_t seed = 1; seed <= years; ++seed) {
            Life(make_year(seed), *planners[i].second, tally).live();
        }
        std::printf("| %s | %.2f | %.2f | %.2f | %.1f |\n", planners[i].first,
                    each(tally.changed, tally.absences), each(tally.changed_in_notice, tally.absences),
                    each(tally.needlessly, tally.absences), each(tally.repeats, years));
        std::fflush(stdout);
    }

    std::printf("\nLargest (mean) deviation from the fair share, in shifts\n\n|  ");
    for (const auto& [name, planner] : planners) std::printf("| %s ", name);
    std::printf("|\n| --- | --- | --- | --- | --- |\n");
    const auto print_row = [&](const char* name, auto&& deviations_of) {
        std::printf("| %s ", name);
        for (const Tally& tally : tallies) {
            const Deviations deviations = deviations_of(tally);
            std::printf("| %.2f (%.2f) ", deviations.largest, deviations.mean());
        }
        std::printf("|\n");
    };
    print_row("all shifts", [](const Tally& tally) { return tally.whole; });
    for (std::size_t i = 0; i < class_names.size(); ++i)
        print_row(class_names[i], [&](const Tally& tally) { return tally.classes[i]; });
}
