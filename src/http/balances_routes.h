// GET /api/v1/teams/{team}/balances: who earned and served how much, as JSON or CSV.
#pragma once

#include "http/application.h"

namespace watchbill::http {

void add_balances_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
