// When each member's turns come: DESIGN.md 4, steps 2 and 3. Pure.
//
// On every day each candidate earns weight / sum of the candidates' weights of a shift. A member's balance is
// what they have earned minus what they have served; at the end of day d it would be B(d) if they served
// nothing from the first day on. Their k-th turn (k = 1, 2, ... from the first day on) may be served from the
// first day with B(d) > k - 1 to the first day with B(d) >= k, both included. So a member who is owed shifts
// (B >= k before the first day) has overdue turns, whose window closed before the first day, and the window
// of a member who is ahead opens only once they have earned back what they are ahead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rotation/planner.h"

namespace watchbill {

// Days are counted from 0, the first of the horizon; `horizon` is the day after its last.
struct Turn {
    std::int64_t first = 0;   // 0 when the window opened before the horizon; at least `horizon` when after it
    std::int64_t last = 0;    // -1 when the window closed before the horizon; `horizon` when not inside it
    std::int64_t middle = 0;  // first day with B(d) >= k - 1/2, clipped to [-1, horizon]
};

// How many days outside the turn's window a day is.
std::int64_t days_outside(const Turn& turn, std::int64_t day);

// How far beyond the bound of one shift turns may be served: windows then open that much earlier, and close
// that much later. With it |earned - served| stays below 1 + half_shifts / 2.
struct Leeway {
    int half_shifts = 0;
};

class MemberTurns {
public:
    // The k-th turn, counted from 0 here. Exact inside the horizon. Nothing is known beyond it: there a
    // member earns one shift a round of the rotation, as if everybody were there; whatever opens more than
    // another horizon later counts as that far, which is far enough for any comparison.
    Turn turn(std::size_t k) const;
    std::size_t opened() const { return first_.size(); }  // windows that open inside the horizon

private:
    friend std::vector<MemberTurns> turns_of(const PlannerInput& input, Leeway leeway);

    std::int64_t horizon_ = 0;
    std::int64_t round_ = 1;          // days in which everybody together earns this member one shift
    std::int64_t opened_by_end_ = 0;  // balance at the horizon's end, rounded up; below 0 for who is ahead
    std::vector<std::int64_t> first_;
    std::vector<std::int64_t> middle_;
    std::vector<std::int64_t> last_;
};

// One for each member.
std::vector<MemberTurns> turns_of(const PlannerInput& input, Leeway leeway = {});

}  // namespace watchbill
