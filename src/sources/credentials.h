// Whom a calendar's server takes us for: from the calendar's own files, or from its URL.
#pragma once

#include "sources/url.h"
#include "watchbill/result.h"
#include "watchbill/team.h"

namespace watchbill {

// Those of `calendar`, else those that stood in `url`, else none. The files are read at each call: secrets
// change while the service runs.
// Errors, without `where`: not_found, refused, too_large, unavailable. Never with what the files hold.
Result<Credentials> credentials_of(const CalendarRef& calendar, const Url& url);

}  // namespace watchbill
