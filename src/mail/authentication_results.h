// What the mail server that handed a mail over found out about its sender (Authentication-Results, RFC 8601).
// Anybody can write that field into a mail: only the own server's counts. Pure, thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "mail/raw_header.h"

namespace watchbill::mail {

// Whether it says dmarc=fail, in any way that the grammar allows (2.2), or cannot be read. The fields that
// count are those of `authserv_id`, compared without case; where that is "", the topmost alone: servers put
// theirs above what was there (5).
bool failed_authentication(const std::vector<HeaderField>& header, std::string_view authserv_id);

}  // namespace watchbill::mail
