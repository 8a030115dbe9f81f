// GET /api/v1/teams/{team}/plan, /explain, /on-duty and /availability: who serves, why, who answers now, and
// who is away. From the notice board alone.
#pragma once

#include "http/router.h"
#include "service/notice_board.h"
#include "watchbill/ports.h"

namespace watchbill::http {

// Both must outlive the router.
void add_plan_routes(Router& router, const NoticeBoard& board, const Clock& clock);

}  // namespace watchbill::http
