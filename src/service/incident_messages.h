// What a change of an incident makes people read: one mail with its invitation to each, and the order to
// bring the event up to date in the team's incident calendar, where it has one. Pure.
#pragma once

#include <vector>

#include "incident/changes.h"
#include "service/incident_links.h"
#include "watchbill/outbox.h"
#include "watchbill/team.h"

namespace watchbill {

// Empty for a change that nobody must see. Whoever has declined is not written to any more, except to be told
// that they are done.
std::vector<OutboxMessage> incident_messages(const Team& team, const IncidentChange& change,
                                             const IncidentLinks& links, Instant now);

}  // namespace watchbill
