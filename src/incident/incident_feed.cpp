#include "incident/incident_feed.h"

#include <algorithm>
#include <tuple>

#include "incident/texts.h"

namespace watchbill {

namespace {

FeedEvent event_of(const Team& team, const Incident& incident) {
    FeedEvent event;
    event.uid = incident.uid;
    event.when = incident.when;
    event.zone = team.zone;
    event.summary = incident_summary(incident);
    event.description = incident_description(team, incident);
    event.categories = {"Incident"};
    event.cancelled = incident.state == IncidentState::cancelled;
    return event;
}

}  // namespace

Feed incidents_feed(const Team& team, const std::vector<Incident>& incidents, Interval window, Instant now) {
    Feed feed{team.title + " incidents", "Incidents, open ones and those of the last weeks.", team.zone, {}};
    for (const Incident& incident : incidents) {
        const bool forgotten = incident.state == IncidentState::cancelled && incident.closed_at &&
                               *incident.closed_at + cancelled_shown <= now;
        if (!forgotten && incident.when.overlaps(window)) feed.events.push_back(event_of(team, incident));
    }
    std::sort(feed.events.begin(), feed.events.end(), [](const FeedEvent& a, const FeedEvent& b) {
        return std::tie(a.when, a.uid) < std::tie(b.when, b.uid);
    });
    return feed;
}

EventVersions incident_versions(const std::vector<Incident>& incidents) {
    EventVersions versions;
    for (const Incident& incident : incidents)
        versions[incident.uid] = {incident.sequence, incident.changed_at, ""};
    return versions;
}

}  // namespace watchbill
