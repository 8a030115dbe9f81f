#include "rotation/availability/team_absences.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace watchbill {

namespace {

using Absences = std::vector<Absence>;

bool covers(const Interval& outer, const Interval& inner) {
    return outer.start <= inner.start && inner.end <= outer.end;
}

// Which of two kinds says more to a colleague.
int telling(AbsenceKind kind) {
    switch (kind) {
        case AbsenceKind::vacation: return 5;
        case AbsenceKind::sick: return 4;
        case AbsenceKind::holiday: return 3;
        case AbsenceKind::out_of_office: return 2;
        case AbsenceKind::unavailable: return 1;
        case AbsenceKind::other: break;
    }
    return 0;
}

auto order_of(const Absence& absence) {
    return std::tuple(absence.when, -telling(absence.kind), !absence.all_day.has_value());
}

// All-day spans join all-day spans and hours join hours: half a day off before a vacation keeps its times.
bool joins(const Absence& a, const Absence& b) {
    return a.kind == b.kind && a.all_day.has_value() == b.all_day.has_value() && b.when.start <= a.when.end;
}

// Sorted by start and of one kind: overlapping and touching ones become one.
Absences joined(Absences absences) {
    std::sort(absences.begin(), absences.end(), [](const Absence& a, const Absence& b) {
        return std::tuple(a.kind, a.all_day.has_value(), a.when) <
               std::tuple(b.kind, b.all_day.has_value(), b.when);
    });
    Absences result;
    for (const Absence& absence : absences) {
        if (result.empty() || !joins(result.back(), absence)) {
            result.push_back(absence);
            continue;
        }
        Absence& last = result.back();
        last.when.end = std::max(last.when.end, absence.when.end);
        if (last.all_day) last.all_day->end = std::max(last.all_day->end, absence.all_day->end);
    }
    return result;
}

// An absence inside another that tells as much or more adds nothing.
bool adds_nothing(const Absence& absence, const Absence& other) {
    if (!covers(other.when, absence.when)) return false;
    const int difference = telling(other.kind) - telling(absence.kind);
    if (difference != 0) return difference > 0;
    // Of the same kind: hours inside whole days.
    return other.all_day && !absence.all_day;
}

Absences without_repetition(const Absences& absences) {
    Absences result;
    for (const Absence& absence : absences) {
        const bool repeated = std::any_of(absences.begin(), absences.end(), [&absence](const Absence& other) {
            return adds_nothing(absence, other);
        });
        if (!repeated) result.push_back(absence);
    }
    std::sort(result.begin(), result.end(),
              [](const Absence& a, const Absence& b) { return order_of(a) < order_of(b); });
    return result;
}

// A holiday is the same for two members when it has the same days, wherever their midnight is.
using HolidayKey = std::pair<std::optional<DaySpan>, Interval>;

HolidayKey key_of(const Absence& holiday) {
    return holiday.all_day ? HolidayKey(holiday.all_day, Interval{}) : HolidayKey(std::nullopt, holiday.when);
}

using HolidaysOf = std::map<HolidayKey, std::map<MemberId, Absence>>;

HolidaysOf holidays_by_day(const Team& team, const TeamAvailability& availability) {
    HolidaysOf holidays;
    for (const Member& member : team.members) {
        const auto found = availability.find(member.id);
        if (found == availability.end()) continue;
        for (const Absence& absence : found->second.absences) {
            if (absence.kind == AbsenceKind::holiday && !absence.when.empty())
                holidays[key_of(absence)].try_emplace(member.id, absence);
        }
    }
    return holidays;
}

// The sites whose members are all in `holders`; "" alone when the whole team is. Somebody alone at their site
// is named instead.
std::vector<std::string> sites_of(const Team& team, const std::map<MemberId, Absence>& holders) {
    std::map<std::string, std::pair<size_t, size_t>> sites;  // members there, and those in `holders`
    for (const Member& member : team.members) {
        auto& [all, holding] = sites[member.site];
        ++all;
        if (holders.contains(member.id)) ++holding;
    }
    if (holders.size() == team.members.size() && holders.size() > 1) return {""};
    std::vector<std::string> whole;
    for (const auto& [site, counts] : sites) {
        if (!site.empty() && counts.first > 1 && counts.first == counts.second) whole.push_back(site);
    }
    return whole;
}

bool start_together(const Absence& a, const Absence& b) {
    if (a.all_day && b.all_day) return a.all_day->first == b.all_day->first;
    return !a.all_day && !b.all_day && a.when.start == b.when.start;
}

// Two of a site that start together are one, as long as the longer: its calendars disagree about the end.
void add_holiday(std::vector<SiteHoliday>& holidays, const SiteHoliday& added) {
    const auto same = std::find_if(holidays.begin(), holidays.end(), [&added](const SiteHoliday& known) {
        return known.site == added.site && start_together(known.absence, added.absence);
    });
    if (same == holidays.end())
        holidays.push_back(added);
    else if (same->absence.when.end < added.absence.when.end)
        same->absence = added.absence;
}

// Moves what whole sites share out of `holidays`; what remains is single members'.
std::vector<SiteHoliday> take_shared(const Team& team, HolidaysOf& holidays) {
    std::vector<SiteHoliday> shared;
    for (auto& [key, members] : holidays) {
        for (const std::string& site : sites_of(team, members)) {
            const auto in_site = [&team, &site](const auto& entry) {
                return site.empty() || team.find_member(entry.first)->site == site;
            };
            add_holiday(shared, {site, std::find_if(members.begin(), members.end(), in_site)->second});
            std::erase_if(members, in_site);
        }
    }
    return shared;
}

}  // namespace

TeamAbsences team_absences(const Team& team, const TeamAvailability& availability) {
    TeamAbsences result;
    HolidaysOf holidays = holidays_by_day(team, availability);
    result.holidays = take_shared(team, holidays);
    for (const Member& member : team.members) {
        Absences own;
        for (const auto& [key, members] : holidays) {
            if (const auto holiday = members.find(member.id); holiday != members.end())
                own.push_back(holiday->second);
        }
        if (const auto found = availability.find(member.id); found != availability.end()) {
            for (const Absence& absence : found->second.absences) {
                if (absence.kind != AbsenceKind::holiday && !absence.when.empty()) own.push_back(absence);
            }
        }
        for (const Absence& absence : without_repetition(joined(std::move(own))))
            result.members.push_back({member.id, absence});
    }
    return result;
}

}  // namespace watchbill
