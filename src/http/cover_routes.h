// The link in the mail that asks somebody to take the rest of a shift: a page with a yes and a no, since what
// programs fetch must change nothing. The token is the credential.
#pragma once

#include "http/application.h"

namespace watchbill::http {

// /cover/{team}/{rotation}/{date}/{token}
void add_cover_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
