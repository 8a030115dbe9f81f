#include "http/routes.h"

namespace watchbill::http {

void add_metrics_routes(Router& router, const Metrics& metrics, const NoticeBoard& board,
                        const Clock& clock) {
    router.add("GET", "/metrics", Access::anybody,
               [&metrics, &board, &clock](const Request&, const PathValues&) {
                   return text_response(200, metrics_content_type,
                                        metrics.text(board.all(), moment_of(clock)), "no-store");
               });
}

}  // namespace watchbill::http
