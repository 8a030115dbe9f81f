#include "service/incident_census.h"

#include <algorithm>

namespace watchbill {

namespace {

bool is_untold(const Invitation& one) {
    const bool answered =
        one.rsvp == ParticipationStatus::accepted || one.rsvp == ParticipationStatus::declined;
    return one.problem != DeliveryProblem::none && !answered;
}

// All were asked in vain, and nobody has said yes since.
bool is_unanswered(const Incident& incident, const IncidentSlot& slot) {
    return (slot.exhausted || slot.round > 0) && !incident.is_accepted(slot.name);
}

}  // namespace

IncidentCensus take_census(IncidentStore& store, const std::string& team, IncidentCensus known) {
    if (const auto counts = store.incident_counts(team)) known.counts = *counts;
    if (known.counts.open == 0) {
        known.unanswered = 0;
        known.untold = 0;
    } else if (const auto open = store.incidents(team, {IncidentState::open})) {
        known.unanswered = std::count_if(open->begin(), open->end(), [](const Incident& incident) {
            return std::any_of(
                incident.slots.begin(), incident.slots.end(),
                [&incident](const IncidentSlot& slot) { return is_unanswered(incident, slot); });
        });
        known.untold = std::count_if(open->begin(), open->end(), [](const Incident& incident) {
            return std::any_of(incident.invitations.begin(), incident.invitations.end(), is_untold);
        });
    }
    return known;
}

}  // namespace watchbill
