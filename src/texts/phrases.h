// How people, rotations, days and times are called in sentences and titles. Days leave out the year they
// share with `near`, a day the reader already has before their eyes. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "time/zone.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// History may name people and rotations that left the configuration: then the e-mail, the rotation's name and
// the team's zone stand in.
std::string say_member(const Team& team, const MemberId& member);
std::string say_holder(const Team& team,
                       const Assignment& assignment);  // "NOBODY (uncovered)" when nobody is
std::string say_rotation(const Team& team, std::string_view rotation);
Zone zone_of_rotation(const Team& team, std::string_view rotation);
Zone zone_of_member(const Team& team, const MemberId& member);

std::string say_kind(AbsenceKind kind);                           // "out of office"
std::string say_day(Day day, Day near);                           // "Thu 3 Dec"
std::string say_time(const Zone& zone, Instant at);               // "18:00"
std::string say_moment(const Zone& zone, Instant at, Day near);   // "Thu 3 Dec 18:00"
std::string say_days(DaySpan days, Day near);                     // "Mon 21 Dec to Fri 25 Dec"
std::string say_span(const Zone& zone, Interval when, Day near);  // "Wed 2 Dec 22:00 to Thu 3 Dec 07:00"
std::string say_list(const std::vector<std::string>& names);      // "Alice, Bob and Carol"

}  // namespace watchbill
