#include "rotation/availability/swap_title.h"

#include <catch2/catch.hpp>

#include "time/format.h"

namespace swap_title_test {

using namespace watchbill;

namespace {

constexpr auto dmy = DateOrder::day_first;
constexpr auto mdy = DateOrder::month_first;

TitleDates of(std::string_view title, DateOrder order = dmy) { return dates_in_title(title, order); }
TitleDates only(std::optional<int> year, unsigned month, unsigned day) {
    return {{{year, month, day}}, false};
}
const TitleDates none;

}  // namespace

TEST_CASE("dates are read as people write them in seven languages") {
    for (const char* title :
         {"MRO swap 2026-12-03", "MRO swap 3 December 2026", "MRO swap Dec 3rd, 2026", "MRO swap 3/12/2026",
          "MRO swap 03.12.26", "MRO Tausch 3. Dezember 2026", "échange MRO 3 décembre 2026",
          "cambio MRO 3 de diciembre de 2026", "scambio MRO 3 dicembre 2026",
          "troca MRO 3 de dezembro de 2026", "MRO ruil 3 december 2026", "MRO swap 2026/12/03"}) {
        INFO(title);
        CHECK(of(title) == only(2026, 12, 3));
    }
    CHECK(of("MRO swap 3 Dec") == only({}, 12, 3));
    CHECK(of("MRO swap December 3") == only({}, 12, 3));
    CHECK(of("échange MRO 1er août") == only({}, 8, 1));
    CHECK(of("MRO Tausch 3.12.") == only({}, 12, 3));
}

TEST_CASE("numbers with strokes follow the team's order, and nothing is guessed") {
    CHECK(of("MRO swap 03/12", dmy) == only({}, 12, 3));
    CHECK(of("MRO swap 03/12", mdy) == only({}, 3, 12));
    CHECK(of("MRO swap 03/12", DateOrder::unknown).ambiguous);
    CHECK(of("MRO swap 13/12", DateOrder::unknown) == only({}, 12, 13));
    CHECK(of("MRO swap 12/12", DateOrder::unknown) == only({}, 12, 12));
    CHECK(of("MRO swap 12/13", dmy) == only({}, 12, 13));
    for (const char* title : {"MRO swap 31/02", "MRO swap 3", "MRO swap 3rd", "MRO swap 9-18",
                              "MRO swap 30 Feb", "MRO swap 2026-13-01"}) {
        INFO(title);
        CHECK(of(title).ambiguous);
    }
}

TEST_CASE("times, labels and words with numbers are no dates") {
    for (const char* title :
         {"MRO swap", "MRO swap 09:00", "MRO swap 9h", "MRO swap 9h30", "MRO swap 9 am", "MRO swap #3",
          "MRO swap db3", "MRO swap with bob.3@example.com", "MRO swap 4711", "MRO swap may"}) {
        INFO(title);
        CHECK(of(title) == none);
    }
    CHECK(of("MRO swap 1 Dec <-> 3 Dec").dates.size() == 2);
}

TEST_CASE("a date without a year is the nearest") {
    const auto near = [](std::string_view day) { return *parse_day(day); };
    CHECK(day_of_title_date({{}, 1, 3}, near("2026-12-20")) == near("2027-01-03"));
    CHECK(day_of_title_date({{}, 12, 28}, near("2027-01-03")) == near("2026-12-28"));
    CHECK(day_of_title_date({2030, 1, 3}, near("2026-12-20")) == near("2030-01-03"));
    CHECK_FALSE(day_of_title_date({2027, 2, 29}, near("2026-12-20")));
}

TEST_CASE("the order follows the place") {
    CHECK(usual_date_order("Europe/Paris") == dmy);
    CHECK(usual_date_order("America/New_York") == mdy);
    CHECK(usual_date_order("America/Indiana/Knox") == mdy);
    CHECK(usual_date_order("America/Montreal") == DateOrder::unknown);
    CHECK(usual_date_order("UTC") == DateOrder::unknown);
}

}  // namespace swap_title_test
