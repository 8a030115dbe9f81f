// What incidents' routes answer with: the incident, how its messages fare, and who is asked next.
#pragma once

#include "http/application.h"
#include "json/incident_json.h"
#include "service/incident_desk.h"
#include "service/notice_board.h"

namespace watchbill::http {

// With the outbox's news of each person's latest message, and its version as ETag.
Response incident_response(int status, const Backend& backend, const TeamNotice& notice,
                           const Incident& incident);
Response changed_response(const Backend& backend, const TeamNotice& notice,
                          const ActionResult<ChangedIncident>& outcome, int status = 200);
// The answer to a change that is about to be written with it, where the request has a key: to whom it writes,
// that is on its way. The backend and the notice must outlive it.
KeyedChange keyed(const Backend& backend, const TeamNotice& notice, const Request& request, int status);
// Of an incident that is about to be written. Refers to it.
IncidentView opening_view(const Backend& backend, const TeamNotice& notice, const Incident& incident,
                          watchbill::Transport by);

}  // namespace watchbill::http
