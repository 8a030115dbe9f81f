#include "mail/header_text.h"

#include <algorithm>

#include "mail/raw_header.h"

namespace watchbill::mail {

namespace {

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }

}  // namespace

std::optional<HeaderToken> HeaderText::next() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    if (damaged_ || rest_.empty()) return std::nullopt;
    if (rest_.front() == '"') return enclosed(HeaderToken::Kind::quoted, '"', '"');
    if (rest_.front() == '(') return enclosed(HeaderToken::Kind::comment, '(', ')');
    if (specials_.find(rest_.front()) != std::string_view::npos) {
        HeaderToken token{HeaderToken::Kind::special, std::string(1, rest_.front())};
        rest_.remove_prefix(1);
        return token;
    }
    const auto ends_word = [this](char c) {
        return is_blank(c) || c == '"' || c == '(' || specials_.find(c) != std::string_view::npos;
    };
    const auto length = std::find_if(rest_.begin(), rest_.end(), ends_word) - rest_.begin();
    HeaderToken token{HeaderToken::Kind::word, std::string(rest_.substr(0, static_cast<size_t>(length)))};
    rest_.remove_prefix(token.text.size());
    damaged_ = std::any_of(token.text.begin(), token.text.end(), is_control);
    return damaged_ ? std::nullopt : std::optional(std::move(token));
}

std::optional<std::string> HeaderText::until(char end) {
    const size_t length = rest_.find(end);
    if (length == std::string_view::npos) {
        damaged_ = true;
        return std::nullopt;
    }
    std::string text(without_blanks(rest_.substr(0, length)));
    rest_.remove_prefix(length + 1);
    return text;
}

std::optional<HeaderToken> HeaderText::enclosed(HeaderToken::Kind kind, char open, char close) {
    HeaderToken token{kind, ""};
    int depth = 1;
    for (size_t i = 1; i < rest_.size(); ++i) {
        // Where the two are the same the first one closes.
        if (rest_[i] == close && --depth == 0) {
            rest_.remove_prefix(i + 1);
            return token;
        }
        if (rest_[i] == open) ++depth;
        if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
        if (is_control(rest_[i])) break;
        token.text += rest_[i];
    }
    damaged_ = true;
    return std::nullopt;
}

}  // namespace watchbill::mail
