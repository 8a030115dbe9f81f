// The fair choice: nobody is ever a whole shift away from their fair share. DESIGN.md 4, steps 2 to 6.
//
// Days are assigned to turns (turns.h) at the least cost (plan_costs.h), by shortest augmenting paths on the
// sparse graph of days and turns (assignment_solver.h); then exchanges of two days remove what consecutive
// shifts they can (repeat_exchanges.h).
//
// What it promises, for each input:
//   * every day with a candidate, an override or history has a holder, and it is one of its candidates, or
//   the
//     one it was fixed to; other days have none
//   * a fixed day, and a published day inside the notice whose holder is still a candidate, keep theirs
//   * of all such plans it is one with the least (unserved, (a), (b)), exactly
//   * the same input gives the same plan, byte for byte
//   * in particular a published plan stays as it is as long as no change of it lowers (a): an absence changes
//     inside the notice its own days only, and beyond it the fewest days that the least (a) allows
//
// The bound, for balances 0 at the first day, nothing fixed and nothing pinned by the notice: at the end of
// every day each member's |shares earned - shifts served| < 1. Sketch of the proof:
//
//   1. A plan with (a) = 0 and no mandatory turn unserved exists. Let E(d) be what a member has earned up to
//      and including day d, and let x(d, k) be the length of the part of (E(d-1), E(d)] that lies in (k-1,
//      k]: the part of the k-th shift that they earn on day d. It is positive only inside the k-th turn's
//      window and only where they are a candidate, by the definition of both. On each day all members' x(d,
//      k) add up to 1, since that day's shares do. Over the days of the horizon x(., k) of one turn adds up
//      to at most 1, and to exactly 1 where E reaches k inside the horizon, that is, for mandatory turns. So
//      x is a fractional assignment of days to turns which gives every day and every mandatory turn in full.
//      The constraint matrix of a bipartite assignment is totally unimodular, hence a whole one exists as
//      well (Birkhoff, von Neumann). This is Tijdeman's "chairman assignment" (1980), with members absent at
//      will, and the carpool problem of Fagin and Williams (1983).
//   2. The plan found is one of these, for (unserved, (a)) = (0, 0) is the least there is and both the levels
//      below and the exchanges leave it alone.
//   3. If every turn served lies in its window and every mandatory one is served, then by the end of day d a
//      member has served at least the turns whose windows have closed, floor(E(d)) > E(d) - 1 of them, and at
//      most those whose windows have opened, ceil(E(d)) < E(d) + 1. So |E(d) - served| < 1.
//
// Step 1 needs E(d) exactly: a window that closes a day late by rounding can leave a day without a turn.
// exact_share.h therefore never rounds.
//
// When it breaks: step 1 assumes that nothing was served yet. With carried balances the part of a turn that
// was earned before the horizon belongs to days that are gone. While history is what was planned, the rest of
// that plan still fits, and only what a new day at the end of the horizon brings has to be fitted in; a
// horizon longer than the absences leaves room for that (200 days of daily replans: with a horizon of 60 days
// none of 600 random teams ever left the bound; with 20 days and people away for longer, 6 of 1,500 did).
// Three things put it out of reach:
//   * an override, which lets somebody serve outside their windows: who covers a shift is ahead by one;
//   * an absence announced late: the shifts of its days were earned, or planned, on the assumption that the
//     absent would earn too, and its days in the notice go to somebody whose window may not be open;
//   * the notice itself, which keeps a day with its holder whatever fairness says.
// Each moves a member by at most the shifts it concerns. Nothing is forgotten: balances carry it over, turns
// become overdue or wait, and (a) leads everybody back as soon as days beyond the notice allow.
#pragma once

#include "rotation/planner.h"

namespace watchbill {

// Stateless: safe to share between threads. At most 2^14 days and members (asserted).
class FairPlanner final : public Planner {
public:
    Choice choose(const PlannerInput& input) const override;
};

}  // namespace watchbill
