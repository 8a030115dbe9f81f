// GET /api/v1/teams, /teams/{team}, /teams/{team}/sources and POST .../refresh: the teams as they are
// configured, and how their calendars fare. Labels, never locations.
#pragma once

#include "http/application.h"

namespace watchbill::http {

void add_team_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
