// Swaps and covers that members propose in their calendars, and how far each has come.
#pragma once

#include "http/application.h"
#include "http/router.h"

namespace watchbill::http {

void add_swap_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
