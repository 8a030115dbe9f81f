// What of a team's state an operator must see: calendars that are not read, days without anybody. Pure.
#pragma once

#include <optional>
#include <string>

#include "service/moment.h"
#include "service/notice_board.h"

namespace watchbill {

struct TeamGauges {
    std::string team;
    size_t stale = 0;                       // calendars of which the last good copy is in use
    size_t failing = 0;                     // calendars that fail and have no copy
    std::optional<Duration> oldest_answer;  // age of what was heard from the calendar that is silent longest
    // Dates with a shift that nobody serves and that has not ended. Set with `published_at` only.
    size_t uncovered_days = 0;       // in the whole horizon
    size_t uncovered_days_soon = 0;  // of these, those with a shift that starts within two weeks
    std::optional<Instant> published_at;
};

// So far ahead an uncovered day is news: it is the default of `notice_days`.
inline constexpr std::chrono::days soon{14};

TeamGauges gauge_team(const TeamNotice& notice, Moment now);

}  // namespace watchbill
