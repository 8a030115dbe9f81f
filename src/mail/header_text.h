// The words of a structured header field (RFC 5322 3.2): comments, which nest, quoted strings, and what
// stands between them. Pure; an object is used by one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchbill::mail {

struct HeaderToken {
    enum class Kind { word, quoted, comment, special };
    Kind kind = Kind::word;
    std::string text;  // without the quotes or the outer parentheses, and without backslashes
    bool operator==(const HeaderToken&) const = default;
};

class HeaderText {
public:
    // `value` is unfolded and must outlive it. Each of `specials` is a token of its own outside of quotes and
    // comments.
    explicit HeaderText(std::string_view value, std::string_view specials = "<>,;:")
        : rest_(value), specials_(specials) {}

    // Nothing at the end, or where the text is damaged.
    std::optional<HeaderToken> next();
    // All up to that character, which is taken too, without blanks around. Nothing where it does not come.
    std::optional<std::string> until(char end);
    // A quote or a comment that does not end, or a control character was met.
    bool is_damaged() const { return damaged_; }

private:
    // What stands between the first character, `open`, and the `close` that belongs to it.
    std::optional<HeaderToken> enclosed(HeaderToken::Kind kind, char open, char close);

    std::string_view rest_;
    const std::string_view specials_;
    bool damaged_ = false;
};

}  // namespace watchbill::mail
