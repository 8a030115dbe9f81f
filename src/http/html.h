// HTML that is made here. Text becomes Html by being escaped, and in no other way: what people, calendars and
// configurations say can never become a tag. Values; pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace watchbill::http {

class Html {
public:
    Html() = default;

    // Escaped: safe as text, and inside a quoted attribute.
    static Html text(std::string_view text);
    // The same, with line ends as <br>: not for attributes.
    static Html lines(std::string_view text);
    // A literal of ours.
    template <size_t N>
    static Html markup(const char (&literal)[N]) {
        return Html(std::string(literal, N - 1));
    }
    // With a class, unless that is "". The tag is a literal of ours.
    static Html element(std::string_view tag, std::string_view css_class, const Html& inner);
    // A file of src/http/page, or what was made of one: trusted as it is.
    static Html trusted(std::string markup) { return Html(std::move(markup)); }

    // With {name} replaced by what `parts` has for it, and nothing else looked at twice. A name that is not
    // there is our bug (asserted). Braces around anything but lower-case letters and "_" stay.
    static Html fill(std::string_view markup, const std::map<std::string, Html, std::less<>>& parts);

    Html& operator+=(const Html& more) {
        markup_ += more.markup_;
        return *this;
    }
    friend Html operator+(Html a, const Html& b) { return a += b; }

    bool empty() const { return markup_.empty(); }
    const std::string& string() const { return markup_; }

private:
    explicit Html(std::string markup) : markup_(std::move(markup)) {}

    std::string markup_;
};

// Whether a link may lead there: what people give as an address could also be "javascript:".
inline bool is_web_address(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://");
}

using HtmlParts = std::map<std::string, Html, std::less<>>;

// Nothing but our own files, no inline script, no other host. FullCalendar keeps its rules in a style element
// that is empty in the page: the hash allows that, and no other, inline style. Its icons are a font inside
// it.
inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self'; "
    "font-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

}  // namespace watchbill::http
