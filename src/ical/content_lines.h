// Content lines as every client reads them (RFC 5545 3.1): CRLF, folded at 75 octets between characters,
// TEXT escaped, nothing in a value that could end its line early. Whatever bytes come in, valid UTF-8 goes
// out.
//
// Why not libical's serialiser (3.0.16, measured): it writes control characters and invalid UTF-8 through,
// does not escape commas in X- properties, and folds short lines apart at every blank run of non-ASCII text.
#pragma once

#include <string>
#include <string_view>

namespace watchbill::ical {

// `text` as a TEXT value (3.3.11). Line ends become "\n"; other control characters are dropped, a tab is a
// blank; bytes that are not UTF-8 become U+FFFD.
std::string escape_text(std::string_view text);

// Collects lines. A value object; not shared between threads.
class ContentLines {
public:
    // `name` with its parameters ("DTSTART;TZID=Europe/Paris"); `value` is ours and written as it is.
    void add(std::string_view name, std::string_view value);
    // `text` comes from people.
    void add_text(std::string_view name, std::string_view text) { add(name, escape_text(text)); }

    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

}  // namespace watchbill::ical
