#include "service/incident_bytes.h"

#include "ical/feed_writer.h"
#include "incident/incident_feed.h"

namespace watchbill {

std::string incident_bytes(const Team& team, const Incident& incident) {
    // As of its last change: a long cancelled one is shown too.
    const Feed feed = incidents_feed(team, {incident}, incident.when, incident.changed_at);
    return ical::write_feed(feed, incident_versions({incident}), incident.when);
}

}  // namespace watchbill
