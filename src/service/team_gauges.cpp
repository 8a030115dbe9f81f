#include "service/team_gauges.h"

#include <set>

namespace watchbill {

namespace {

void gauge_sources(const std::vector<SourceState>& sources, Instant now, TeamGauges& gauges) {
    for (const SourceState& source : sources) {
        if (source.health == SourceHealth::stale) ++gauges.stale;
        if (source.health == SourceHealth::failing) ++gauges.failing;
        // One that never answered has no age: it is counted as failing.
        if (!source.last_success) continue;
        const Duration age = std::max(now - *source.last_success, Duration(0));
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

TeamGauges gauge_team(const TeamNotice& notice, Instant now) {
    TeamGauges gauges;
    gauges.team = notice.team->name;
    gauge_sources(notice.sources, now, gauges);
    if (notice.plan != nullptr) gauge_plan(*notice.plan, now, gauges);
    gauges.published_at = notice.published_at;
    return gauges;
}

}  // namespace watchbill
