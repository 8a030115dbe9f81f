#include "rotation/planning/override_check.h"

#include <algorithm>

#include "rotation/availability/candidates.h"
#include "rotation/planning/reasons.h"
#include "rotation/planning/shifts.h"
#include "rotation/swaps/swap_rules.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Refused = tl::unexpected<OverrideRefusal>;

Refused refuse(OverrideObstacle obstacle, std::string sentence) {
    return Refused(OverrideRefusal{obstacle, std::move(sentence)});
}

// "MRO on Thu 3 Dec 2026"
std::string say_shift(const Team& team, const ShiftKey& key) {
    return say_rotation(team, key.rotation) + " on " + format_date_of_week(key.date);
}

std::string say_end(const Team& team, const Shift& shift) {
    const Zone zone = zone_of_rotation(team, shift.key.rotation);
    return say_moment(zone, shift.when.end, shift.key.date) + " (" + zone.name() + ")";
}

Refused refuse_ended(const Team& team, const Shift& shift) {
    return refuse(OverrideObstacle::shift_ended, say_shift(team, shift.key) + " ended at " +
                                                     say_end(team, shift) +
                                                     ": it is history, which never changes.");
}

// Of a shift that no plan has: because it is over, on a day off, or beyond the horizon.
Refused refuse_unplanned(const Team& team, const Rotation& rotation, const ShiftKey& key, Instant now) {
    const auto shift = shift_on(rotation, key.date);
    if (!shift) {
        return refuse(OverrideObstacle::no_such_shift,
                      "There is no " + say_shift(team, key) + ": the rotation has that day off.");
    }
    if (shift->when.end <= now) return refuse_ended(team, *shift);
    return refuse(OverrideObstacle::no_such_shift,
                  say_shift(team, key) + " is not planned yet: plans reach " +
                      std::to_string(team.horizon_days) + " days ahead. Try again nearer to it.");
}

std::string say_known_rotations(const Team& team) {
    std::vector<std::string> names;
    for (const Rotation& rotation : team.rotations) names.push_back(rotation.name);
    return say_list(names);
}

// The shift as it is planned, if it has not ended.
tl::expected<Assignment, OverrideRefusal> find_open_shift(const Team& team, const Plan& plan,
                                                          const ShiftKey& key, Instant now) {
    const Rotation* rotation = team.find_rotation(key.rotation);
    if (rotation == nullptr) {
        return refuse(OverrideObstacle::no_such_rotation, "There is no rotation \"" + key.rotation +
                                                              "\" in this team; there is " +
                                                              say_known_rotations(team) + ".");
    }
    const auto planned =
        std::find_if(plan.assignments.begin(), plan.assignments.end(),
                     [&key](const Assignment& assignment) { return assignment.shift.key == key; });
    if (planned == plan.assignments.end()) return refuse_unplanned(team, *rotation, key, now);
    if (planned->shift.when.end <= now) return refuse_ended(team, planned->shift);
    return *planned;
}

std::vector<std::string> say_overlaps(const Team& team, const Plan& plan, const Shift& shift,
                                      const MemberId& member) {
    std::vector<std::string> sentences;
    for (const Assignment& other : plan.assignments) {
        const bool elsewhere = other.shift.key.rotation != shift.key.rotation;
        if (!elsewhere || other.member != member || !other.shift.when.overlaps(shift.when)) continue;
        sentences.push_back(say_member(team, member) + " also holds " + say_shift(team, other.shift.key) +
                            ", at the same time.");
    }
    return sentences;
}

}  // namespace

std::string_view obstacle_name(OverrideObstacle obstacle) {
    switch (obstacle) {
        case OverrideObstacle::no_such_rotation: return "no_such_rotation";
        case OverrideObstacle::no_such_shift: return "no_such_shift";
        case OverrideObstacle::shift_ended: return "shift_ended";
        case OverrideObstacle::shift_started: return "shift_started";
        case OverrideObstacle::unknown_person: return "unknown_person";
        case OverrideObstacle::absent: return "absent";
        case OverrideObstacle::resting: return "resting";
    }
    return {};
}

tl::expected<OverrideGrant, OverrideRefusal> check_override(const Team& team, const Plan& plan,
                                                            const TeamAvailability& availability,
                                                            const OverrideRequest& request, Instant now) {
    auto held = find_open_shift(team, plan, request.shift, now);
    if (!held) return Refused(std::move(held.error()));
    const Member* member = team.find_member(request.member);
    if (member == nullptr) {
        return refuse(OverrideObstacle::unknown_person,
                      request.member.email() + " is not a member of this team: name one of its members.");
    }

    OverrideGrant grant{std::move(*held), member->id, false, {}};
    const Shift& shift = grant.now_held.shift;
    if (const auto reason = why_not_serve(team, shift, member->id, availability)) {
        const std::string who = say_member(team, member->id);
        const std::string why = say_why_unavailable(team, shift, *reason);
        const bool absent = reason->code == ReasonCode::absent;
        if (!request.force) {
            return refuse(absent ? OverrideObstacle::absent : OverrideObstacle::resting,
                          who + " cannot take " + say_shift(team, shift.key) + ": " + why +
                              ". Name somebody else, or force it.");
        }
        grant.forced = true;
        grant.warnings.push_back("Forced: " + who + " is " + why + ".");
    }
    if (!team.find_rotation(shift.key.rotation)->is_on_roster(member->id)) {
        grant.warnings.push_back(say_member(team, member->id) + " is not on the roster of " +
                                 say_rotation(team, shift.key.rotation) + ".");
    }
    for (std::string& sentence : say_overlaps(team, plan, shift, member->id))
        grant.warnings.push_back(std::move(sentence));
    return grant;
}

tl::expected<Assignment, OverrideRefusal> check_override_removal(const Team& team, const Plan& plan,
                                                                 const ShiftKey& shift, Instant now) {
    auto held = find_open_shift(team, plan, shift, now);
    if (held && held->shift.when.start <= now) {
        return refuse(OverrideObstacle::shift_started,
                      say_shift(team, shift) +
                          " has started and does not go back by itself: fix it to the person who goes on.");
    }
    return held;
}

std::optional<Reason> why_not_serve(const Team& team, const Shift& shift, const MemberId& member,
                                    const TeamAvailability& availability) {
    Rotation only = *team.find_rotation(shift.key.rotation);
    only.members = {member};
    const Candidates candidates = candidates_for(team, only, shift, availability);
    return candidates.unavailable.empty() ? std::nullopt : std::optional(candidates.unavailable.front());
}

std::vector<EndedOverride> ended_overrides(const Team& team, const std::vector<Override>& overrides,
                                           const TeamAvailability& availability, Instant now) {
    std::vector<EndedOverride> ended;
    for (const Override& fixed : overrides) {
        const Rotation* rotation = team.find_rotation(fixed.shift.rotation);
        const auto shift = rotation != nullptr ? shift_on(*rotation, fixed.shift.date) : std::nullopt;
        if (!shift || shift->when.start <= now || !swap_of_author(fixed.by).empty()) continue;
        std::optional<Reason> why;
        if (const Member* member = team.find_member(fixed.member); member == nullptr) {
            why.emplace();
        } else if (!fixed.forced) {
            why = why_not_serve(team, *shift, member->id, availability);
        }
        if (!why) continue;
        why->code = ReasonCode::override_ended;
        why->member = fixed.member;
        ended.push_back({fixed, *why});
    }
    return ended;
}

}  // namespace watchbill
