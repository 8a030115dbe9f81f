// Handlers of what belongs to one team: the router hands them a path with {team:name}, they get what the
// notice board shows of that team.
#pragma once

#include <functional>

#include "http/router.h"
#include "service/notice_board.h"

namespace watchbill::http {

// 503, with when to come again: the calendars are being read for the first time.
Response no_plan_yet();

using TeamHandler = std::function<Response(const TeamNotice&, const Request&, const PathValues&)>;

// 404 for a team that is not there, 503 while none is known yet. The board must outlive the handler.
Handler for_team(const NoticeBoard& board, TeamHandler handler);
// And 503 until it has its first plan: `plan` and `availability` of the notice are there.
Handler for_planned_team(const NoticeBoard& board, TeamHandler handler);

}  // namespace watchbill::http
