#include "http/application.h"

#include "http/authentication.h"
#include "http/feed_routes.h"
#include "http/status_routes.h"

namespace watchbill::http {

Router make_router(const Backend& backend) {
    Router router(guard_with(*backend.tokens));
    add_status_routes(router, *backend.board);
    add_feed_routes(router, *backend.board, *backend.clock);
    return router;
}

}  // namespace watchbill::http
