#include "rotation/shift_classes.h"

#include <catch2/catch.hpp>

#include "rotation/shifts.h"
#include "rotation/two_site_team.h"

namespace shift_classes_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

constexpr auto weekend = ShiftClass::weekend;
constexpr auto holiday = ShiftClass::holiday;
constexpr auto night = ShiftClass::night;
constexpr auto weekday = ShiftClass::weekday;

// Nine to six in Paris, every day.
Rotation every_day(std::vector<ShiftClass> balance) {
    Rotation rotation = two_site_team().rotations.front();
    rotation.days.fill(true);
    rotation.balance = std::move(balance);
    return rotation;
}

// The class's name, or "" for none.
std::string class_name(const Rotation& rotation, std::string_view date, bool is_holiday = false) {
    const DaySpan one{day(date), day(date) + std::chrono::days(1)};
    const auto fair = class_of(rotation, shifts_of(rotation, one).at(0), is_holiday);
    return fair ? fair_class_name(*fair) : "";
}

Assignment served(std::string_view date, const MemberId& holder, std::vector<Candidate> candidates) {
    Assignment served =
        assignment("mro", date, std::string(date) + "T08:00:00Z", std::string(date) + "T17:00:00Z", holder);
    served.candidates = std::move(candidates);
    return served;
}

const std::vector<Candidate> two{{alice, 1000}, {bob, 1000}};
const std::vector<Candidate> three{{alice, 1000}, {bob, 1000}, {carol, 1000}};

}  // namespace

TEST_CASE("A shift is of the first class that the rotation balances and that fits") {
    // 2026-03-06 is a Friday.
    const Rotation usual = every_day({weekend, holiday});
    CHECK(class_name(usual, "2026-03-06").empty());
    CHECK(class_name(usual, "2026-03-07") == "weekend");
    CHECK(class_name(usual, "2026-03-08") == "weekend");
    CHECK(class_name(usual, "2026-03-09").empty());
    CHECK(class_name(usual, "2026-03-09", true) == "holiday");
    CHECK(class_name(usual, "2026-03-08", true) == "weekend");
    CHECK(class_name(every_day({holiday}), "2026-03-08", true) == "holiday");
    CHECK(class_name(every_day({}), "2026-03-08", true).empty());

    const Rotation by_day = every_day({weekday, weekend});
    CHECK(class_name(by_day, "2026-03-06") == "friday");
    CHECK(class_name(by_day, "2026-03-08") == "weekend");
    CHECK(class_name(every_day({weekday}), "2026-03-08") == "sunday");
}

TEST_CASE("A shift is of the night by the rotation's zone") {
    Rotation rotation = every_day({night});
    CHECK(class_name(rotation, "2026-03-06").empty());
    rotation.start = std::chrono::hours(18);
    rotation.end = std::chrono::hours(24);
    CHECK(class_name(rotation, "2026-03-06") == "night");  // 20:00 to 24:00
    rotation.end = std::chrono::hours(23);
    CHECK(class_name(rotation, "2026-03-06").empty());
    // 18:00 to 23:00 in Montreal is 00:00 to 05:00 in Paris.
    rotation.zone = "America/Montreal";
    CHECK(class_name(rotation, "2026-03-06").empty());
}

TEST_CASE("Days kept together with a weekend are of it, and one block") {
    Rotation rotation = every_day({weekend});
    const FairClass weekends{weekend, 0};
    CHECK(block_of(rotation, weekends, day("2026-03-08")) == day("2026-03-07"));
    CHECK(block_of(rotation, weekends, day("2026-03-07")) == day("2026-03-07"));
    CHECK_FALSE(keeps_together(rotation, weekends));

    rotation.together = {{true, true, false, false, false, false, true}};  // Saturday to Monday
    CHECK(keeps_together(rotation, weekends));
    CHECK(class_name(rotation, "2026-03-09") == "weekend");
    CHECK(class_name(rotation, "2026-03-10").empty());
    for (const char* date : {"2026-03-07", "2026-03-08", "2026-03-09"})
        CHECK(block_of(rotation, weekends, day(date)) == day("2026-03-07"));
    CHECK(block_of(rotation, weekends, day("2026-03-14")) == day("2026-03-14"));
}

TEST_CASE("Names of classes are told to people in the plural") {
    CHECK(say_fair_class("weekend") == "weekends");
    CHECK(say_fair_class("holiday") == "holidays");
    CHECK(say_fair_class("friday") == "Fridays");
}

TEST_CASE("Of whole weekends those earn one who could have served all of it") {
    Rotation rotation = every_day({weekend});
    rotation.together = {{true, false, false, false, false, false, true}};
    ClassHistory history(rotation, {weekend, 0});
    CHECK_FALSE(history.last());
    history.add(served("2026-03-07", alice, three));
    history.add(served("2026-03-08", alice, two));
    Tally tally = history.by_block();
    CHECK(tally.at(alice).balance() == Approx(0.5 - 1));
    CHECK(tally.at(bob).balance() == Approx(0.5));
    CHECK_FALSE(tally.contains(carol));
    CHECK(history.last() == alice);

    // Two people served the next one, half a weekend each.
    history.add(served("2026-03-14", bob, two));
    history.add(served("2026-03-15", alice, three));
    tally = history.by_block();
    CHECK(tally.at(alice).balance() == Approx(-0.5 + 0.25 + 1 / 6.0 - 0.5));
    CHECK(tally.at(bob).balance() == Approx(0.5 + 0.25 + 1 / 6.0 - 0.5));
    CHECK(tally.at(carol).balance() == Approx(1 / 6.0));
}

TEST_CASE("What nobody served, or nobody could serve, counts for nobody") {
    const Rotation rotation = every_day({weekend});
    ClassHistory history(rotation, {weekend, 0});
    Assignment uncovered = served("2026-03-07", alice, two);
    uncovered.member.reset();
    history.add(uncovered);
    history.add(served("2026-03-08", alice, {}));
    CHECK(history.by_block().empty());
}

}  // namespace shift_classes_test
