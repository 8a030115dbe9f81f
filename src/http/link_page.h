// The pages behind links in mails: no script, nothing from elsewhere, readable on a phone at night.
#pragma once

#include <string>
#include <string_view>

#include "http/html.h"
#include "http/server/message.h"

namespace watchbill::http {

Response link_page(int status, const std::string& title, const Html& body);
Html link_paragraph(std::string_view text);
// 404: nobody's, or replaced. `more` is a sentence that follows, or "".
Response link_not_valid(const std::string& more = "");

}  // namespace watchbill::http
