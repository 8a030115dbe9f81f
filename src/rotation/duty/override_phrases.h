// Overrides that ended, in words: for the audit log and for mails. Names, kinds and dates only. Pure.
#pragma once

#include <string>

#include "rotation/planning/override_check.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// "MRO on Thu 3 Dec 2026, which was given to Bob Durand, goes back to the plan: Bob Durand is absent (sick,
// Thu 3 Dec). Alice Martin has it now." `now_held` is the shift as it is planned without the override.
std::string say_ended_override(const Team& team, const EndedOverride& ended, const Assignment& now_held);

struct OverrideMail {
    std::string subject;
    std::string text;
};
OverrideMail ended_override_mail(const Team& team, const EndedOverride& ended, const Assignment& now_held,
                                 const MemberId& recipient);

}  // namespace watchbill
