#include "rotation/duty/brief.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "rotation/planning/reasons.h"
#include "texts/phrases.h"

namespace watchbill {

namespace {

// People look a week ahead when they hand over; and each change of the plan changes the briefs of the days
// before it, in everybody's calendar, so they should be few.
constexpr Duration coming_days = std::chrono::days(7);

std::optional<PlanChange> change_of(const Assignment& assignment) {
    const Reason* replaced = find_reason(assignment, ReasonCode::replaced);
    if (replaced == nullptr || !assignment.member) return std::nullopt;
    return PlanChange{assignment.shift, *assignment.member, replaced->member, assignment.overridden};
}

std::string say_note(const Team& team, const HandoverNote& note) {
    const Zone zone = zone_of_rotation(team, note.shift.rotation);
    std::string text =
        "\n- " + say_author(team, note.author) + ", " + say_moment(zone, note.at, note.shift.date) + ": ";
    // Lines of a note stay under its author, so that none looks like another's.
    for (const char c : note.text) text += c == '\n' ? std::string("\n  ") : std::string(1, c);
    return text;
}

// Those that were open at any time of the shift.
std::vector<BriefIncident> incidents_of(const Shift& shift, const IncidentNews& news) {
    std::vector<BriefIncident> found;
    if (shift.when.start > news.as_of) return found;
    for (const Incident& incident : news.incidents) {
        const bool over_before = incident.closed_at && *incident.closed_at <= shift.when.start;
        if (incident.state == IncidentState::cancelled || over_before || incident.opened_at >= shift.when.end)
            continue;
        found.push_back({incident.id, incident.title, incident.severity,
                         incident.state == IncidentState::open, incident.commander().member,
                         incident.opened_at, incident.closed_at});
    }
    std::sort(found.begin(), found.end(), [](const BriefIncident& a, const BriefIncident& b) {
        return std::tuple(!a.open, a.opened_at, a.id) < std::tuple(!b.open, b.opened_at, b.id);
    });
    return found;
}

std::string say_incident(const Team& team, const BriefIncident& incident, Day near) {
    const Zone zone = Zone::get(team.zone);
    std::string text = "\n- " + std::string(incident.open ? "OPEN, " : "resolved, ") +
                       std::string(severity_name(incident.severity)) + ": " + incident.title + " (" +
                       say_member(team, incident.commander) + " commands, since " +
                       say_moment(zone, incident.opened_at, near);
    if (incident.closed_at) text += ", until " + say_moment(zone, *incident.closed_at, near);
    return text + ")";
}

std::string say_change(const Team& team, const PlanChange& change, Day near) {
    return "\n- " + say_day(change.shift.key.date, near) + ", " +
           say_rotation(team, change.shift.key.rotation) + ": " + say_member(team, change.member) +
           " instead of " + say_member(team, change.instead_of) +
           (change.by_people ? " (agreed by people)" : "");
}

}  // namespace

Brief brief_of(const Team& team, const Plan& plan, const std::vector<HandoverNote>& notes,
               const Handover& handover, const IncidentNews& news) {
    Brief brief{handover, {}, {}, team.checklist, incidents_of(handover.from.shift, news)};
    for (const HandoverNote& note : notes) {
        if (note.shift == handover.from.shift.key) brief.notes.push_back(note);
    }
    const auto concerns = [&handover](const MemberId& person) {
        return person == handover.from.member || person == handover.to.member;
    };
    const auto end = plan.assignments.end();
    auto shift = std::partition_point(plan.assignments.begin(), end, [&](const Assignment& assignment) {
        return assignment.shift.when.start < handover.at;
    });
    for (; shift != end && shift->shift.when.start < handover.at + coming_days; ++shift) {
        const auto change = change_of(*shift);
        if (change && (concerns(change->member) || concerns(change->instead_of)))
            brief.changes.push_back(*change);
    }
    return brief;
}

std::optional<Handover> handover_after(const std::vector<Handover>& handovers, const ShiftKey& shift) {
    const auto found = std::find_if(handovers.begin(), handovers.end(), [&shift](const Handover& handover) {
        return handover.from.shift.key == shift;
    });
    return found == handovers.end() ? std::nullopt : std::optional(*found);
}

std::optional<Handover> next_handover(const std::vector<Handover>& handovers, std::string_view rotation,
                                      Instant now) {
    const auto found = std::find_if(handovers.begin(), handovers.end(), [&](const Handover& handover) {
        return handover.at > now && (rotation.empty() || handover.from.shift.key.rotation == rotation);
    });
    return found == handovers.end() ? std::nullopt : std::optional(*found);
}

std::string say_receiver(const Team& team, const Handover& handover) {
    const ShiftKey& from = handover.from.shift.key;
    const Shift& to = handover.to.shift;
    const Zone zone = zone_of_rotation(team, from.rotation);
    std::string text = say_holder(team, handover.to);
    if (to.key.rotation != from.rotation) text += ", " + say_rotation(team, to.key.rotation);
    if (handover.to.member) {
        const Zone there = zone_of_member(team, *handover.to.member);
        if (there.offset(handover.at) != zone.offset(handover.at)) {
            const bool same_day = there.day_of(handover.at) == zone.day_of(handover.at);
            text += ", " +
                    (same_day ? say_time(there, handover.at) : say_moment(there, handover.at, from.date)) +
                    " there";
        }
    }
    if (to.when.start > handover.at)
        text += " (shift starts " + say_moment(zone, to.when.start, from.date) + ")";
    return text;
}

std::string say_handover(const Team& team, const Handover& handover) {
    const std::string title = say_rotation(team, handover.from.shift.key.rotation);
    const bool goes_on = handover.from.member && handover.from.member == handover.to.member;
    return say_holder(team, handover.from) + ", " + title + (goes_on ? ", goes on: " : ", hands over to ") +
           say_receiver(team, handover) + ".";
}

std::string say_author(const Team& team, const std::string& author) {
    if (const auto member = MemberId::parse(author)) return say_member(team, *member);
    // "token:ops bot", "cli:alice": the name is what people know.
    const size_t colon = author.find(':');
    return colon == std::string::npos ? author : author.substr(colon + 1);
}

std::string say_checklist(const std::vector<std::string>& checklist) {
    if (checklist.empty()) return {};
    std::string text = "\n\nChecklist:";
    for (const std::string& item : checklist) text += "\n- " + item;
    return text;
}

std::string say_brief(const Team& team, const Brief& brief) {
    std::string text = say_handover(team, brief.handover);
    const Day date = brief.handover.from.shift.key.date;
    if (!brief.incidents.empty()) text += "\n\nIncidents:";
    for (const BriefIncident& incident : brief.incidents) text += say_incident(team, incident, date);
    if (!brief.notes.empty()) text += "\n\nNotes:";
    for (const HandoverNote& note : brief.notes) text += say_note(team, note);
    if (!brief.changes.empty()) text += "\n\nChanges in the week after:";
    for (const PlanChange& change : brief.changes) text += say_change(team, change, date);
    return text + say_checklist(brief.checklist);
}

}  // namespace watchbill
