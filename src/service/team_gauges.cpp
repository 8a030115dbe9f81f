#include "service/team_gauges.h"

#include <set>

namespace watchbill {

namespace {

void gauge_sources(const std::vector<SourceState>& sources, SteadyInstant now, TeamGauges& gauges) {
    for (const SourceState& source : sources) {
        if (source.health == SourceHealth::stale) ++gauges.stale;
        if (source.health == SourceHealth::failing) ++gauges.failing;
        // One that never answered has no age: it is counted as failing.
        if (!source.heard_at) continue;
        const Duration age = std::chrono::duration_cast<Duration>(now - *source.heard_at);
        gauges.oldest_answer = std::max(gauges.oldest_answer.value_or(age), age);
    }
}

void gauge_plan(const Plan& plan, Instant now, TeamGauges& gauges) {
    std::set<Day> uncovered;
    std::set<Day> uncovered_soon;
    for (const Assignment& assignment : plan.assignments) {
        const Shift& shift = assignment.shift;
        if (assignment.member || shift.when.end <= now) continue;
        uncovered.insert(shift.key.date);
        if (shift.when.start < now + soon) uncovered_soon.insert(shift.key.date);
    }
    gauges.uncovered_days = uncovered.size();
    gauges.uncovered_days_soon = uncovered_soon.size();
}

}  // namespace

TeamGauges gauge_team(const TeamNotice& notice, Moment now) {
    TeamGauges gauges;
    gauges.team = notice.team->name;
    gauge_sources(notice.sources, now.steady, gauges);
    if (notice.plan != nullptr) gauge_plan(*notice.plan, now.wall, gauges);
    gauges.published_at = notice.published_at;
    return gauges;
}

}  // namespace watchbill
