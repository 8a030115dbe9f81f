// GET /openapi.json: the API as OpenAPI 3.1 describes it, for whoever wants to read it or to make a client.
#pragma once

#include "http/router.h"

namespace watchbill::http {

void add_openapi_route(Router& router);

}  // namespace watchbill::http
