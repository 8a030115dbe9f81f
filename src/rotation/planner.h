// The choice itself: which candidate serves which day. One rotation, members and days as plain indices, so
// that nothing here knows calendars, zones or e-mails. Pure and deterministic: same input, same output.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace watchbill {

// An exact share of shifts: numerator / denominator, denominator > 0.
struct Share {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
};

// Carried from history: shares earned (their sum is exact) minus shifts served.
struct PlannerTotals {
    std::vector<Share> earned;
    std::int64_t served = 0;
};

struct PlannerMember : PlannerTotals {
    int weight = 1000;  // thousandths, > 0
};

// Shifts that are fair by themselves, weekends say, beside the whole.
struct PlannerClass {
    // By index of member; empty: nobody has earned or served any. Where blocks are kept together one whole
    // block counts as one, and a part of it as that part.
    std::vector<PlannerTotals> carried;
    bool together = false;  // the shifts of one block go to one member where anybody can serve them all
    std::optional<std::size_t> last;  // who served the block before the first of the days
};

struct DayClass {
    std::size_t index = 0;   // of PlannerInput::classes
    std::int64_t block = 0;  // the same for shifts that belong together: both days of one weekend
};

struct PlannerDay {
    std::vector<std::size_t> candidates;   // indices of members, ascending (roster order); empty: uncovered
    std::optional<std::size_t> fixed;      // an override, or history: served by them whoever is a candidate
    std::optional<std::size_t> published;  // whom subscribers see now, if the day was published
    bool in_notice = false;                // inside the notice window: keep `published` while it is valid
    std::optional<DayClass> fair_class;    // at most one
};

struct PlannerInput {
    std::vector<PlannerMember> members;  // roster order
    std::vector<PlannerDay> days;        // consecutive shifts of the rotation, in order
    std::optional<std::size_t> last;     // who served the shift before the first day
    std::vector<PlannerClass> classes;
};

using Choice = std::vector<std::optional<std::size_t>>;  // one a day; nothing where uncovered

class Planner {
public:
    virtual ~Planner() = default;
    virtual Choice choose(const PlannerInput& input) const = 0;
};

}  // namespace watchbill
