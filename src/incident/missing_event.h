// The incident's event is not in its calendar any more: somebody deleted it there. Pure.
#pragma once

#include <vector>

#include "incident/changes.h"

namespace watchbill {

// It is put there again, which the timeline says; after some times that is given up, which it says once. As
// long as nothing else changes: whatever attendees must see is put there as ever.
//
// `server_invites`: who deletes an organizer's event makes the server tell attendees that it is cancelled
// (RFC 6638 3.2.1.3). They are invited anew then, and mere copies are put back without a word.
IncidentChange restore_event(const Incident& incident, const std::vector<TimelineEntry>& timeline,
                             bool server_invites, Instant now);

}  // namespace watchbill
