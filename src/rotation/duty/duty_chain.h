// Who answers at an instant, and which rule says so: DESIGN.md 7, "Commander". Pure.
//
//   rotation    whoever holds the running shift of each rotation: the team's first rotation, the one it hands
//               over to and so on, then the others in the team's order
//   night_duty  whoever is on night duty: who began first, then in the team's order
//   backup      the team's backup members, in their order
//   reporter    who reports an incident, where there is one
//
// A holder who is away keeps the shift on paper, but the chain passes over them for as long as their calendar
// shows it, be that an hour at the dentist or news after the shift began, and says so (`away`). Not over whom
// people fixed the shift to although they knew, nor for a holiday: the planner takes the shifts of those that
// matter, and who serves on one serves. Night duty is explicit: an absence takes nobody from it. A backup who
// is absent is passed over, unless all of them are: then the first one is taken and flagged, for the role
// should never be empty.
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

// The holder of a running shift, who is passed over.
struct AwayHolder {
    MemberId member;
    std::string rotation;
    Interval shift;
    AbsenceKind kind = AbsenceKind::other;
    Interval when;  // of the absence; several that overlap are one
    bool operator==(const AwayHolder&) const = default;
};

// Whether they are away at that instant from the shift that they hold. Nothing for who has left the team.
std::optional<AwayHolder> away_from(const Team& team, const TeamAvailability& availability,
                                    const Assignment& assignment, Instant at);

struct DutyChain {
    std::vector<DutyLink> links;   // each member once; whoever cannot be reached passes it on to the next
    std::vector<AwayHolder> away;  // in the order in which they would have been asked
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

// "Anna Vogel (away: sick since 10:00)"; the time in the rotation's zone, where the absence began during the
// shift.
std::string say_away(const Team& team, const AwayHolder& holder);

// One sentence: "Bob Durand answers, until Thu 3 Dec 18:00 (Europe/Paris): holds the MRO shift", with who is
// passed over in front. Times are of the rotation's zone or, for the other rules, the team's.
std::string say_answer(const Team& team, const DutyChain& chain, Instant at);

}  // namespace watchbill
