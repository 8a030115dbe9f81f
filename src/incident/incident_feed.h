// Incidents as a calendar that people subscribe to. Pure: bytes come later (src/ical/feed_writer.h).
#pragma once

#include <vector>

#include "watchbill/feed.h"
#include "watchbill/incident.h"
#include "watchbill/team.h"

namespace watchbill {

// A subscription shows a cancelled incident as such for so long, and then forgets it.
inline constexpr Duration cancelled_shown = std::chrono::days(7);

// The same event as the invitation's, under the same UID. Those that do not touch the window and long
// cancelled ones are left out.
Feed incidents_feed(const Team& team, const std::vector<Incident>& incidents, Interval window, Instant now);

// SEQUENCE and LAST-MODIFIED of each, those of its invitation.
EventVersions incident_versions(const std::vector<Incident>& incidents);

}  // namespace watchbill
