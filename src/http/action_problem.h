// Why something that people asked for was not done, as a problem detail.
#pragma once

#include "http/message.h"
#include "service/team_actions.h"

namespace watchbill::http {

// 422 for what is understood and cannot be done (RFC 9110 15.5.21); otherwise what the error calls for.
Response problem_of(const ActionError& refused);

}  // namespace watchbill::http
