// How long a replan takes. Each is what the service does when something changed: balances carried from two
// months of history, everything published, and news: an absence, swaps. Targets on a small machine: 12
// members x 180 days under 10 ms, 50 x 365 under 60 ms, with two classes of shifts that are fair by
// themselves.
#include <benchmark/benchmark.h>

#include "rotation/class_instances.h"
#include "rotation/fair_planner.h"

namespace {

using namespace watchbill;

constexpr std::size_t notice = 14;
constexpr std::size_t history = 60;

// A team on an ordinary day: `history` days served by an earlier plan, the rest of that plan published.
PlannerInput ordinary_day(std::uint64_t seed, std::size_t members, std::size_t days) {
    test::Dice dice(seed);
    PlannerInput whole =
        test::random_instance(dice, {members, history + days}, test::Classes::weekends_and_holidays);
    const Choice plan = FairPlanner().choose(whole);
    test::ClassHistories served(members, whole.classes.size());
    for (std::size_t d = 0; d < history; ++d) {
        served.add(whole, whole.days[d], plan[d]);
    }
    served.carry_into(whole);
    whole.days.erase(whole.days.begin(), whole.days.begin() + history);
    for (std::size_t d = 0; d < days; ++d) {
        whole.days[d].published = plan[history + d];
        whole.days[d].in_notice = d < notice;
    }
    return whole;
}

void announce_absence(PlannerInput& input, std::size_t member, std::size_t from, std::size_t days) {
    for (std::size_t d = from; d < from + days; ++d) {
        std::erase(input.days[d].candidates, member);
    }
}

void plan_repeatedly(benchmark::State& state, const PlannerInput& input) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(FairPlanner().choose(input));
    }
}

std::size_t members(const benchmark::State& state) { return static_cast<std::size_t>(state.range(0)); }
std::size_t days(const benchmark::State& state) { return static_cast<std::size_t>(state.range(1)); }

void fresh_plan(benchmark::State& state) {
    test::Dice dice(1);
    plan_repeatedly(state, test::random_instance(dice, {members(state), days(state)},
                                                 test::Classes::weekends_and_holidays));
}

void fresh_plan_without_classes(benchmark::State& state) {
    test::Dice dice(1);
    plan_repeatedly(state, test::random_instance(dice, {members(state), days(state)}));
}

// What most of a day's plans are.
void replan_without_news(benchmark::State& state) {
    plan_repeatedly(state, ordinary_day(1, members(state), days(state)));
}

void replan_after_an_absence(benchmark::State& state) {
    PlannerInput input = ordinary_day(1, members(state), days(state));
    announce_absence(input, *input.days[3].published, 3, 10);
    plan_repeatedly(state, input);
}

// A month of disorder at once: every third member away for two weeks, ten days fixed by swaps and covers.
void replan_after_much_news(benchmark::State& state) {
    PlannerInput input = ordinary_day(2, members(state), days(state));
    for (std::size_t i = 0; i < members(state); i += 3) {
        announce_absence(input, i, 2 + i % 20, 14);
    }
    for (std::size_t d = 1; d < 31; d += 3) {
        input.days[d].fixed = d % members(state);
    }
    plan_repeatedly(state, input);
}

// Weights without a common measure: totals of thousands of bits.
void replan_with_odd_weights(benchmark::State& state) {
    PlannerInput input = ordinary_day(3, members(state), days(state));
    for (std::size_t i = 0; i < members(state); ++i) {
        input.members[i].weight = static_cast<int>(701 + 13 * i + i * i % 7);
    }
    announce_absence(input, 0, 5, 10);
    plan_repeatedly(state, input);
}

void sizes(benchmark::internal::Benchmark* bench) {
    bench->Args({12, 180})->Args({50, 365})->Unit(benchmark::kMillisecond);
}

void growth(benchmark::internal::Benchmark* bench) {
    for (const int size : {6, 12, 25, 50, 100}) {
        bench->Args({size, 180});
    }
    for (const int size : {90, 365, 730}) {
        bench->Args({12, size});
    }
    bench->Unit(benchmark::kMillisecond);
}

BENCHMARK(fresh_plan)->Apply(sizes)->Apply(growth);
BENCHMARK(fresh_plan_without_classes)->Apply(sizes);
BENCHMARK(replan_without_news)->Apply(sizes);
BENCHMARK(replan_after_an_absence)->Apply(sizes);
BENCHMARK(replan_after_much_news)->Apply(sizes)->Apply(growth);
BENCHMARK(replan_with_odd_weights)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
