#include "texts/phrases.h"

#include "time/format.h"

namespace watchbill {

using std::chrono::days;
using std::chrono::year_month_day;

std::string say_member(const Team& team, const MemberId& member) {
    const Member* found = team.find_member(member);
    return found != nullptr && !found->name.empty() ? found->name : member.email();
}

std::string say_holder(const Team& team, const Assignment& assignment) {
    return assignment.member ? say_member(team, *assignment.member) : "NOBODY (uncovered)";
}

std::string say_rotation(const Team& team, std::string_view rotation) {
    const Rotation* found = team.find_rotation(rotation);
    return found != nullptr && !found->title.empty() ? found->title : std::string(rotation);
}

Zone zone_of_rotation(const Team& team, std::string_view rotation) {
    const Rotation* found = team.find_rotation(rotation);
    return Zone::get(found != nullptr ? found->zone : team.zone);
}

Zone zone_of_member(const Team& team, const MemberId& member) {
    const Member* found = team.find_member(member);
    return Zone::get(found != nullptr ? found->zone : team.zone);
}

std::string say_kind(AbsenceKind kind) {
    switch (kind) {
        case AbsenceKind::vacation: return "vacation";
        case AbsenceKind::sick: return "sick";
        case AbsenceKind::out_of_office: return "out of office";
        case AbsenceKind::holiday: return "holiday";
        case AbsenceKind::unavailable: return "unavailable";
        case AbsenceKind::other: break;
    }
    return "absent";
}

std::string say_day(Day day, Day near) {
    std::string text = format_date_of_week(day);
    if (year_month_day(day).year() == year_month_day(near).year()) text.resize(text.rfind(' '));
    return text;
}

std::string say_time(const Zone& zone, Instant at) { return format_time_of_day(zone.to_local(at)); }

std::string say_moment(const Zone& zone, Instant at, Day near) {
    return say_day(zone.day_of(at), near) + ' ' + say_time(zone, at);
}

std::string say_days(DaySpan span, Day near) {
    const Day last = span.end - days(1);
    if (last <= span.first) return say_day(span.first, near);
    return say_day(span.first, near) + " to " + say_day(last, near);
}

std::string say_span(const Zone& zone, Interval when, Day near) {
    const bool within_a_day = zone.day_of(when.start) == zone.day_of(when.end);
    return say_moment(zone, when.start, near) + " to " +
           (within_a_day ? say_time(zone, when.end) : say_moment(zone, when.end, near));
}

std::string say_list(const std::vector<std::string>& names) {
    std::string text;
    for (size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

}  // namespace watchbill
