// Who holds which shift while swaps are looked at one after the other: the plan, with the swaps that were
// accepted so far. Pure.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "rotation/swaps/swap_requests.h"
#include "watchbill/plan.h"
#include "watchbill/swap.h"
#include "watchbill/team.h"

namespace watchbill {

struct SwapObstacle {
    SwapReason reason = SwapReason::none;
    std::optional<MemberId> about;
};

// What a request comes to, as things stand.
struct ResolvedSwap {
    SwapObstacle obstacle;  // none: the rest is there
    std::optional<Shift> give;
    std::optional<Shift> counter;
    bool counter_dated = false;  // people wrote the counter shift's date, so both know which it is
};

class SwapBoard {
public:
    // All must outlive it.
    SwapBoard(const Team& team, const Plan& plan, const TeamAvailability& availability, Instant now);

    struct Held {
        Shift shift;
        std::optional<MemberId> holder;
    };
    const Held* find(const ShiftKey& key) const;  // null when it is not planned
    bool holds(const MemberId& member, const ShiftKey& key) const;
    bool has_started(const ShiftKey& key) const;
    void give(const ShiftKey& key, const MemberId& member);

    // What a request was understood as before: it stays so.
    struct Pinned {
        std::optional<ShiftKey> give;
        std::optional<ShiftKey> counter;  // of an undated request
    };
    ResolvedSwap resolve(const SwapRequest& request, const std::optional<MemberId>& colleague,
                         const Pinned& pinned) const;
    // Whether each of the two may take the other's shift. One that `stands` is not taken back for the shifts
    // that the plan has given them beside it since.
    SwapObstacle validate(const ResolvedSwap& trade, const MemberId& organizer, const MemberId& colleague,
                          bool stands) const;
    // Whether the one who holds an unstarted shift by a swap may still serve it.
    SwapObstacle may_serve(const MemberId& member, const Shift& shift) const;
    // The shift that a request that nobody can serve was about: its date, in the organiser's rotation.
    ShiftKey nearest_key(const SwapRequest& request) const;

private:
    std::vector<const Held*> held_by(const MemberId& member) const;
    SwapObstacle find_give(const SwapRequest& request, const std::optional<ShiftKey>& pinned,
                           std::optional<Shift>& give) const;
    SwapObstacle find_counter(const SwapRequest& request, const MemberId& colleague,
                              const std::optional<ShiftKey>& pinned, ResolvedSwap& trade) const;
    std::optional<Day> counter_date(const SwapRequest& request, const Shift& give, bool& wrong) const;
    SwapObstacle may_take(const MemberId& member, const Shift& shift, const Shift* released,
                          bool asked_for) const;

    const Team& team_;
    const TeamAvailability& availability_;
    Instant now_;
    Instant planned_until_;
    std::map<ShiftKey, Held> held_;
};

}  // namespace watchbill
