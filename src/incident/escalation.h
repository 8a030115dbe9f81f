// When those who were asked say no, or nothing: the next one is asked too. DESIGN.md 7. Pure; everything
// follows from what the incident holds and how its messages fare, so timers survive a restart.
//
// For each slot, one round at a time: while somebody who was asked may still answer, nothing happens. Once
// all have declined, could not be told, or let `ack_timeout` pass, the next one is asked: for the command the
// next of the on-duty chain as it is now, and after it everybody else of the team who is not absent; for an
// expert the next who has the skill. It ends when somebody accepts, or when nobody is left, which is said
// once and loudly. "Maybe" is no answer to wait for.
//
// A commander who declined, or could not be told, commands no longer: the next one does at once. One who is
// silent stays commander until somebody accepts (changes.h).
#pragma once

#include <functional>
#include <optional>

#include "incident/changes.h"
#include "incident/delivery.h"

namespace watchbill {

// Somebody whose answer is waited for.
struct AnswerWait {
    MemberId member;
    Instant invited_at;
    Instant from;  // when their time began, or will begin
};

// Why nobody else is asked for a slot yet.
struct SlotWait {
    std::string slot;
    std::vector<AnswerWait> answers;
    bool delivery = false;  // somebody was not told yet: no time runs
};

// Of each slot that nobody has accepted and for which somebody may be left. Nothing is waited for where the
// next one is due.
std::vector<SlotWait> slot_waits(const Incident& incident, const DeliveryFacts& facts);

// Whether the time to answer that began at `from` is over. The wall clock may jump: whoever lives long enough
// measures it by another one.
using TimeIsUp = std::function<bool(const AnswerWait& wait)>;

// What is due at `now`; nothing where nothing is. At most one person a slot. Without `is_up` the instants
// decide.
std::optional<IncidentChange> escalate(const Staff& staff, const Incident& incident, Instant now,
                                       const DeliveryFacts& facts = {}, const TimeIsUp& is_up = {});

// When something may be due next, which may be in the past. Nothing once everybody needed has accepted or
// nobody is left, and while all wait for a delivery.
std::optional<Instant> next_escalation(const Incident& incident, Duration ack_timeout,
                                       const DeliveryFacts& facts = {});

}  // namespace watchbill
