// /healthz, /readyz and the landing page: what probes and the curious may see without a secret. No names of
// people, no tokens.
#pragma once

#include "http/router.h"
#include "service/notice_board.h"
#include "service/store_health.h"

namespace watchbill::http {

// Both must outlive the router. Without `health` the store is taken for well.
void add_status_routes(Router& router, const NoticeBoard& board, const StoreHealth* health);

}  // namespace watchbill::http
