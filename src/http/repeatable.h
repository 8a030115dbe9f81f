// Changes that may be sent again when their answer was lost: with a header Idempotency-Key the same request
// gets the same answer for 30 days, and is made once. An answer that says no is not kept: sending it again
// tries again.
#pragma once

#include <functional>

#include "http/application.h"
#include "service/incident_desk.h"

namespace watchbill::http {

// Keys are a route's and a team's own. Two requests with one key that come at once wait for each other, in
// this process.
Handler repeatable(const Backend& backend, Handler handler);

// For a handler whose change keeps the answer in its own transaction, so that not even a crash between the
// two makes it twice. Nothing is kept for a request without a key.
KeyedChange keyed_change(const Request& request, std::function<Response(const IncidentWrite&)> answer);

// The answer as it was.
Response kept_response(const KeptAnswer& kept);

}  // namespace watchbill::http
