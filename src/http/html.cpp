#include "http/html.h"

#include <cassert>

#include "words/html_text.h"

namespace watchbill::http {

namespace {

bool is_part_name(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

}  // namespace

Html Html::text(std::string_view text) { return Html(escape_html(text)); }

Html Html::lines(std::string_view text) { return Html(escape_html_lines(text)); }

Html Html::element(std::string_view tag, std::string_view css_class, const Html& inner) {
    std::string markup("<");
    markup.append(tag);
    if (!css_class.empty()) markup.append(" class=\"").append(escape_html(css_class)).append("\"");
    return Html(markup.append(">").append(inner.markup_).append("</").append(tag).append(">"));
}

Html Html::fill(std::string_view markup, const HtmlParts& parts) {
    std::string filled;
    while (!markup.empty()) {
        const size_t open = std::min(markup.find('{'), markup.size());
        filled.append(markup.substr(0, open));
        markup.remove_prefix(open);
        if (markup.empty()) break;
        const size_t close = markup.find('}');
        const std::string_view name =
            close == std::string_view::npos ? std::string_view() : markup.substr(1, close - 1);
        if (!is_part_name(name)) {
            filled += '{';
            markup.remove_prefix(1);
            continue;
        }
        const auto part = parts.find(name);
        assert(part != parts.end() && "a template names parts that it is given");
        filled += part->second.markup_;
        markup.remove_prefix(close + 1);
    }
    return Html(std::move(filled));
}

}  // namespace watchbill::http
