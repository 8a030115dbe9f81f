#include "service/team_balances.h"

#include "time/zone.h"

namespace watchbill {

namespace {

constexpr Day first_of_all_days{std::chrono::days(0)};  // nobody published a shift before 1970

}  // namespace

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
