// What people ask for, on its way to the service; and why it was not done, as a problem detail.
#pragma once

#include "http/server/message.h"
#include "service/notice_board.h"
#include "service/team_actions.h"

namespace watchbill::http {

inline Actor actor_of(const Request& request) { return {request.caller.who, request.caller.from}; }
// Of a team that is planned.
inline KnownTeam known_of(const TeamNotice& notice) {
    return {*notice.team, *notice.plan, *notice.availability};
}

// 422 for what is understood and cannot be done (RFC 9110 15.5.21); otherwise what the error calls for.
Response problem_of(const ActionError& refused);

}  // namespace watchbill::http
