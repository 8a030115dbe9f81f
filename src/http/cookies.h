// Cookies that the web page sets (RFC 6265). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/server/message.h"

namespace watchbill::http {

// The value of the request's first cookie of that name.
std::optional<std::string> cookie(const Request& request, std::string_view name);

// Of the session. Over HTTPS the name's prefix makes browsers refuse it from anywhere but here (RFC 6265bis
// 4.1.3.2): no other host of the domain can plant one.
std::string session_cookie_name(bool secure);
// The header Set-Cookie. Scripts never see it, and no other site's page makes a browser send it. An empty
// value with `seconds` 0 deletes it.
std::string session_cookie(bool secure, const std::string& value, long long seconds);
// The language that somebody chose, kept for a year. No secret.
std::string language_cookie(bool secure, std::string_view language);
inline constexpr std::string_view language_cookie_name = "watchbill_language";

}  // namespace watchbill::http
