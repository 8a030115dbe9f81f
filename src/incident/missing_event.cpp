#include "incident/missing_event.h"

#include <algorithm>

#include "incident/change_steps.h"

namespace watchbill {

namespace {

// Whoever takes it away once more means it, and a program that does must not be fought for ever.
constexpr int most_times = 3;

}  // namespace

IncidentChange restore_event(const Incident& incident, const std::vector<TimelineEntry>& timeline,
                             bool server_invites, Instant now) {
    IncidentChange change;
    change.incident = incident;
    if (incident.state != IncidentState::open) return change;
    const auto times = [&timeline](const std::string& kind) {
        return std::count_if(timeline.begin(), timeline.end(),
                             [&kind](const TimelineEntry& entry) { return entry.kind == kind; });
    };
    if (times("event_restored") < most_times) {
        note(change, now, "watchbill", "event_restored",
             "The event is not in the calendar any more, since somebody deleted it there: it is put there "
             "again.");
        change.put_event = true;
        if (server_invites) raise_sequence(change, now);
    } else if (times("event_missing") == 0) {
        note(change, now, "watchbill", "event_missing",
             "The event was deleted from the calendar once more. It is left so until the incident changes, "
             "and who was invited stays invited.");
    }
    return change;
}

}  // namespace watchbill
