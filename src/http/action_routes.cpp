#include <algorithm>

#include "http/json_message.h"
#include "http/order_body.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/brief_json.h"
#include "json/plan_json.h"
#include "service/team_actions.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

// As long as clients and proxies commonly wait. A plan takes milliseconds, but a busy disk may hold it up.
constexpr std::chrono::seconds replan_patience{30};
constexpr int default_entries = 100;
constexpr int most_entries = 1000;

// Makes the plan that a change leads to. The answer that says why it is not there yet, if it is not.
std::optional<Response> replan(const TeamCall& call) {
    const auto planned = call.backend.service->replan_now(call.team().name, replan_patience);
    if (planned) return std::nullopt;
    return problem(
        503, code_name(planned.error().code),
        "The change is kept, and the plan will follow it shortly: " + planned.error().message + ".");
}

// The shift as the board shows it now.
Json shown_shift(const TeamCall& call, const ShiftKey& shift) {
    const auto notice = call.backend.board->find(call.team().name);
    if (notice == nullptr || !notice->ready()) return Json::object();
    for (const Assignment& assignment : notice->plan->assignments) {
        if (assignment.shift.key == shift) return explained_json(*notice->team, assignment);
    }
    return Json::object();
}

Response give_shift(const TeamCall& call) {
    OrderBody body(call.request, {"member", "reason", "by", "force"});
    const OverrideOrder order{call.shift(), body.required_text("member"), body.text("reason"),
                              body.text("by"), body.flag("force")};
    if (body.refused()) return *body.refused();
    const auto outcome = set_override(*call.backend.store, call.known(), order, call.actor(), call.now());
    if (!outcome) return problem(outcome.error());
    // Also where it stood already: an earlier answer may have been lost before there was a plan.
    if (auto late = replan(call)) return *late;
    Json shift = shown_shift(call, order.shift);
    shift["changed"] = outcome->changed;
    shift["warnings"] = outcome->warnings;
    return json_response(200, shift);
}

Response take_shift_back(const TeamCall& call) {
    const ShiftKey shift = call.shift();
    const auto outcome = remove_override(*call.backend.store, call.known(), shift, call.actor(), call.now());
    if (!outcome) return problem(outcome.error());
    if (auto late = replan(call)) return *late;
    return json_response(200, shown_shift(call, shift));
}

Response leave_note(const TeamCall& call) {
    OrderBody body(call.request, {"text", "rotation", "date", "by"});
    const NoteOrder order{
        {body.text("rotation"), body.day("date")}, body.required_text("text"), body.text("by")};
    if (body.refused()) return *body.refused();
    const auto outcome = add_note(*call.backend.store, call.known(), order, call.actor(), call.now());
    if (!outcome) return problem(outcome.error());
    if (auto late = replan(call)) return *late;
    Json json = to_json(outcome->note);
    json["team"] = call.team().name;
    json["rotation"] = outcome->note.shift.rotation;
    json["date"] = format_day(outcome->note.shift.date);
    json["handover"] = format_instant(outcome->handover.at);
    json["changed"] = outcome->changed;
    return json_response(outcome->changed ? 201 : 200, json);
}

Response show_brief(const TeamCall& call, Query& query) {
    const HandoverChoice choice{query.name("rotation").value_or(""), query.day("date")};
    if (query.refused()) return *query.refused();
    const auto handover = choose_handover(call.known(), choice, call.now());
    if (!handover) return problem(handover.error());
    const Team& team = call.team();
    Store& store = *call.backend.store;
    const Day date = handover->from.shift.key.date;
    const auto notes = store.handover_notes(team.name, {date, date + std::chrono::days(1)});
    if (!notes) return problem(notes.error());
    const auto incidents = store.incidents(team.name, {std::nullopt, handover->from.shift.when.start});
    if (!incidents) return problem(incidents.error());
    return json_response(200, brief_json(team, brief_of(team, *call.notice.plan, *notes, *handover,
                                                        {*incidents, call.now()})));
}

Json to_json(const AuditEntry& entry) {
    return Json{{"at", format_instant(entry.at)},
                {"who", entry.who},
                {"from", entry.from},
                {"action", entry.action},
                {"what", entry.what}};
}

Response show_audit_log(const TeamCall& call, Query& query) {
    const int limit = query.count("limit", most_entries).value_or(default_entries);
    if (query.refused()) return *query.refused();
    const auto log = call.backend.store->audit_log(call.team().name, limit);
    if (!log) return problem(log.error());
    Json entries = Json::array();
    for (const AuditEntry& entry : *log) entries.push_back(to_json(entry));
    return json_response(200, {{"team", call.team().name}, {"entries", std::move(entries)}});
}

}  // namespace

void add_action_routes(Router& router, const Backend& backend) {
    TeamRoutes routes(router, backend);
    const std::string shift = "/shifts/{rotation:name}/{date:date}";
    routes.add_once("PUT", shift, ApiScope::admin, give_shift);
    routes.add_once("DELETE", shift, ApiScope::admin, take_shift_back);
    routes.add_once("POST", "/handover-notes", ApiScope::incident, leave_note);
    routes.get("/brief", {"rotation", "date"}, Needs::plan, show_brief);
    routes.get("/audit", {"limit"}, Needs::team, show_audit_log, ApiScope::admin);
}

}  // namespace watchbill::http
