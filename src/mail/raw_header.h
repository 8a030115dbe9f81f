// The fields of a mail's own header as they stand in its bytes (RFC 5322 2.2), read strictly: what two
// readers could take apart in two ways is refused, so that nobody is believed whom the mail server did not
// look at. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "watchbill/replies.h"

namespace watchbill::mail {

struct HeaderField {
    std::string name;   // lower case
    std::string value;  // unfolded (RFC 5322 2.2.3), otherwise as written, without blanks around
    bool operator==(const HeaderField&) const = default;
};

// The fields in their order, up to the first empty line. Refusal malformed_header: a line that is no field, a
// NUL, or a carriage return that ends no line.
tl::expected<std::vector<HeaderField>, MailRefusal> read_header(std::string_view mail);

// One step through a mail: the line at `from`, together with the lines that are folded into it. Empty at the
// end. The line ends are part of it.
std::string_view folded_line(std::string_view mail, size_t from);
// "" or a carriage return before its line end: what ends a header.
bool is_empty_line(std::string_view line);

bool is_blank(char c);                                   // a space or a tab (RFC 5322 2.2.2)
std::string_view without_blanks(std::string_view text);  // around it

}  // namespace watchbill::mail
