// What it costs to let a turn be served on a day: DESIGN.md 4, steps 4 to 6, for the fair planner. Pure;
// holds a reference to its input, which must outlive it.
//
// Levels, the first decides (assignment_solver.h):
//   unserved  a mandatory turn (its window closes inside the horizon) that is not served
//   outside   (a) how many days outside its window a turn is served, squared. A mandatory turn that cannot be
//             served counts as if it were served on the day after the horizon: when not all can be, those
//             wait that have waited least, and nobody's oldest turn is dropped for a younger one
//   deviating how much it differs from what is preferred (prefer()): so the plan of a class of shifts and
//             that of all of them are brought to agree
//   changed   (b) published assignments changed: fewest first, then farthest in the future
//   order     (c) roster order: the square of the distance between the day and the middle of the turn's
//   window,
//             earlier in the roster before later; beside shifts known to be the same member's it is dearer
//
// No overflow: the solver adds costs along paths only, which have at most 2n + 1 of them for n days. With n
// and the number of members m at most 2^14 (44 years; asserted) no sum reaches 2^62:
//   outside   a day is at most 2n + 1 outside a window: (2n + 1) (2n + 1)^2 < 2^46
//   deviating (2n + 1) weights of at most 2^20 (asserted)
//   changed   (2n + 1) (n^2 + n) < 2^44
//   order     at most 4 m (n + 2)^2 each: (2n + 1) 4 m (n + 2)^2 < 2^60
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "rotation/assignment_solver.h"
#include "rotation/planner.h"
#include "rotation/turns.h"

namespace watchbill {

class PlanCosts {
public:
    static constexpr std::size_t most_days = std::size_t{1} << 14;
    static constexpr std::size_t most_members = std::size_t{1} << 14;

    explicit PlanCosts(const PlannerInput& input, Leeway leeway = {});

    // Whom to choose for a day where turns' windows leave the choice, and how much that weighs against other
    // days'.
    void prefer(std::size_t day, std::optional<std::size_t> member, std::int64_t weight);

    std::size_t days() const { return input_->days.size(); }
    std::size_t members() const { return input_->members.size(); }
    const std::vector<MemberTurns>& turns() const { return turns_; }

    // Decided before any fairness: an override, history, or a published and still valid day in the notice.
    const std::optional<std::size_t>& pinned(std::size_t day) const { return pinned_[day]; }
    // The pinned holder, or any candidate.
    bool may_serve(std::size_t member, std::size_t day) const;
    bool covered(std::size_t day) const { return pinned_[day] || !input_->days[day].candidates.empty(); }
    // On which the member may serve, ascending.
    const std::vector<std::size_t>& days_of(std::size_t member) const { return days_of_[member]; }

    LevelCost served(std::size_t member, const Turn& turn, std::size_t day) const;
    LevelCost left_out(std::size_t member, const Turn& turn) const;
    std::int64_t changed(std::size_t member, std::size_t day) const;

private:
    bool is_known_to_serve(std::size_t member, std::size_t day) const;
    bool repeats_a_known_shift(std::size_t member, std::size_t day) const;
    std::int64_t order(std::size_t member, const Turn& turn, std::int64_t day) const;

    const PlannerInput* input_;
    std::vector<MemberTurns> turns_;
    struct Preference {
        std::optional<std::size_t> member;
        std::int64_t weight = 0;
    };

    std::vector<std::optional<std::size_t>> pinned_;
    std::vector<std::optional<std::size_t>> published_;  // where not pinned and still a candidate
    std::vector<Preference> preferred_;
    std::vector<std::vector<std::size_t>> days_of_;
};

}  // namespace watchbill
