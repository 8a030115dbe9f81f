#include "http/json_message.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/team_json.h"
#include "json/warning_json.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

// As long as clients and proxies commonly wait. The slowest calendar is given up after about as long.
constexpr std::chrono::seconds refresh_patience{30};

Json to_json(const SourceState& source) {
    Json json{
        {"label", source.label},
        {"state", source_health_name(source.health)},
        {"last_success", instant_or_null(source.last_success)},
        {"last_attempt", instant_or_null(source.last_attempt)},
        {"next_attempt", format_instant(source.next_attempt)},
        {"error", nullptr},
        {"warnings", watchbill::to_json(source.warnings)},
    };
    if (const auto& error = source.last_error)
        json["error"] = {{"code", code_name(error->code)}, {"message", error->message}};
    return json;
}

Json list_of(const std::vector<SourceState>& sources) {
    Json list = Json::array();
    for (const SourceState& source : sources) list.push_back(to_json(source));
    return list;
}

Json summary_of(const TeamNotice& notice) {
    const Team& team = *notice.team;
    return Json{
        {"name", team.name}, {"title", team.title}, {"time_zone", team.zone}, {"ready", notice.ready()}};
}

Response list_teams(const NoticeBoard& board, const Request& request) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    Json teams = Json::array();
    for (const auto& notice : board.all()) teams.push_back(summary_of(*notice));
    return json_response(200, {{"teams", std::move(teams)}});
}

Response show_team(const TeamCall& call, Query&) {
    Json body = summary_of(call.notice);
    body.update(team_json(call.team()));
    return json_response(200, body);
}

Response show_sources(const TeamCall& call, Query&) {
    return json_response(200, {{"team", call.team().name}, {"sources", list_of(call.notice.sources)}});
}

Response refresh(const TeamCall& call) {
    const Query query(call.request, {});
    if (query.refused()) return *query.refused();
    if (const auto body = read_json_object(call.request, {}); !body) return body.error();
    const auto report = call.backend.service->refresh_now(call.team().name, refresh_patience);
    if (!report) return problem(report.error());
    return json_response(200, {{"team", call.team().name},
                               {"changed_shifts", report->changed_shifts},
                               {"withdrawn_shifts", report->withdrawn_shifts},
                               {"sources", list_of(report->sources)}});
}

}  // namespace

void add_team_routes(Router& router, const Backend& backend) {
    router.add("GET", "/api/v1/teams", ApiScope::read,
               [board = backend.board](const Request& request, const PathValues&) {
                   return list_teams(*board, request);
               });
    TeamRoutes routes(router, backend);
    routes.get("", {}, Needs::team, show_team);
    routes.get("/sources", {}, Needs::team, show_sources);
    routes.add_once("POST", "/refresh", ApiScope::admin, refresh, Needs::team);
}

}  // namespace watchbill::http
