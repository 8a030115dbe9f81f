#include "http/json_message.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/balances_json.h"
#include "service/team_balances.h"

namespace watchbill::http {

namespace {

Response show_balances(const TeamCall& call, Query& query) {
    const Team& team = call.team();
    const DaySpan period = query.days("from", "to", whole_history(team, call.now()));
    const std::string format = query.name("format").value_or("json");
    if (query.refused()) return *query.refused();
    if (format != "json" && format != "csv") return problem(400, "format is json or csv.");
    const auto balances = team_balances(team, *call.backend.store, period, call.now());
    if (!balances) return problem(503, "The database cannot be read now; the log says why. Try again later.");
    if (format == "csv")
        return text_response(200, "text/csv; charset=utf-8; header=present", balances_csv(team, *balances));
    return json_response(200, balances_json(team, period, *balances));
}

}  // namespace

void add_balances_routes(Router& router, const Backend& backend) {
    TeamRoutes(router, backend).get("/balances", {"from", "to", "format"}, Needs::team, show_balances);
}

}  // namespace watchbill::http
