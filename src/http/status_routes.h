// /healthz, /readyz and the landing page: what probes and the curious may see without a secret. No names of
// people, no tokens.
#pragma once

#include "http/router.h"
#include "service/notice_board.h"
#include "service/store_health.h"
#include "watchbill/store.h"

namespace watchbill::http {

// All must outlive the router. Without `health` only the store's place is looked at.
void add_status_routes(Router& router, const NoticeBoard& board, Store& store, const StoreHealth* health);

}  // namespace watchbill::http
