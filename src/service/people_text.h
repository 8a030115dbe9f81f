// Text that people give us and that others will read: in calendars, in logs, on terminals. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "watchbill/result.h"

namespace watchbill {

struct TextRules {
    std::string_view what;  // as the sentence of an error calls it: "the reason"
    std::size_t max_bytes = 0;
    bool several_lines = false;  // '\n' is allowed; "\r\n" is read as one
    bool may_be_empty = false;
};

// The text as it shows: without blanks and empty lines around it, and without what cannot be seen or turns a
// line around (words/plain_text.h), which people paste without knowing. Errors: too_large, and invalid_input
// for what is no UTF-8, holds control characters (which could end a line or recolour a terminal) or shows
// nothing.
Result<std::string> accept_text(std::string_view text, const TextRules& rules);

}  // namespace watchbill
