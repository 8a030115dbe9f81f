// /feeds/{team}/{token}/...: the calendars that people subscribe to.
#pragma once

#include "http/router.h"
#include "service/notice_board.h"
#include "watchbill/ports.h"

namespace watchbill::http {

// Both must outlive the router. Requests copy what the board shows; no request plans, parses or runs SQL.
void add_feed_routes(Router& router, const NoticeBoard& board, const Clock& clock);

}  // namespace watchbill::http
