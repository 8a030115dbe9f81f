// What people do to a team by hand: give a shift to somebody, take that back, leave a note for a handover.
// Each is checked against what the team knows of itself, and written with its entry in the audit log in one
// transaction. Whoever calls sees to it that a new plan is made (Service::replan_now); a service that runs
// elsewhere notices within a minute (Store::change_counter).
//
// Stateless: thread-safe as far as the store is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rotation/duty/on_duty.h"
#include "watchbill/plan.h"
#include "watchbill/result.h"
#include "watchbill/store.h"
#include "watchbill/team.h"

namespace watchbill {

// On whose behalf something is done, as the audit log has it.
struct Actor {
    std::string who;   // "token:ops bot", "cli:alice"
    std::string from;  // the peer's address, "" where there is none
};

// What is known of a team when it acts; refers to others' values.
struct KnownTeam {
    const Team& team;
    const Plan& plan;  // history and horizon
    const TeamAvailability& availability;
};

// Why something was not done.
struct ActionError {
    std::string code;  // for scripts: "absent", "no_such_shift"; with errors of the store their code's name
    Error error;
};

template <typename T>
using ActionResult = tl::expected<T, ActionError>;

using Refused = tl::unexpected<ActionError>;
Refused refuse(std::string code, ErrorCode kind, std::string sentence);
Refused refuse(Error error);

struct OverrideOrder {
    ShiftKey shift;
    std::string member;  // an address
    std::string reason;  // in people's words, one line of 500 bytes at most; may be ""
    std::string by;      // the member who decided it, where that is not the actor; may be ""
    bool force = false;  // also when the member is absent or resting
};

struct OverrideOutcome {
    bool changed = false;  // false: it stood exactly so already, and nothing was written
    std::vector<std::string> warnings;
};

// Codes: those of obstacle_name (rotation/planning/override_check.h), "invalid_input" and "too_large" for the
// order's texts.
ActionResult<OverrideOutcome> set_override(Store& store, const KnownTeam& known, const OverrideOrder& order,
                                           const Actor& actor, Instant now);

// The same codes, and "no_override" where the shift is held by plan.
ActionResult<void> remove_override(Store& store, const KnownTeam& known, const ShiftKey& shift,
                                   const Actor& actor, Instant now);

// Which handover is meant. Neither: the next one; a rotation: its next one; a date: that of the shift that
// starts on it, and with several such the rotation must be named.
struct HandoverChoice {
    std::string rotation;     // "" for any
    std::optional<Day> date;  // on which the shift that ends with it starts
};

// Codes: "no_such_rotation", "no_such_handover", "ambiguous".
ActionResult<Handover> choose_handover(const KnownTeam& known, const HandoverChoice& choice, Instant now);

struct NoteOrder {
    HandoverChoice handover;
    std::string text;  // 4 KB and several lines at most
    std::string by;    // the member who wrote it, where that is not the actor; may be ""
};

struct NoteOutcome {
    bool changed = false;  // false: its author has left the very same note already
    HandoverNote note;
    Handover handover;
};

// Codes: those of choose_handover, "handover_over", "too_many_notes", "unknown_person", "invalid_input" and
// "too_large".
ActionResult<NoteOutcome> add_note(Store& store, const KnownTeam& known, const NoteOrder& order,
                                   const Actor& actor, Instant now);

}  // namespace watchbill
