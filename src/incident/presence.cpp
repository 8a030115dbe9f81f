#include "incident/presence.h"

#include <algorithm>

#include "texts/phrases.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill {

namespace {

constexpr std::chrono::hours day_start(8);
constexpr std::chrono::hours day_end(20);

bool holds_a_shift(const Plan& plan, const MemberId& member, Instant at) {
    return std::any_of(plan.assignments.begin(), plan.assignments.end(), [&](const Assignment& assignment) {
        return assignment.member == member && assignment.shift.when.contains(at);
    });
}

bool is_day(const Zone& zone, Instant at) {
    const LocalTime local = zone.to_local(at);
    const auto since_midnight = local - std::chrono::floor<std::chrono::days>(local);
    return since_midnight >= day_start && since_midnight < day_end;
}

std::optional<Instant> rests_until(const Availability& known, Duration rest, Instant at) {
    std::optional<Instant> until;
    for (const Interval& duty : known.night_duties) {
        if (duty.empty() || duty.end > at || at - duty.end >= rest) continue;
        if (!until || duty.end + rest > *until) until = duty.end + rest;
    }
    return until;
}

}  // namespace

PresenceAt presence_at(const Staff& staff, const Member& member, Instant at) {
    const auto found = staff.availability->find(member.id);
    const bool on_shift = holds_a_shift(*staff.plan, member.id, at);
    if (found != staff.availability->end()) {
        const Availability& known = found->second;
        const bool on_night_duty = std::any_of(known.night_duties.begin(), known.night_duties.end(),
                                               [at](const Interval& duty) { return duty.contains(at); });
        if (on_night_duty) return {};
        const Absence* away = nullptr;
        for (const Absence& absence : known.absences) {
            if (absence.when.contains(at) && (away == nullptr || absence.when.end > away->when.end))
                away = &absence;
        }
        if (away != nullptr) return {Presence::absent, away->kind, away->when.end};
        if (const auto until = rests_until(known, staff.team->rest, at); until && !on_shift)
            return {Presence::resting, std::nullopt, until};
    }
    if (on_shift || is_day(Zone::get(member.zone), at)) return {};
    return {Presence::asleep, std::nullopt, std::nullopt};
}

std::string say_presence(const Staff& staff, const Member& member, const PresenceAt& found, Instant at) {
    const Zone zone = zone_of_member(*staff.team, member.id);
    const std::string clock = say_time(zone, at) + " in " + zone.name();
    const std::string until =
        found.until ? " until " + say_moment(zone, *found.until, zone.day_of(at)) + " (" + zone.name() + ")"
                    : "";
    switch (found.presence) {
        case Presence::there: return "is there (" + clock + ")";
        case Presence::asleep: return "is outside working hours (" + clock + ")";
        case Presence::resting: return "rests after night duty" + until;
        case Presence::absent: break;
    }
    return "is away (" + say_kind(*found.kind) + ")" + until;
}

}  // namespace watchbill
