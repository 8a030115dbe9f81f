// The fair choice: nobody is ever a whole shift away from their fair share, of all shifts, and of the shifts
// of each class by itself: weekends, say. DESIGN.md 4, steps 2 to 6 and "Classes".
//
// Days are assigned to turns (turns.h) at the least cost (plan_costs.h), by shortest augmenting paths on the
// sparse graph of days and turns (day_turn_graph.h); then exchanges of two days remove what consecutive
// shifts they can (repeat_exchanges.h).
//
// What it promises, for each input:
//   * every day with a candidate, an override or history has a holder, and it is one of its candidates, or
//   the
//     one it was fixed to; other days have none
//   * a fixed day, and a published day inside the notice whose holder is still a candidate, keep theirs
//   * without classes it is, of all such plans, one with the least (unserved, (a), (b)), exactly; with
//   classes
//     each class is so in unserved and (a)
//   * the same input gives the same plan, byte for byte
//   * a plan that was published, all of it, stays as it is where nothing has changed; without classes also as
//   long as
//     no change of it lowers (a): an absence changes inside the notice its own days only, and beyond it the
//     fewest days that the least (a) allows
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
// Classes. The shifts of one class are a plan by themselves (class_rows.h): only on them shares of the class
// are earned and its turns served. So the proof holds for each class as it stands: |earned - served| < 1 in
// each class at the end of every day, with those that keep days together counted by blocks that one person
// can serve whole. That is proved, since each class is always chosen inside its own windows. A plan that is
// inside the windows of a class and of the whole need not exist: two assignments with days in common are no
// bipartite one any more. It does in all but a few teams, and this is how it is looked for: the plan of the
// whole nearest to the classes' and the plans of the classes nearest to the whole's are found in turns, with
// days on which they go on to differ weighing more each time. Where they do not meet, the windows of the
// whole are widened, by half a shift and by one; classes never give way.
//
// Measured, from balances 0, on 3,000 random teams of 2 to 12 each: with weekends, and with weekends and
// holidays, the whole stays below 1 in 99.3 of 100 teams and below 1.5 in all. With days kept together it
// stays below 2, since two shifts at once are more than one, but for two teams in 3,000 whose members are
// hardly ever there on the same days (3.9 and 6.5). With each weekday a class of its own little is left to
// choose for the whole, which then is 3 shifts off at most (tests/rotation/fair_classes_test.cpp).
//
// When it breaks: step 1 assumes that nothing was served yet. With carried balances the part of a turn that
// was earned before the horizon belongs to days that are gone. While history is what was planned, the rest of
// that plan still fits, and only what a new day at the end of the horizon brings has to be fitted in; a
// horizon longer than the absences leaves room for that (200 days of daily replans: with a horizon of 60 days
// none of 600 random teams ever left the bound; with 20 days and people away for longer, 6 of 1,500 did; of
// 200 teams with classes and 40 to 70 days none left that of the whole, and one that of a class). Three
// things put it out of reach, of the whole and of the classes that they concern:
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
