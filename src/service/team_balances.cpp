#include "service/team_balances.h"

#include "service/planning_window.h"
#include "time/zone.h"

namespace watchbill {

Result<std::vector<MemberBalance>> team_balances(const Team& team, Store& store, DaySpan period,
                                                 Instant now) {
    auto rows = store.assignments(team.name, {first_of_all_days, period.end});
    if (!rows) return tl::unexpected(std::move(rows.error()));
    BalanceRequest request{&team, {}, period, now};
    for (PublishedAssignment& row : *rows) request.published.push_back(std::move(row.assignment));
    return balances(request);
}

DaySpan whole_history(const Team& team, Instant now) {
    return {first_of_all_days, Zone::get(team.zone).day_of(now) + std::chrono::days(1)};
}

}  // namespace watchbill
