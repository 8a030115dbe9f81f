#include <algorithm>

#include "http/action_problem.h"
#include "http/json_message.h"
#include "http/order_body.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/repeatable.h"
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

using Action = Response (*)(const Backend&, const TeamNotice&, const Request&, const PathValues&);

// Makes the plan that a change leads to. The answer that says why it is not there yet, if it is not.
std::optional<Response> replan(const Backend& backend, const Team& team) {
    const auto planned = backend.service->replan_now(team.name, replan_patience);
    if (planned) return std::nullopt;
    return problem(
        503, code_name(planned.error().code),
        "The change is kept, and the plan will follow it shortly: " + planned.error().message + ".");
}

// The shift as the board shows it now.
Json shown_shift(const Backend& backend, const Team& team, const ShiftKey& shift) {
    const auto notice = backend.board->find(team.name);
    if (notice == nullptr || !notice->ready()) return Json::object();
    for (const Assignment& assignment : notice->plan->assignments) {
        if (assignment.shift.key == shift) return explained_json(*notice->team, assignment);
    }
    return Json::object();
}

ShiftKey shift_in(const PathValues& path) {
    return {path.get<std::string>("rotation"), path.get<Day>("date")};
}

Response give_shift(const Backend& backend, const TeamNotice& notice, const Request& request,
                    const PathValues& path) {
    OrderBody body(request, {"member", "reason", "by", "force"});
    const OverrideOrder order{shift_in(path), body.required_text("member"), body.text("reason"),
                              body.text("by"), body.flag("force")};
    if (body.refused()) return *body.refused();
    const auto outcome =
        set_override(*backend.store, known_of(notice), order, actor_of(request), backend.clock->now());
    if (!outcome) return problem_of(outcome.error());
    // Also where it stood already: an earlier answer may have been lost before there was a plan.
    if (auto late = replan(backend, *notice.team)) return *late;
    Json shift = shown_shift(backend, *notice.team, order.shift);
    shift["changed"] = outcome->changed;
    shift["warnings"] = outcome->warnings;
    return json_response(200, shift);
}

Response take_shift_back(const Backend& backend, const TeamNotice& notice, const Request& request,
                         const PathValues& path) {
    const ShiftKey shift = shift_in(path);
    const auto outcome =
        remove_override(*backend.store, known_of(notice), shift, actor_of(request), backend.clock->now());
    if (!outcome) return problem_of(outcome.error());
    if (auto late = replan(backend, *notice.team)) return *late;
    return json_response(200, shown_shift(backend, *notice.team, shift));
}

Response leave_note(const Backend& backend, const TeamNotice& notice, const Request& request,
                    const PathValues&) {
    OrderBody body(request, {"text", "rotation", "date", "by"});
    const NoteOrder order{
        {body.text("rotation"), body.day("date")}, body.required_text("text"), body.text("by")};
    if (body.refused()) return *body.refused();
    const auto outcome =
        add_note(*backend.store, known_of(notice), order, actor_of(request), backend.clock->now());
    if (!outcome) return problem_of(outcome.error());
    if (auto late = replan(backend, *notice.team)) return *late;
    Json json = to_json(outcome->note);
    json["team"] = notice.team->name;
    json["rotation"] = outcome->note.shift.rotation;
    json["date"] = format_day(outcome->note.shift.date);
    json["handover"] = format_instant(outcome->handover.at);
    json["changed"] = outcome->changed;
    return json_response(outcome->changed ? 201 : 200, json);
}

Response show_brief(const Backend& backend, const TeamNotice& notice, const Request& request,
                    const PathValues&) {
    Query query(request, {"rotation", "date"});
    const HandoverChoice choice{query.name("rotation").value_or(""), query.day("date")};
    if (query.refused()) return *query.refused();
    const auto handover = choose_handover(known_of(notice), choice, backend.clock->now());
    if (!handover) return problem_of(handover.error());
    const Day date = handover->from.shift.key.date;
    const auto notes = backend.store->handover_notes(notice.team->name, {date, date + std::chrono::days(1)});
    if (!notes) return problem(notes.error());
    const auto incidents =
        backend.store->incidents(notice.team->name, {std::nullopt, handover->from.shift.when.start});
    if (!incidents) return problem(incidents.error());
    const Brief brief =
        brief_of(*notice.team, *notice.plan, *notes, *handover, {*incidents, backend.clock->now()});
    return json_response(200, brief_json(*notice.team, brief));
}

Json to_json(const AuditEntry& entry) {
    return Json{{"at", format_instant(entry.at)},
                {"who", entry.who},
                {"from", entry.from},
                {"action", entry.action},
                {"what", entry.what}};
}

Response show_audit_log(const Backend& backend, const TeamNotice& notice, const Request& request,
                        const PathValues&) {
    Query query(request, {"limit"});
    const int limit = query.count("limit", most_entries).value_or(default_entries);
    if (query.refused()) return *query.refused();
    const auto log = backend.store->audit_log(notice.team->name, limit);
    if (!log) return problem(log.error());
    Json entries = Json::array();
    for (const AuditEntry& entry : *log) entries.push_back(to_json(entry));
    return json_response(200, {{"team", notice.team->name}, {"entries", std::move(entries)}});
}

}  // namespace

void add_action_routes(Router& router, const Backend& backend) {
    const auto with_backend = [&backend](Action act) -> TeamHandler {
        return [backend, act](const TeamNotice& notice, const Request& request, const PathValues& path) {
            return act(backend, notice, request, path);
        };
    };
    const auto planned = [&](Action act) { return for_planned_team(*backend.board, with_backend(act)); };
    const std::string team = "/api/v1/teams/{team:name}";
    const std::string shift = team + "/shifts/{rotation:name}/{date:date}";
    const auto once = [&](Action act) {
        return for_planned_team(*backend.board, repeatable(backend, with_backend(act)));
    };
    router.add("PUT", shift, ApiScope::admin, once(give_shift));
    router.add("DELETE", shift, ApiScope::admin, once(take_shift_back));
    router.add("POST", team + "/handover-notes", ApiScope::incident, once(leave_note));
    router.add("GET", team + "/brief", ApiScope::read, planned(show_brief));
    router.add("GET", team + "/audit", ApiScope::admin,
               for_team(*backend.board, with_backend(show_audit_log)));
}

}  // namespace watchbill::http
