// May people fix this shift to that person? The rules for overrides that are set by hand: over the API or on
// the command line. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

enum class OverrideObstacle {
    no_such_rotation,
    no_such_shift,   // a day off, or a day that is not planned
    shift_ended,     // history never changes
    shift_started,   // only for taking an override back: there is nobody whom a begun shift goes back to
    unknown_person,  // not a member of the team
    absent,
    resting,  // the shift overlaps their night duty, or begins within their rest after it
};
std::string_view obstacle_name(OverrideObstacle obstacle);  // "no_such_shift"

struct OverrideRefusal {
    OverrideObstacle obstacle = OverrideObstacle::no_such_shift;
    std::string sentence;  // what is wrong and what to do; dates and kinds of absences, never titles
};

struct OverrideRequest {
    ShiftKey shift;
    MemberId member;
    bool force = false;  // also when they are absent or resting
};

struct OverrideGrant {
    Assignment now_held;  // the shift as it is planned before
    MemberId member;      // by identity, where the request named an alias
    bool forced = false;  // they are absent or resting, and the request said so
    // What people should know all the same: they hold another shift at that time, are not on the roster, or
    // are absent and it was forced. Sentences.
    std::vector<std::string> warnings;
};

// `plan` spans history and horizon. A shift that runs may change hands until it ends (DESIGN.md 6): it then
// counts as served by whoever has it at its end.
tl::expected<OverrideGrant, OverrideRefusal> check_override(const Team& team, const Plan& plan,
                                                            const TeamAvailability& availability,
                                                            const OverrideRequest& request, Instant now);

// May an override be taken back? Until the shift starts. Returns the shift as it is planned with it.
tl::expected<Assignment, OverrideRefusal> check_override_removal(const Team& team, const Plan& plan,
                                                                 const ShiftKey& shift, Instant now);

// The planner's own rule, asked about one person, who need not be on the roster: why they cannot serve, as
// `absent` or `resting`.
std::optional<Reason> why_not_serve(const Team& team, const Shift& shift, const MemberId& member,
                                    const TeamAvailability& availability);

// An override that ends before its shift starts: its member has left the team, or is absent or rests, which
// people did not know when they fixed it.
struct EndedOverride {
    Override fixed;
    Reason why;  // of code `override_ended`
};
// Only of those that were set by hand: swaps have rules of their own (rotation/swaps/swap_rules.h).
std::vector<EndedOverride> ended_overrides(const Team& team, const std::vector<Override>& overrides,
                                           const TeamAvailability& availability, Instant now);

}  // namespace watchbill
