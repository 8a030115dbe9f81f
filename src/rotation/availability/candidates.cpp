#include "rotation/availability/candidates.h"

#include <algorithm>

#include "time/interval_set.h"

namespace watchbill {

namespace {

// Of the absences that make the member absent, the one that takes most of the shift; then the earliest.
std::optional<Reason> absence_from(const Shift& shift, const Availability& availability, Duration threshold) {
    std::vector<Interval> intervals;
    const Absence* longest = nullptr;
    Duration longest_overlap(0);
    for (const Absence& absence : availability.absences) {
        const Interval common = intersection(absence.when, shift.when);
        if (common.empty()) continue;
        intervals.push_back(common);
        if (common.length() > longest_overlap) {
            longest = &absence;
            longest_overlap = common.length();
        }
    }
    if (longest == nullptr) return std::nullopt;
    const Duration away = IntervalSet(std::move(intervals)).overlap_length(shift.when);
    if (away < std::min(threshold, shift.when.length())) return std::nullopt;

    Reason reason;
    reason.code = ReasonCode::absent;
    reason.when = longest->when;
    reason.absence_kind = longest->kind;
    return reason;
}

// Of the night duties that forbid the shift, the one that ends last.
std::optional<Reason> rest_from(const Shift& shift, const Availability& availability, Duration rest) {
    const Interval* latest = nullptr;
    for (const Interval& duty : availability.night_duties) {
        if (duty.empty()) continue;
        const bool too_soon = duty.end <= shift.when.start && shift.when.start - duty.end < rest;
        if (!too_soon && !duty.overlaps(shift.when)) continue;
        if (latest == nullptr || duty.end > latest->end) latest = &duty;
    }
    if (latest == nullptr) return std::nullopt;

    Reason reason;
    reason.code = ReasonCode::resting;
    reason.when = *latest;
    return reason;
}

std::optional<Reason> why_not(const Team& team, const Shift& shift, const Availability& availability) {
    if (auto absent = absence_from(shift, availability, team.absence_threshold)) return absent;
    return rest_from(shift, availability, team.rest);
}

}  // namespace

Candidates candidates_for(const Team& team, const Rotation& rotation, const Shift& shift,
                          const TeamAvailability& availability) {
    Candidates candidates;
    std::vector<MemberId> resting;
    for (const MemberId& member : rotation.members) {
        const auto known = availability.find(member);
        auto reason = known == availability.end() ? std::nullopt : why_not(team, shift, known->second);
        if (!reason) {
            candidates.eligible.push_back(member);
            continue;
        }
        if (reason->code == ReasonCode::resting) resting.push_back(member);
        reason->member = member;
        candidates.unavailable.push_back(std::move(*reason));
    }
    if (candidates.eligible.empty() && !resting.empty()) {
        candidates.eligible = std::move(resting);
        candidates.rest_broken = true;
    }
    return candidates;
}

void add_holidays(TeamAvailability& availability, const Team& team, const std::string& site,
                  const std::vector<Absence>& holidays) {
    if (holidays.empty()) return;
    for (const Member& member : team.members) {
        if (!site.empty() && member.site != site) continue;
        auto& absences = availability[member.id].absences;
        absences.insert(absences.end(), holidays.begin(), holidays.end());
        std::stable_sort(absences.begin(), absences.end(),
                         [](const Absence& a, const Absence& b) { return a.when < b.when; });
    }
}

}  // namespace watchbill
