// When those who were asked say no, or nothing: the next one is asked too. DESIGN.md 7. Pure; everything
// follows from what the incident holds, so timers survive a restart.
//
// For each slot, one round at a time: while somebody who was asked may still answer, nothing happens. Once
// all have declined or let `ack_timeout` pass, the next one is asked: for the command the next of the on-duty
// chain as it is now, for an expert the next who has the skill. It ends when somebody accepts, or when nobody
// is left, which is said once and loudly. "Maybe" is no answer to wait for.
//
// A commander who declined commands no longer: the next one does at once. One who is silent stays commander
// until somebody accepts (changes.h).
#pragma once

#include <optional>

#include "incident/changes.h"

namespace watchbill {

// What is due at `now`; nothing where nothing is. At most one person a slot.
std::optional<IncidentChange> escalate(const Staff& staff, const Incident& incident, Instant now);

// When something may be due next, which may be in the past. Nothing once everybody needed has accepted or
// nobody is left.
std::optional<Instant> next_escalation(const Incident& incident, Duration ack_timeout);

}  // namespace watchbill
