// Text that people, calendars, mails and configurations give us, before others read it in calendars, mails,
// logs and on terminals. The one place that knows which characters cannot be seen, turn a line around
// (Unicode TR 9, "Trojan source") or end it for some readers and not for others. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchbill {

// Takes one character from the front; nothing where there is none in UTF-8 (RFC 3629 section 4: shortest
// form, no surrogates, nothing above U+10FFFF). `text` must not be empty.
std::optional<char32_t> take_character(std::string_view& text);

// C0, DEL and C1.
bool is_control(char32_t character);

enum class Lines {
    one,     // whatever ends a line, and the tab, becomes a blank
    several  // '\n' and the tab stay; "\r\n", U+0085, U+2028 and U+2029 become '\n'
};

// The text as it shows. Left out are controls, what sets the direction of a text, what has no width, tags and
// marks of the byte order. Two joiners (U+200C, U+200D) stay where scripts need them: between characters that
// are no ASCII; a variation selector stays behind its character. What is no UTF-8 becomes U+FFFD. Blanks of
// any kind and empty lines around the text go, so that nothing is left of one that shows nothing.
std::string plain_text(std::string_view text, Lines lines = Lines::one);
// The same with the blanks around it, for text that is put into columns.
std::string without_hidden_characters(std::string_view text, Lines lines = Lines::one);

// How plain_text would differ but for blanks around it: "U+202E" for the first character that it leaves out
// or replaces by another. For those who rather refuse a text than change it.
std::optional<std::string> find_hidden_character(std::string_view text, Lines lines = Lines::one);

// Whether a blank, of any width and kind, is in it.
bool has_blank(std::string_view text);

}  // namespace watchbill
