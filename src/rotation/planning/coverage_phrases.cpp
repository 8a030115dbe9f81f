#include "rotation/planning/coverage_phrases.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

using std::chrono::days;
using std::chrono::minutes;

// From Monday on, as people count them; c_encoding counts from Sunday.
constexpr std::array<size_t, 7> monday_first = {1, 2, 3, 4, 5, 6, 0};
constexpr std::array<const char*, 7> weekday_names = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};

// "Europe/Paris": "Paris".
std::string city_of(const ZoneName& zone) {
    std::string city = zone.substr(zone.rfind('/') + 1);  // npos + 1 is 0
    std::replace(city.begin(), city.end(), '_', ' ');
    return city;
}

ZoneName zone_name(const Team& team, const std::string& rotation) {
    const Rotation* found = team.find_rotation(rotation);
    return found != nullptr ? found->zone : team.zone;
}

std::string say_clock(minutes since_midnight) {
    return format_time_of_day(LocalTime(Day()) + since_midnight);
}

// "12:00", "09:00 the next day".
std::string say_clock_and_day(minutes since_midnight) {
    const auto later = std::chrono::floor<days>(since_midnight).count();
    const std::string clock = say_clock(since_midnight);
    if (later == 0) return clock;
    if (later == 1) return clock + " the next day";
    if (later == -1) return clock + " the day before";
    return clock + " " + std::to_string(later) + " days later";
}

std::string say_dates(const CoverageFinding& finding) {
    if (finding.throughout) return say_weekdays(finding.weekdays);
    const Day last = finding.dates.end - days(1);
    if (last == finding.dates.first) return "on " + format_date_of_week(last);
    return "from " + format_date_of_week(finding.dates.first) + " to " + format_date_of_week(last) +
           (finding.every_shift ? "" : ", " + say_weekdays(finding.weekdays));
}

std::string say_boundary(const Team& team, const CoverageFinding& finding) {
    const ZoneName from = zone_name(team, finding.from);
    const ZoneName to = zone_name(team, finding.to);
    std::string text = finding.from + " (" + from + ") ends " + say_clock(finding.ends) + ", " + finding.to +
                       " (" + to + ") starts " + say_clock_and_day(finding.starts);
    if (finding.starts_there != finding.starts)
        text += " = " + say_clock_and_day(finding.starts_there) + " in " + city_of(from);
    return text;
}

std::string say_gap(const CoverageFinding& finding) {
    const std::string length = format_duration(finding.length);
    if (finding.unscheduled == finding.length) return "nobody is scheduled for " + length;
    if (finding.unscheduled == Duration(0)) return length + " pass in which only other rotations run";
    return length + " pass, and for " + format_duration(finding.unscheduled) + " of them nobody is scheduled";
}

std::string say_shared_members(const Team& team, const CoverageFinding& finding) {
    std::vector<std::string> names;
    for (const MemberId& member : finding.members) names.push_back(say_member(team, member));
    const bool several = names.size() > 1;
    return say_list(names) + (several ? " are" : " is") + " on the rosters of " + finding.from + " and " +
           finding.to + ", whose shifts overlap, and may hold both at once";
}

std::string say_free_time(const Team& team, const FreeTime& free) {
    const auto later = std::chrono::floor<days>(free.starts).count();
    const std::string after = " in " + city_of(zone_name(team, free.after));
    const std::string before = " in " + city_of(zone_name(team, free.before));
    if (std::count(free.weekdays.begin(), free.weekdays.end(), true) == 1) {
        const auto found = std::find(free.weekdays.begin(), free.weekdays.end(), true);
        const std::chrono::weekday first(static_cast<unsigned>(found - free.weekdays.begin()));
        const std::chrono::weekday last = first + days(later);
        return std::string("from ") + weekday_names.at(first.c_encoding()) + " " + say_clock(free.ends) +
               after + " to " + weekday_names.at(last.c_encoding()) + " " + say_clock(free.starts) + before;
    }
    std::string text = "from " + say_clock(free.ends) + after + " to " + say_clock(free.starts) + before;
    if (later == 1) text += " the next day";
    if (later > 1) text += " " + std::to_string(later) + " days later";
    return text + ", " + say_weekdays(free.weekdays);
}

std::string say_unscheduled(const Team& team, const CoverageFinding& finding) {
    std::vector<std::string> free_times;
    for (const FreeTime& free : finding.free_times) free_times.push_back(say_free_time(team, free));
    std::vector<std::string> backup;
    for (const MemberId& member : team.backup) backup.push_back(say_member(team, member));
    std::string text = "nobody is scheduled ";
    for (size_t i = 0; i < free_times.size(); ++i) text += (i == 0 ? "" : ", nor ") + free_times[i];
    text += "; then whoever is on night duty answers, else ";
    return text + (backup.empty() ? "nobody: the team has no backup" : "the backup, " + say_list(backup));
}

}  // namespace

std::string_view coverage_kind_name(CoverageKind kind) {
    switch (kind) {
        case CoverageKind::gap: return "gap";
        case CoverageKind::overlap: return "overlap";
        case CoverageKind::shared_members: return "shared_members";
        case CoverageKind::unscheduled: break;
    }
    return "unscheduled";
}

std::string say_weekdays(const Weekdays& weekdays) {
    std::vector<size_t> chosen;  // places in monday_first
    for (size_t place = 0; place < monday_first.size(); ++place) {
        if (weekdays.at(monday_first.at(place))) chosen.push_back(place);
    }
    const auto name = [](size_t place) { return std::string(weekday_names.at(monday_first.at(place))); };
    if (chosen.size() == weekdays.size()) return "every day";
    const bool in_a_row = chosen.size() > 2 && chosen.back() - chosen.front() + 1 == chosen.size();
    if (in_a_row) return "from " + name(chosen.front()) + " to " + name(chosen.back());
    std::vector<std::string> names;
    names.reserve(chosen.size());
    for (const size_t place : chosen) names.push_back(name(place) + "s");
    return "on " + say_list(names);
}

std::string say_finding(const Team& team, const CoverageFinding& finding) {
    switch (finding.kind) {
        case CoverageKind::gap:
            return say_dates(finding) + ": " + say_boundary(team, finding) + ": " + say_gap(finding);
        case CoverageKind::overlap:
            return say_dates(finding) + ": " + say_boundary(team, finding) + ": they overlap by " +
                   format_duration(finding.length);
        case CoverageKind::shared_members:
            return say_dates(finding) + ": " + say_shared_members(team, finding);
        case CoverageKind::unscheduled: break;
    }
    return say_unscheduled(team, finding);
}

}  // namespace watchbill
