#include "words/html_text.h"

namespace watchbill {

std::string escape_html(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            case '\'': escaped += "&#39;"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

std::string escape_html_lines(std::string_view text) {
    std::string escaped;
    while (true) {
        const size_t end = text.find('\n');
        escaped += escape_html(text.substr(0, end));
        if (end == std::string_view::npos) return escaped;
        escaped += "<br>";
        text.remove_prefix(end + 1);
    }
}

}  // namespace watchbill
