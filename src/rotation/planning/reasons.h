// Reasons as sentences: the one place where reason codes become words. Names and kinds only, never the title
// of anybody's event. Pure.
#pragma once

#include <string>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// The first one of that code; nullptr where there is none. Points into `assignment`.
const Reason* find_reason(const Assignment& assignment, ReasonCode code);

// People fixed the shift to its holder although they are absent or rest then.
bool is_forced(const Assignment& assignment);

// One sentence: "Bob Durand is MRO: next in turn; Alice Martin is resting after night duty (until Thu 3 Dec
// 18:00)."
std::string explain_in_one_sentence(const Team& team, const Assignment& assignment);

// One line per person: the holder first, then why not each other, and when those who could serve do: what
// `plan` knows around the shift. For `watchbill explain`.
std::string explain_at_length(const Team& team, const Plan& plan, const Assignment& assignment);

// Why somebody cannot serve a shift, as what follows "is": "absent (vacation, Mon 7 Dec to Fri 11 Dec)". The
// reason is `absent` or `resting`.
std::string say_why_unavailable(const Team& team, const Shift& shift, const Reason& reason);

// Why an override ended, as what follows "is"; the reason is `override_ended`.
std::string say_why_ended(const Team& team, const Shift& shift, const Reason& reason);

}  // namespace watchbill
