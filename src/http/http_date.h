// Dates in HTTP headers (RFC 9110 5.6.7). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "watchbill/time.h"

namespace watchbill::http {

std::string format_http_date(Instant instant);  // "Sun, 06 Nov 1994 08:49:37 GMT"
// All three forms that a recipient must accept; nothing for anything else. The weekday is not checked. A
// two-digit year (the second form) is the one within fifty years of `now`.
std::optional<Instant> parse_http_date(std::string_view text, Instant now);

}  // namespace watchbill::http
