#include "json/brief_json.h"

#include <nlohmann/json.hpp>

#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Json = nlohmann::ordered_json;

Json side_of(const Team& team, const Assignment& assignment) {
    const auto& member = assignment.member;
    return Json{
        {"member", member ? Json(member->email()) : Json()},
        {"name", member ? Json(say_member(team, *member)) : Json()},
        {"rotation", assignment.shift.key.rotation},
        {"date", format_day(assignment.shift.key.date)},
        {"start", format_instant(assignment.shift.when.start)},
        {"end", format_instant(assignment.shift.when.end)},
    };
}

Json to_json(const BriefIncident& incident) {
    return Json{
        {"id", incident.id},
        {"title", incident.title},
        {"severity", severity_name(incident.severity)},
        {"open", incident.open},
        {"commander", incident.commander.email()},
        {"opened_at", format_instant(incident.opened_at)},
        {"closed_at", incident.closed_at ? Json(format_instant(*incident.closed_at)) : Json()},
    };
}

Json to_json(const PlanChange& change) {
    return Json{
        {"date", format_day(change.shift.key.date)},
        {"rotation", change.shift.key.rotation},
        {"member", change.member.email()},
        {"instead_of", change.instead_of.email()},
        {"by_people", change.by_people},
    };
}

}  // namespace

Json to_json(const HandoverNote& note) {
    return Json{{"text", note.text}, {"author", note.author}, {"at", format_instant(note.at)}};
}

Json brief_json(const Team& team, const Brief& brief) {
    Json notes = Json::array();
    for (const HandoverNote& note : brief.notes) notes.push_back(to_json(note));
    Json changes = Json::array();
    for (const PlanChange& change : brief.changes) changes.push_back(to_json(change));
    Json incidents = Json::array();
    for (const BriefIncident& incident : brief.incidents) incidents.push_back(to_json(incident));
    const ShiftKey& shift = brief.handover.from.shift.key;
    return Json{
        {"team", team.name},
        {"rotation", shift.rotation},
        {"date", format_day(shift.date)},
        {"at", format_instant(brief.handover.at)},
        {"from", side_of(team, brief.handover.from)},
        {"to", side_of(team, brief.handover.to)},
        {"incidents", std::move(incidents)},
        {"notes", std::move(notes)},
        {"changes", std::move(changes)},
        {"checklist", brief.checklist},
        {"text", say_brief(team, brief)},
    };
}

}  // namespace watchbill
