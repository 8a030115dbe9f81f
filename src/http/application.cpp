#include "http/application.h"

#include "http/feed_routes.h"
#include "http/status_routes.h"

namespace watchbill::http {

Router make_router(const NoticeBoard& board, const Clock& clock) {
    Router router;
    add_status_routes(router, board);
    add_feed_routes(router, board, clock);
    return router;
}

}  // namespace watchbill::http
