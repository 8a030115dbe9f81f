#include "json/incident_json.h"

#include <nlohmann/json.hpp>

#include "json/nullable_json.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Json = nlohmann::ordered_json;

Json commander_json(const Invitation& commander) {
    return Json{
        {"email", commander.member.email()},
        {"name", text_or_null(commander.name)},
        {"rule", commander.rule},
        {"why", commander.why},
        {"rsvp", participation_name(commander.rsvp)},
    };
}

Json expert_json(const Invitation& expert, const Json& skill) {
    return Json{
        {"email", expert.member.email()},
        {"name", text_or_null(expert.name)},
        {"skill", skill},
        {"why", expert.why},
        {"rsvp", participation_name(expert.rsvp)},
    };
}

Json experts_json(const Incident& incident) {
    constexpr std::string_view prefix = "skill:";
    Json experts = Json::array();
    for (const Invitation& one : incident.invitations) {
        if (one.role != IncidentRole::expert) continue;
        bool named_only = true;
        for (const std::string& slot : one.slots) {
            if (!slot.starts_with(prefix)) continue;
            experts.push_back(expert_json(one, slot.substr(prefix.size())));
            named_only = false;
        }
        if (named_only) experts.push_back(expert_json(one, Json()));
    }
    return experts;
}

Json event_json(const IncidentView& view) {
    const Incident& incident = *view.incident;
    return Json{
        {"uid", incident.uid},
        {"sequence", incident.sequence},
        {"start", format_instant(incident.when.start)},
        {"end", format_instant(incident.when.end)},
        {"url", view.url},
        {"ics", view.ics},
    };
}

Json invitations_json(const IncidentView& view) {
    Json invitations = Json::array();
    for (const Invitation& one : view.incident->invitations) {
        const auto found = view.deliveries.find(one.member);
        const DeliveryView& delivery = found == view.deliveries.end() ? view.usual : found->second;
        invitations.push_back({
            {"email", one.member.email()},
            {"name", text_or_null(one.name)},
            {"role", incident_role_name(one.role)},
            {"transport", delivery.transport},
            {"state", delivery.state},
            {"reason", text_or_null(delivery.reason)},
            {"attempts", delivery.attempts},
            {"next_try", delivery.next_try ? Json(format_instant(*delivery.next_try)) : Json()},
            {"rsvp", participation_name(one.rsvp)},
        });
    }
    return invitations;
}

Json titles_of(const std::vector<std::string>& slots) {
    Json titles = Json::array();
    for (const std::string& slot : slots) titles.push_back(slot_title(slot));
    return titles;
}

std::string_view answer_of(const IncidentCall& call) {
    const bool silent = call.answer == ParticipationStatus::needs_action;
    return silent && call.problem == DeliveryProblem::failed ? "not_told" : participation_name(call.answer);
}

// People count rounds from one.
Json escalation_json(const IncidentView& view) {
    Json asked = Json::array();
    for (const IncidentCall& call : view.incident->calls) {
        const auto found = view.deliveries.find(call.member);
        const DeliveryView& delivery = found == view.deliveries.end() ? view.usual : found->second;
        asked.push_back({
            {"who", call.member.email()},
            {"name", text_or_null(call.name)},
            {"for", titles_of(call.slots)},
            {"round", call.round + 1},
            {"when", format_instant(call.at)},
            {"how", delivery.transport},
            {"answer", answer_of(call)},
        });
    }
    const EscalationOutlook& outlook = view.outlook;
    const bool anybody = outlook.at && !outlook.members.empty();
    return Json{
        {"asked", std::move(asked)},
        {"round", view.incident->slots.empty() ? 1 : view.incident->slots.front().round + 1},
        {"next_at", anybody ? Json(format_instant(*outlook.at)) : Json()},
        {"next", anybody ? Json(outlook.members.front().email()) : Json()},
        {"next_for", anybody ? Json(slot_title(outlook.slot)) : Json()},
        {"all_at_once", outlook.members.size() > 1 && outlook.slot == commander_slot},
    };
}

Json head_json(const Incident& incident) {
    return Json{
        {"id", incident.id},
        {"team", incident.team},
        {"title", incident.title},
        {"severity", severity_name(incident.severity)},
        {"state", incident_state_name(incident.state)},
    };
}

void add_rest(Json& json, const IncidentView& view) {
    const Incident& incident = *view.incident;
    json["conference"] = text_or_null(incident.conference);
    json["reporter"] = incident.reporter ? Json(incident.reporter->email()) : Json();
    json["opened_by"] = incident.opened_by;
    json["opened_at"] = format_instant(incident.opened_at);
    json["closed_at"] = incident.closed_at ? Json(format_instant(*incident.closed_at)) : Json();
    json["commander"] = commander_json(incident.commander());
    json["experts"] = experts_json(incident);
    json["unfilled"] = incident.unfilled();
    json["event"] = event_json(view);
}

}  // namespace

Json incident_json(const IncidentView& view) {
    Json json = head_json(*view.incident);
    json["description"] = view.incident->description;
    add_rest(json, view);
    json["invitations"] = invitations_json(view);
    json["escalation"] = escalation_json(view);
    return json;
}

Json incident_line_json(const IncidentView& view) {
    Json json = head_json(*view.incident);
    add_rest(json, view);
    return json;
}

Json to_json(const LadderStep& step) {
    return Json{
        {"who", step.call.member.email()},    {"name", text_or_null(step.call.name)},
        {"for", titles_of(step.call.slots)},  {"round", step.call.round + 1},
        {"at", format_instant(step.call.at)}, {"why", step.why},
    };
}

Json to_json(const TimelineEntry& entry) {
    return Json{
        {"at", format_instant(entry.at)},
        {"kind", entry.kind},
        {"who", entry.who},
        {"about", entry.about ? Json(entry.about->email()) : Json()},
        {"text", entry.text},
    };
}

}  // namespace watchbill
