// /metrics, for Prometheus. It names teams and no people, and asks for no token.
#pragma once

#include "http/router.h"
#include "service/metrics.h"
#include "service/notice_board.h"
#include "watchbill/ports.h"

namespace watchbill::http {

// All must outlive the router.
void add_metrics_routes(Router& router, const Metrics& metrics, const NoticeBoard& board, const Clock& clock);

}  // namespace watchbill::http
