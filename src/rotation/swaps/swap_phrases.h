// Swaps in words: states for lists, lines for the descriptions of shifts, mails to the two. Names, kinds and
// dates only, never a title. Pure.
#pragma once

#include <string>
#include <vector>

#include "watchbill/swap.h"
#include "watchbill/team.h"

namespace watchbill {

// "Alice Martin gives MRO on Thu 3 Dec 2026 to Bob Durand for MRO on Fri 4 Dec 2026"
std::string say_trade(const Team& team, const Swap& swap);
// "proposed: waits for Bob Durand's yes"
std::string say_swap_state(const Team& team, const Swap& swap);
// What to do next; "" where there is nothing to do.
std::string say_next_step(const Team& team, const Swap& swap);

// One line for the description of each of its shifts; "" where there is nothing to tell.
std::string say_swap_on_shift(const Team& team, const Swap& swap, const ShiftKey& shift);

struct SwapMail {
    std::string subject;
    std::string text;
};
SwapMail swap_mail(const Team& team, const Swap& swap, const MemberId& recipient);

}  // namespace watchbill
