// Whether a request was made by our own page, and by no other site that a signed-in person visits (cross-site
// request forgery). Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/server/message.h"

namespace watchbill::http {

// What the browser says of the page that asks: Sec-Fetch-Site (Fetch Metadata), or Origin where it does not
// send that. The page's host is that of `public_url`, or that which the request names. A request that says
// neither is nobody's page.
bool is_from_own_page(const Request& request, std::string_view public_url);

// A header that scripts of our page send, and that no form and no other site's script can.
inline const std::string page_header = "X-Watchbill-Page";

// RFC 9110 9.2.1.
bool is_safe_method(std::string_view method);

}  // namespace watchbill::http
