// GET /api/v1/teams, /teams/{team}, /teams/{team}/sources and POST .../refresh: the teams as they are
// configured, and how their calendars fare. Labels, never locations.
#pragma once

#include "http/router.h"
#include "service/notice_board.h"
#include "service/service.h"

namespace watchbill::http {

// Both must outlive the router.
void add_team_routes(Router& router, const NoticeBoard& board, Service& service);

}  // namespace watchbill::http
