// /healthz, /readyz and the landing page: what probes and the curious may see without a secret. No names of
// people, no tokens.
#pragma once

#include "http/router.h"
#include "service/notice_board.h"

namespace watchbill::http {

// The board must outlive the router.
void add_status_routes(Router& router, const NoticeBoard& board);

}  // namespace watchbill::http
