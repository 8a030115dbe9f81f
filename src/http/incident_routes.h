// Incidents over the API: opened, changed, noted, resolved, cancelled, looked at. Rules and words are those
// of service/incident_desk.h.
//
// `Idempotency-Key` covers an opening: the same key with the same body gets the same answer, whichever
// process and whenever (for 30 days); with another body 422.
#pragma once

#include "http/application.h"

namespace watchbill::http {

// All below /api/v1/teams/{team}/incidents.
void add_incident_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
