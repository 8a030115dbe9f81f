// Members' absences, as they stand in their calendars, turned into what a team wants to read: joined, without
// repetition, a site's holiday once. Pure.
#pragma once

#include <vector>

#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

struct MemberAbsence {
    MemberId member;
    Absence absence;
};

// A holiday that everybody of a site shares; `site` is "" when the whole team does.
struct SiteHoliday {
    std::string site;
    Absence absence;
};

struct TeamAbsences {
    std::vector<MemberAbsence> members;  // in roster order, then by start
    std::vector<SiteHoliday> holidays;
};

TeamAbsences team_absences(const Team& team, const TeamAvailability& availability);

}  // namespace watchbill
