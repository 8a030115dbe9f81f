// All routes of the service in one table.
#pragma once

#include "http/router.h"
#include "service/notice_board.h"
#include "watchbill/ports.h"

namespace watchbill::http {

// Both must outlive the router.
Router make_router(const NoticeBoard& board, const Clock& clock);

}  // namespace watchbill::http
