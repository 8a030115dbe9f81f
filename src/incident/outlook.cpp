#include "incident/outlook.h"

#include <algorithm>

namespace watchbill {

namespace {

bool all_asked(const Incident& incident) {
    return std::all_of(incident.slots.begin(), incident.slots.end(),
                       [](const IncidentSlot& slot) { return slot.exhausted || slot.round > 0; });
}

std::string why_asked(const Incident& incident, const MemberId& member) {
    const Invitation* const one = incident.find(member);
    return one != nullptr ? one->why : "";
}

}  // namespace

EscalationOutlook escalation_outlook(const Staff& staff, const Incident& incident, Instant now,
                                     const DeliveryFacts& facts) {
    EscalationOutlook outlook;
    Incident ahead = incident;
    Instant at = now;
    // The end of a round asks nobody: the next one begins with the step after it.
    for (int step = 0; step < 2; ++step) {
        const auto due = next_escalation(ahead, *staff.team, facts);
        if (!due) return outlook;
        at = std::max(*due, at);
        const auto change = escalate(staff, ahead, at, facts);
        if (!change) return outlook;
        for (const TimelineEntry& entry : change->entries) {
            if (entry.kind == "escalated" && entry.about) outlook.members.push_back(*entry.about);
        }
        ahead = change->incident;
        if (outlook.members.empty()) continue;
        outlook.at = at;
        const auto call = std::find_if(
            ahead.calls.rbegin(), ahead.calls.rend(),
            [&outlook](const IncidentCall& one) { return one.member == outlook.members.front(); });
        if (call != ahead.calls.rend() && !call->slots.empty()) outlook.slot = call->slots.back();
        return outlook;
    }
    return outlook;
}

std::vector<LadderStep> call_ladder(const Staff& staff, const Incident& incident) {
    Incident ahead = incident;
    // Each step asks somebody, or ends a part.
    const size_t most_steps = (staff.team->members.size() + 2) * (incident.slots.size() + 1);
    for (size_t step = 0; step < most_steps && !all_asked(ahead); ++step) {
        const auto due = next_escalation(ahead, *staff.team);
        if (!due) break;
        auto change = escalate(staff, ahead, *due);
        if (!change) break;
        ahead = std::move(change->incident);
    }
    std::vector<LadderStep> ladder;
    for (const IncidentCall& call : ahead.calls) {
        if (call.round == 0) ladder.push_back({call, why_asked(ahead, call.member)});
    }
    return ladder;
}

std::string slot_title(const std::string& slot) {
    constexpr std::string_view skill = "skill:";
    if (slot.starts_with(skill)) return slot.substr(skill.size());
    return slot == commander_slot ? slot : "expert";
}

}  // namespace watchbill
