#include "http/json_message.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/swap_json.h"

namespace watchbill::http {

namespace {

Response list_swaps(const Backend& backend, const TeamNotice& notice, const Request& request) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    Json swaps = Json::array();
    for (const Swap& swap : notice.swaps) {
        const auto history = backend.store->swap_history(notice.team->name, swap.id);
        if (!history) return problem(history.error());
        swaps.push_back(swap_json(*notice.team, swap, *history));
    }
    return json_response(200, {{"team", notice.team->name}, {"swaps", std::move(swaps)}});
}

}  // namespace

void add_swap_routes(Router& router, const Backend& backend) {
    router.add("GET", "/api/v1/teams/{team:name}/swaps", ApiScope::read,
               for_planned_team(*backend.board, [backend](const TeamNotice& notice, const Request& request,
                                                          const PathValues&) {
                   return list_swaps(backend, notice, request);
               }));
}

}  // namespace watchbill::http
