#include "http/application.h"

#include "http/authentication.h"
#include "http/routes.h"

namespace watchbill::http {

Router make_router(const Backend& backend) {
    Router router(guard_with(*backend.tokens, {backend.sessions, backend.public_url}),
                  CrossOrigin(backend.cors_origins), backend.watch);
    add_status_routes(router, *backend.board, *backend.store, backend.health);
    add_feed_routes(router, *backend.board, *backend.clock);
    add_team_routes(router, backend);
    add_plan_routes(router, backend);
    add_action_routes(router, backend);
    add_swap_routes(router, backend);
    add_balances_routes(router, backend);
    add_incident_routes(router, backend);
    add_ack_routes(router, backend);
    add_cover_routes(router, backend);
    add_mail_routes(router, backend);
    add_feed_link_routes(router, backend);
    add_openapi_route(router);
    add_metrics_routes(router, *backend.metrics, *backend.board, *backend.clock);
    add_page_routes(router, backend);
    return router;
}

}  // namespace watchbill::http
