// Errors as problem details (RFC 9457). Pure.
#pragma once

#include <string>

#include "http/message.h"

namespace watchbill::http {

// `detail` is one sentence for a person, never a secret; the title is the status in words.
Response problem(int status, const std::string& detail);

std::string_view status_title(int status);

}  // namespace watchbill::http
