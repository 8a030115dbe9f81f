// Incidents as JSON: the shapes that scripts rely on. Pure.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "incident/delivery_view.h"
#include "incident/outlook.h"
#include "watchbill/incident.h"

namespace watchbill {

// An incident and what of it stands elsewhere.
struct IncidentView {
    const Incident* incident = nullptr;
    std::string url;  // of the incident in the API
    std::string ics;  // of its event
    std::map<MemberId, DeliveryView> deliveries = {};
    DeliveryView usual = {};  // of those who are not among them
    EscalationOutlook outlook = {};
};

// {"id","team","title","severity","state","description","conference","reporter","opened_by","opened_at",
// "closed_at","commander":{"email","name","rule","why","rsvp"},"experts":[{"email","name","skill","why","rsvp"}],
// "unfilled","event":{"uid","sequence","start","end","url","ics"},"invitations":[{"email","name","role",
// "transport","state","reason","attempts","next_try","rsvp"}],"escalation":{"asked":[{"who","name","for",
// "round","when","how","answer"}],"round","next_at","next","next_for","all_at_once"}}. Whoever helps with two
// skills is two experts; skill is null for who was named.
nlohmann::ordered_json incident_json(const IncidentView& view);
// The same without "description", "invitations" and "escalation": a line of a list.
nlohmann::ordered_json incident_line_json(const IncidentView& view);
// {"who","name","for","round","at","why"}
nlohmann::ordered_json to_json(const LadderStep& step);
// {"at","kind","who","about","text"}
nlohmann::ordered_json to_json(const TimelineEntry& entry);

}  // namespace watchbill
