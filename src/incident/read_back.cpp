#include "incident/read_back.h"

#include <algorithm>

namespace watchbill {

namespace {

// What of it is news; the invitation is remembered to have been answered so.
bool take_news(Incident& incident, const MemberId& id, const CalendarAnswers& copy,
               ParticipationStatus status) {
    const auto found = std::find_if(incident.invitations.begin(), incident.invitations.end(),
                                    [&id](const Invitation& one) { return one.member == id; });
    if (found == incident.invitations.end()) return false;
    if (copy.sequence < found->invited_sequence || status == found->calendar_rsvp) return false;
    found->calendar_rsvp = status;
    return true;
}

}  // namespace

IncidentChange read_back(const Staff& staff, const Incident& incident, const CalendarAnswers& copy,
                         Instant now) {
    IncidentChange change;
    change.incident = incident;
    if (incident.state != IncidentState::open) return change;
    for (const CalendarAnswer& one : copy.answers) {
        if (one.status == ParticipationStatus::needs_action || one.status == ParticipationStatus::other)
            continue;
        const Member* member = staff.team->find_member(one.member);
        const MemberId id = member != nullptr ? member->id : one.member;
        if (!take_news(change.incident, id, copy, one.status)) continue;
        IncidentAnswer answer;
        answer.member = id;
        answer.status = one.status;
        // It came now, so it is the newest; but it must not outdo all answers to come, whatever the copy
        // says.
        const Invitation& asked = *change.incident.find(id);
        answer.sequence = std::max(asked.answer_sequence, std::min(copy.sequence, incident.sequence));
        answer.stamp = std::max(now, asked.answer_stamp);
        answer.by = "calendar";
        append_change(change, answer_incident(staff, change.incident, answer, now));
    }
    return change;
}

}  // namespace watchbill
