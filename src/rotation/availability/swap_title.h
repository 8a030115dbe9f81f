// The dates that people write into titles: "MRO swap 2026-12-03", "3 Dec", "03/12", "3. Dezember", "Dec 3rd".
// Month names in English, French, German, Spanish, Italian, Portuguese and Dutch. Pure.
//
// Whoever says yes to a title agrees to what it says, so nothing is guessed: "03/12" follows the team's order
// (Team::date_order) and is ambiguous where that is not known and both readings exist; a number that may be a
// day ("MRO swap 3") is ambiguous too. Times ("09:00", "9h"), numbers inside words and "#42" are no dates.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "watchbill/team.h"
#include "watchbill/time.h"

namespace watchbill {

struct TitleDate {
    std::optional<int> year;
    unsigned month = 1;
    unsigned day = 1;
    bool operator==(const TitleDate&) const = default;
};

struct TitleDates {
    std::vector<TitleDate> dates;  // in the title's order; each exists in some year
    bool ambiguous = false;        // something in it may be another date, or one that does not exist
    bool operator==(const TitleDates&) const = default;
};

TitleDates dates_in_title(std::string_view title, DateOrder order);

// The day; without a year the one nearest to `near`. Nothing for 29 February where that year has none.
std::optional<Day> day_of_title_date(const TitleDate& date, Day near);

// How dates are written where the team is, as far as its zone tells: month first in the United States and,
// without a year, in China, Japan, Korea and Taiwan; unknown in Canada, where both are, and without a place
// ("UTC"); day first elsewhere.
DateOrder usual_date_order(std::string_view zone);

}  // namespace watchbill
