// Bytes from outside -> content lines (RFC 5545 3.1), and their text as UTF-8. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "watchbill/result.h"

namespace watchbill::ical {

// Unfolded lines, each ended by '\n', without blank ones. Lines may still hold bytes that are not UTF-8: a
// fold may part a character, so only whole lines can be judged (printable_text).
struct UnfoldedText {
    std::string lines;
    size_t broken_lines = 0;  // neither a property nor a fold: joined to the line before, or dropped
    size_t nul_bytes = 0;     // dropped
    bool was_utf16 = false;   // converted
};

// Takes any byte order mark and CRLF, LF or CR, mixed or not. Errors: too_large.
Result<UnfoldedText> unfold(std::string_view bytes);

// Also one that shows a calendar in its text.
bool is_html_page(std::string_view bytes);

// What bytes that are no calendar seem to be: "an HTML page", "nothing (0 bytes)", "JSON", "a vCard".
std::string describe_content(std::string_view bytes);

struct PrintableText {
    std::string text;
    bool was_latin1 = false;  // not UTF-8: read as windows-1252, which has all of latin-1's letters
};

// Valid UTF-8 without control characters; line ends and tabs become blanks, blanks around it go. For what is
// compared or handed on as it is: UIDs, lines of other people's events.
PrintableText printable_text(std::string_view raw);
// The same for what people read, as it shows (words/plain_text.h): titles, names, categories.
PrintableText people_text(std::string_view raw);
// Whether that leaves anything.
bool has_printable_text(std::string_view raw);

// At most `bytes` bytes of valid UTF-8, never cut inside a character.
std::string_view cut_text(std::string_view text, size_t bytes);

}  // namespace watchbill::ical
