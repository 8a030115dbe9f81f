// Mails that come in, from a mail server's pipe or a provider's hook: POST /api/v1/mail with one mail as it
// came (message/rfc822, RFC 5322; 1 MB at most).
//
// 200: it was an answer to an invitation and is recorded, or a mail that nobody is to be told about (a
// bounce). 422: refused, and its sender is to be told why. 5xx: to be offered again.
#pragma once

#include "http/application.h"

namespace watchbill::http {

void add_mail_routes(Router& router, const Backend& backend);

}  // namespace watchbill::http
