// What people do to a team through the API: give a shift to somebody and take that back, leave notes for a
// handover and read its brief, read the audit log. Rules and words are those of service/team_actions.h.
#pragma once

#include "http/application.h"

namespace watchbill::http {

// PUT and DELETE /api/v1/teams/{team}/shifts/{rotation}/{date}, POST .../handover-notes, GET .../brief and
// GET
// .../audit. A change is answered once the plan that it leads to is published.
void add_action_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
