// Mails that come in, from a mail server's pipe or a provider's hook: POST /api/v1/mail with one mail as it
// came (message/rfc822, RFC 5322; 1 MB at most).
//
// 200: it was an answer to an invitation and is recorded, or a mail that nobody is to be told about (a
// bounce). 422: refused, and its sender is to be told why. 5xx: to be offered again; 503 with Retry-After
// also where one token hands over more than its share.
#pragma once

#include "http/application.h"
#include "http/rate_limit.h"

namespace watchbill::http {

// One token is one gateway: everybody's answers to a large incident at once, and what queued while the
// service was away. A mail takes some milliseconds.
inline constexpr Rate mails_of_a_token{2000, std::chrono::milliseconds(20)};

void add_mail_routes(Router& router, const Backend& backend, const Rate& rate = mails_of_a_token);

}  // namespace watchbill::http
