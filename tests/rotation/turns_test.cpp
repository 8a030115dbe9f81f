#include "rotation/turns.h"

#include <catch2/catch.hpp>

#include "rotation/planner_instances.h"

namespace turns_test {

using namespace watchbill;
using test::everybody_there;

TEST_CASE("With three equal members a turn is three days long") {
    const auto turns = turns_of(everybody_there(3, 7));
    for (const MemberTurns& member : turns) {
        CHECK(member.opened() == 3);
        CHECK(member.turn(0).first == 0);
        CHECK(member.turn(0).middle == 1);  // 2/3 >= 1/2
        CHECK(member.turn(0).last == 2);
        CHECK(member.turn(1).first == 3);
        CHECK(member.turn(1).last == 5);
        CHECK(member.turn(2).first == 6);
        CHECK(member.turn(2).last == 7);  // not inside the horizon
    }
}

TEST_CASE("Days away stretch a turn and weights shorten it") {
    // A (weight 2) and B (weight 1); B is away on days 1 and 2, which A earns alone.
    PlannerInput input = everybody_there(2, 6);
    input.members[0].weight = 2000;
    input.days[1].candidates = {0};
    input.days[2].candidates = {0};
    const auto turns = turns_of(input);
    // A: 2/3, 5/3, 8/3, 10/3, 4, 14/3
    CHECK(turns[0].turn(0).first == 0);
    CHECK(turns[0].turn(0).last == 1);
    CHECK(turns[0].turn(1).first == 1);
    CHECK(turns[0].turn(1).last == 2);
    CHECK(turns[0].turn(2).first == 2);
    CHECK(turns[0].turn(2).last == 3);
    CHECK(turns[0].turn(3).first == 3);
    CHECK(turns[0].turn(3).last == 4);
    // B: 1/3, 1/3, 1/3, 2/3, 1, 4/3
    CHECK(turns[1].turn(0).first == 0);
    CHECK(turns[1].turn(0).middle == 3);
    CHECK(turns[1].turn(0).last == 4);
    CHECK(turns[1].turn(1).first == 5);
}

TEST_CASE("Who is owed shifts has overdue turns, who is ahead waits") {
    PlannerInput input = everybody_there(2, 6);
    input.members[0].earned = {{7, 2}, {1, 3}, {1, 6}};  // 4
    input.members[0].served = 2;
    input.members[1].earned = {{1, 2}};
    input.members[1].served = 2;  // balance -3/2
    const auto turns = turns_of(input);
    CHECK(turns[0].turn(0).last == -1);
    CHECK(turns[0].turn(1).last == -1);
    CHECK(turns[0].turn(1).first == 0);
    CHECK(turns[0].turn(1).middle == -1);
    CHECK(turns[0].turn(2).first == 0);
    CHECK(turns[0].turn(2).last == 1);
    // -1, -1/2, 0, 1/2, 1, 3/2
    CHECK(turns[1].turn(0).first == 3);
    CHECK(turns[1].turn(0).middle == 3);
    CHECK(turns[1].turn(0).last == 4);
    CHECK(turns[1].turn(1).first == 5);
    CHECK(turns[1].turn(1).last == 6);
}

TEST_CASE("With leeway windows open and close by as much earlier and later") {
    // 1/3, 2/3, ...
    const auto half = turns_of(everybody_there(3, 7), {.half_shifts = 1})[0];
    CHECK(half.turn(0).first == 0);
    CHECK(half.turn(0).last == 4);   // 5/3 >= 1 + 1/2
    CHECK(half.turn(1).first == 1);  // 2/3 > 1 - 1/2
    CHECK(half.turn(1).last == 7);   // not inside the horizon
    const auto whole = turns_of(everybody_there(3, 7), {.half_shifts = 2})[0];
    CHECK(whole.turn(0).last == 5);   // 2 >= 1 + 1
    CHECK(whole.turn(1).first == 0);  // 1/3 > 1 - 1
    CHECK(whole.turn(2).first == 3);  // 4/3 > 2 - 1
    // 1/2, 1, ...: just half a shift opens nothing, and closes.
    const auto even = turns_of(everybody_there(2, 6), {.half_shifts = 1})[0];
    CHECK(even.turn(1).first == 1);
    CHECK(even.turn(0).last == 2);
    CHECK(even.turn(0).middle == 0);
}

TEST_CASE("Turns that open beyond the horizon are a round apart, and not endlessly far") {
    PlannerInput input = everybody_there(3, 6);
    const auto turns = turns_of(input);  // two shifts each inside the horizon
    CHECK(turns[0].opened() == 2);
    CHECK(turns[0].turn(2).first == 6);
    CHECK(turns[0].turn(3).first == 9);
    CHECK(turns[0].turn(4).first == 12);
    CHECK(turns[0].turn(5).first == 12);
    CHECK(turns[0].turn(5).last == 6);

    input.members[0].served = 3;  // -1 at the end
    const auto ahead = turns_of(input);
    CHECK(ahead[0].opened() == 0);
    CHECK(ahead[0].turn(0).first == 9);
    CHECK(ahead[0].turn(1).first == 12);
}

TEST_CASE("How far outside a window a day is") {
    const Turn turn{3, 5, 4};
    CHECK(days_outside(turn, 0) == 3);
    CHECK(days_outside(turn, 3) == 0);
    CHECK(days_outside(turn, 5) == 0);
    CHECK(days_outside(turn, 9) == 4);
    CHECK(days_outside(Turn{0, -1, -1}, 0) == 1);
}

}  // namespace turns_test
