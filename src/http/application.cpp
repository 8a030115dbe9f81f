#include "http/application.h"

#include "http/ack_routes.h"
#include "http/action_routes.h"
#include "http/authentication.h"
#include "http/balances_routes.h"
#include "http/cover_routes.h"
#include "http/feed_link_routes.h"
#include "http/feed_routes.h"
#include "http/incident_routes.h"
#include "http/mail_routes.h"
#include "http/metrics_routes.h"
#include "http/openapi_route.h"
#include "http/page_routes.h"
#include "http/plan_routes.h"
#include "http/status_routes.h"
#include "http/swap_routes.h"
#include "http/team_routes.h"

namespace watchbill::http {

Router make_router(const Backend& backend) {
    Router router(guard_with(*backend.tokens, {backend.sessions, backend.public_url}),
                  CrossOrigin(backend.cors_origins), backend.watch);
    add_status_routes(router, *backend.board, *backend.store, backend.health);
    add_feed_routes(router, *backend.board, *backend.clock);
    add_team_routes(router, backend);
    add_plan_routes(router, *backend.board, *backend.clock);
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
