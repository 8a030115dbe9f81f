// Text inside HTML: what people, calendars and configurations say can never become a tag. The one place that
// escapes; mails and pages use it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace watchbill {

// Safe as text, and inside a quoted attribute.
std::string escape_html(std::string_view text);
// The same with line ends kept, as <br>: for text only.
std::string escape_html_lines(std::string_view text);

}  // namespace watchbill
