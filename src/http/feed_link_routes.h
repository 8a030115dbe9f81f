// GET /api/v1/teams/{team}/feeds: the secret addresses of a team's feeds, for whoever may read what they
// show, and each as a QR code. From the notice board alone.
#pragma once

#include "http/application.h"

namespace watchbill::http {

void add_feed_link_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
