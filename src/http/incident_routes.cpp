#include <charconv>

#include "http/conditional.h"
#include "http/json_message.h"
#include "http/order_body.h"
#include "http/problem.h"
#include "http/repeatable.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/incident_json.h"
#include "service/incident_bytes.h"
#include "service/incident_deliveries.h"
#include "service/incident_desk.h"

namespace watchbill::http {

namespace {

constexpr int default_incidents = 100;
constexpr int most_incidents = 1000;

const std::string& id_in(const TeamCall& call) { return call.path.get<std::string>("incident"); }

IncidentDeliveries deliveries_of(const Backend& backend) {
    return {*backend.store, backend.incidents->mail_service()};
}

IncidentView view_of(const Backend& backend, const Incident& incident) {
    const IncidentLinks& links = backend.incidents->links();
    return {&incident, links.api_url(incident), links.ics_url(incident)};
}

Response incident_response(int status, const TeamCall& call, const Incident& incident, DeliveryNews news) {
    IncidentView view = view_of(call.backend, incident);
    view.deliveries = std::move(news.latest);
    if (call.notice.ready())
        view.outlook = call.backend.incidents->outlook(call.known(), incident, news.messages);
    Response response = json_response(status, incident_json(view));
    response.add_header("ETag", "\"" + std::to_string(incident.version) + "\"");
    return response;
}

Response incident_response(int status, const TeamCall& call, const Incident& incident) {
    return incident_response(status, call, incident, deliveries_of(call.backend).of(incident));
}

// The answer to a change that is about to be written with it, where the request has a key. The call must
// outlive it.
KeyedChange keyed(const TeamCall& call, int status = 200) {
    return keyed_change(call.request, [&call, status](const IncidentWrite& write) {
        return incident_response(status, call, write.incident, deliveries_of(call.backend).after(write));
    });
}

Response changed_response(const TeamCall& call, const ActionResult<ChangedIncident>& outcome,
                          int status = 200) {
    if (!outcome) return problem(outcome.error());
    if (outcome->kept) return kept_response(*outcome->kept);
    return incident_response(status, call, outcome->incident);
}

OrderBody order_body(const Request& request) {
    return OrderBody(request, {"title", "severity", "needs", "experts", "description", "start", "duration",
                               "conference", "reporter"});
}

IncidentOrder order_in(OrderBody& body) {
    IncidentOrder order;
    order.title = body.required_text("title");
    order.severity = body.text("severity");
    order.needs = body.texts("needs");
    order.experts = body.texts("experts");
    order.description = body.text("description");
    order.start = body.instant("start");
    order.duration = body.duration("duration");
    order.conference = body.text("conference");
    order.reporter = body.text("reporter");
    return order;
}

Response open_incident(const TeamCall& call) {
    OrderBody body = order_body(call.request);
    const IncidentOrder order = order_in(body);
    if (body.refused()) return *body.refused();
    const auto key = call.request.header("Idempotency-Key");
    if (key && key->empty()) return problem(422, "\"Idempotency-Key\" is empty.");
    const auto answer = [&](const Incident& incident, watchbill::Transport by,
                            const EscalationOutlook& ahead) {
        IncidentView view = view_of(call.backend, incident);
        view.usual = deliveries_of(call.backend).untried(by, incident.opened_at);
        view.outlook = ahead;
        return json_text(incident_json(view)) + "\n";
    };
    const auto opened = call.backend.incidents->open(
        call.known(), order, {key.value_or(""), call.request.body(), answer}, call.actor());
    if (!opened) return problem(opened.error());
    Response response = text_response(201, "application/json", opened->answer);
    response.add_header("Location", "/api/v1/teams/" + call.team().name + "/incidents/" + opened->id);
    response.add_header("ETag", "\"1\"");
    return response;
}

// Nothing is written: neither an id nor an event is there yet.
Response preview_incident(const TeamCall& call) {
    OrderBody body = order_body(call.request);
    const IncidentOrder order = order_in(body);
    if (body.refused()) return *body.refused();
    const auto incident = call.backend.incidents->preview(call.known(), order, call.actor());
    if (!incident) return problem(incident.error());
    const auto ladder = call.backend.incidents->ladder(call.known(), *incident);
    if (!ladder) return problem(ladder.error());
    const Json whole = incident_json({&*incident, "", ""});
    Json json;
    for (const char* member : {"team", "title", "severity", "conference", "commander", "experts", "unfilled"})
        json[member] = whole.at(member);
    json["ladder"] = Json::array();
    for (const LadderStep& step : *ladder) json["ladder"].push_back(to_json(step));
    json["ack_timeout"] = call.team().ack_timeout.count();
    json["escalation_rounds"] = call.team().escalation_rounds;
    return json_response(200, json);
}

Response list_incidents(const TeamCall& call, Query& query) {
    IncidentQuery wanted;
    wanted.limit = query.count("limit", most_incidents).value_or(default_incidents);
    const auto state = query.name("state");
    if (query.refused()) return *query.refused();
    if (state) {
        wanted.state = incident_state_from_name(*state);
        if (!wanted.state) return problem(400, "\"state\" must be open, resolved or cancelled.");
    }
    const auto found = call.backend.store->incidents(call.team().name, wanted);
    if (!found) return problem(found.error());
    Json incidents = Json::array();
    for (const Incident& incident : *found)
        incidents.push_back(incident_line_json(view_of(call.backend, incident)));
    return json_response(200, {{"team", call.team().name}, {"incidents", std::move(incidents)}});
}

// Calls `show` with the incident of the path, or says that it is not there.
TeamReader with_incident(Response (*show)(const TeamCall&, const Incident&)) {
    return [show](const TeamCall& call, Query&) {
        const auto found = call.backend.store->find_incident(call.team().name, id_in(call));
        if (!found) return problem(found.error());
        if (*found) return show(call, **found);
        return problem(404, "no_such_incident", "There is no incident \"" + id_in(call) + "\" in this team.");
    };
}

Response show_incident(const TeamCall& call, const Incident& incident) {
    return incident_response(200, call, incident);
}

Response show_timeline(const TeamCall& call, const Incident& incident) {
    const auto timeline = call.backend.store->incident_timeline(incident.team, incident.id);
    if (!timeline) return problem(timeline.error());
    Json entries = Json::array();
    for (const TimelineEntry& entry : *timeline) entries.push_back(to_json(entry));
    return json_response(
        200, {{"team", incident.team}, {"incident", incident.id}, {"entries", std::move(entries)}});
}

Response show_event(const TeamCall& call, const Incident& incident) {
    Response response =
        text_response(200, "text/calendar; charset=utf-8", incident_bytes(call.team(), incident));
    response.add_header("Content-Disposition", "inline; filename=\"" + incident.id + ".ics\"");
    return response;
}

// If-Match (RFC 9110 13.1.1): versions that the incident may have. Nothing for any; none for what no ETag of
// ours can be.
std::optional<std::vector<int>> versions_in(const Request& request) {
    const auto header = request.header("If-Match");
    if (!header || *header == "*") return std::nullopt;
    std::vector<int> versions;
    for (const EntityTag& tag : entity_tags(*header)) {
        int version = 0;
        const char* const end = tag.text.data() + tag.text.size() - 1;
        const auto [rest, error] = std::from_chars(tag.text.data() + 1, end, version);
        // A weak one never matches.
        if (error == std::errc() && rest == end && !tag.is_weak) versions.push_back(version);
    }
    return versions;
}

Response patch_incident(const TeamCall& call) {
    OrderBody body(call.request, {"title", "severity", "description", "start", "end", "commander",
                                  "add_experts", "remove_experts", "needs"});
    IncidentPatchOrder order;
    order.title = body.optional_text("title");
    order.severity = body.optional_text("severity");
    order.description = body.optional_text("description");
    order.start = body.instant("start");
    order.end = body.instant("end");
    order.commander = body.optional_text("commander");
    order.add_experts = body.texts("add_experts");
    order.remove_experts = body.texts("remove_experts");
    order.needs = body.optional_texts("needs");
    if (body.refused()) return *body.refused();
    const auto outcome = call.backend.incidents->patch(call.known(), id_in(call), order, call.actor(),
                                                       versions_in(call.request), keyed(call));
    if (!outcome && outcome.error().code == "precondition_failed")
        return problem(412, outcome.error().code, outcome.error().error.message);
    return changed_response(call, outcome);
}

Response note_incident(const TeamCall& call) {
    OrderBody body(call.request, {"text"});
    const std::string text = body.required_text("text");
    if (body.refused()) return *body.refused();
    constexpr int created = 201;
    return changed_response(
        call,
        call.backend.incidents->add_note(call.known(), id_in(call), text, call.actor(), keyed(call, created)),
        created);
}

// `End` is how: IncidentDesk::resolve or cancel.
template <auto End>
Response end_incident(const TeamCall& call) {
    OrderBody body(call.request, {"note"});
    const std::string note = body.text("note");
    if (body.refused()) return *body.refused();
    return changed_response(
        call, (call.backend.incidents->*End)(call.known(), id_in(call), note, call.actor(), keyed(call)));
}

Response join_incident(const TeamCall& call) {
    OrderBody body(call.request, {"member"});
    const std::string member = body.required_text("member");
    if (body.refused()) return *body.refused();
    return changed_response(
        call, call.backend.incidents->join(call.known(), id_in(call), member, call.actor(), keyed(call)));
}

// The token is the credential: of the one person whose mail it was in. What it is answered with is no more
// than that mail said.
Response acknowledge_incident(const TeamCall& call) {
    OrderBody body(call.request, {"token"});
    const std::string token = body.required_text("token");
    if (body.refused()) return *body.refused();
    return changed_response(
        call, call.backend.incidents->acknowledge(call.known(), id_in(call), token,
                                                  {"link", call.request.caller.from}, keyed(call)));
}

}  // namespace

void add_incident_routes(Router& router, const Backend& backend) {
    TeamRoutes routes(router, backend);
    const std::string all = "/incidents";
    const std::string one = all + "/{incident:name}";
    routes.get(all, {"state", "limit"}, Needs::team, list_incidents);
    routes.add("POST", all, ApiScope::incident, open_incident);
    routes.add("POST", all + "/preview", ApiScope::incident, preview_incident);
    routes.get(one, {}, Needs::team, with_incident(show_incident));
    routes.add_once("PATCH", one, ApiScope::incident, patch_incident);
    routes.get(one + "/timeline", {}, Needs::team, with_incident(show_timeline));
    routes.get(one + "/event.ics", {}, Needs::team, with_incident(show_event));
    routes.add_once("POST", one + "/notes", ApiScope::incident, note_incident);
    routes.add_once("POST", one + "/join", ApiScope::incident, join_incident);
    routes.add_once("POST", one + "/resolve", ApiScope::incident, end_incident<&IncidentDesk::resolve>);
    routes.add_once("POST", one + "/cancel", ApiScope::incident, end_incident<&IncidentDesk::cancel>);
    routes.add_once("POST", one + "/ack", Access::anybody, acknowledge_incident);
}

}  // namespace watchbill::http
