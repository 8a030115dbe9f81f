// What people answered in the calendar that an incident's event was put into (RFC 6638): its PARTSTATs, as
// answers like those that come by mail. Pure.
#pragma once

#include <vector>

#include "incident/changes.h"

namespace watchbill {

struct CalendarAnswer {
    MemberId member;
    ParticipationStatus status = ParticipationStatus::needs_action;
};

// The event as the calendar has it.
struct CalendarAnswers {
    int sequence = 0;  // of the incident's event that it was brought up to
    std::vector<CalendarAnswer> answers;
};

// What was seen there before is no news, whatever was answered by other ways since; nor is what a copy says
// from before somebody was asked anew. "Not answered" is no answer.
IncidentChange read_back(const Staff& staff, const Incident& incident, const CalendarAnswers& copy,
                         Instant now);

}  // namespace watchbill
