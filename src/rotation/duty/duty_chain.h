// Who answers at an instant, and which rule says so: DESIGN.md 7, "Commander". Pure.
//
//   rotation    whoever holds the running shift of each rotation: the team's first rotation, the one it hands
//               over to and so on, then the others in the team's order
//   night_duty  whoever is on night duty: who began first, then in the team's order
//   backup      the team's backup members, in their order
//   reporter    who reports an incident, where there is one
//
// The holder of a shift answers also while their calendar shows an absence: the planner took the shift away
// from whoever is absent for long enough to matter, and what is left (an hour at the dentist, or news after
// the shift began) moves no shift. Night duty is as explicit: a holiday is an absence and takes nobody from
// it. A backup is nobody's plan for today, so one who is absent is passed over, unless all of them are: then
// the first one is taken and flagged, for the role should never be empty.
//
// An uncovered shift adds nobody, and neither does one whose holder has left the team. Times are half-open:
// at the instant at which a shift ends its holder no longer answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

enum class DutyRule { rotation, night_duty, backup, reporter };

// The name scripts see ("night_duty").
std::string_view duty_rule_name(DutyRule rule);

struct DutyLink {
    MemberId member;  // the identity, whichever of their addresses named them; a reporter may be anybody
    DutyRule rule = DutyRule::rotation;
    std::string rotation;          // with DutyRule::rotation, else ""
    std::optional<Interval> when;  // of the shift or of the night duty
    bool absent = false;           // a backup taken although absent: all backups are
    bool operator==(const DutyLink&) const = default;
};

struct DutyChain {
    std::vector<DutyLink> links;  // each member once; whoever cannot be reached passes it on to the next
    // When the answer changes next, be it only to the same holder's next shift. Nothing when it never does as
    // far as plan and calendars reach.
    std::optional<Instant> until;

    // The first link. Nothing when nobody answers, which whoever asks must show: no shift is held, nobody is
    // on night duty, and there is neither backup nor reporter.
    std::optional<DutyLink> answer() const;
};

struct DutyInput {
    const Team* team = nullptr;
    const Plan* plan = nullptr;  // must reach to the instant, and beyond it for `until`
    const TeamAvailability* availability = nullptr;
    std::optional<MemberId> reporter = std::nullopt;
};

DutyChain duty_chain_at(const DutyInput& input, Instant at);

// One sentence: "Bob Durand answers, until Thu 3 Dec 18:00 (Europe/Paris): holds the MRO shift". Times are of
// the rotation's zone or, for the other rules, the team's.
std::string say_answer(const Team& team, const DutyChain& chain, Instant at);

}  // namespace watchbill
