#include "config/toml_document.h"

#include <algorithm>

#include "config/values.h"

namespace watchbill {

namespace {

// Every part of a dotted key nests one table deeper, and toml++ 3.3 bounds nested values only: 30,000 parts
// overflow its stack. Ours have three.
constexpr int most_key_parts = 16;

// Finds a key of more parts than that. Knows just enough TOML to leave out strings and comments; where the
// text is no TOML this may look at the wrong characters, but then the parser stops there too.
class KeyDepthScan {
public:
    explicit KeyDepthScan(std::string_view text) : text_(text) {}

    // The line of the first such key, or 0.
    int find() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"' || c == '\'') {
                skip_string(c);
                continue;
            }
            if (c == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
                continue;
            }
            if (c == '\n') ++line_;
            if (c == '.' && ++dots_ >= most_key_parts) return line_;
            if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{') dots_ = 0;
            ++at_;
        }
        return 0;
    }

private:
    void skip_string(char quote) {
        const std::string triple(3, quote);
        const bool multi_line = text_.substr(at_, 3) == triple;
        at_ += multi_line ? 3U : 1U;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\n') {
                if (!multi_line) return;  // unterminated; the parser says so
                ++line_;
            }
            if (multi_line ? text_.substr(at_, 3) == triple : c == quote) {
                at_ += multi_line ? 3U : 1U;
                return;
            }
            const bool escaped = c == '\\' && quote == '"' && text_.substr(at_ + 1, 1) != "\n";
            at_ += escaped ? 2U : 1U;
        }
    }

    std::string_view text_;
    size_t at_ = 0;
    int line_ = 1;
    int dots_ = 0;
};

}  // namespace

std::optional<toml::table> parse_toml(std::string_view text, ProblemLog& log) {
    if (const int line = KeyDepthScan(text).find(); line != 0) {
        log.error({log.file(), line, 1}, "a key has more than 16 parts; keys here have at most three");
        return std::nullopt;
    }
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        const toml::source_position begin = error.source().begin;
        const FilePlace place{log.file(), std::max(1, static_cast<int>(begin.line)),
                              std::max(1, static_cast<int>(begin.column))};
        log.error(place, "is no valid TOML: " + printable(error.description()));
        return std::nullopt;
    }
}

}  // namespace watchbill
