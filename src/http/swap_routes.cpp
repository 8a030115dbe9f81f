#include "http/json_message.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/swap_json.h"

namespace watchbill::http {

namespace {

Response list_swaps(const TeamCall& call, Query&) {
    Json swaps = Json::array();
    for (const Swap& swap : call.notice.swaps) {
        const auto history = call.backend.store->swap_history(call.team().name, swap.id);
        if (!history) return problem(history.error());
        swaps.push_back(swap_json(call.team(), swap, *history));
    }
    return json_response(200, {{"team", call.team().name}, {"swaps", std::move(swaps)}});
}

}  // namespace

void add_swap_routes(Router& router, const Backend& backend) {
    TeamRoutes(router, backend).get("/swaps", {}, Needs::plan, list_swaps);
}

}  // namespace watchbill::http
