#include "service/people_text.h"

#include "words/plain_text.h"

namespace watchbill {

namespace {

std::string with_plain_line_ends(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if (!pair) plain += text[i];
    }
    return plain;
}

tl::unexpected<Error> refuse(const TextRules& rules, ErrorCode code, const std::string& why) {
    return fail(code, std::string(rules.what) + " " + why);
}

}  // namespace

Result<std::string> accept_text(std::string_view text, const TextRules& rules) {
    // Before anything looks at each of its bytes.
    if (text.size() > rules.max_bytes) {
        return refuse(rules, ErrorCode::too_large,
                      "is longer than " + std::to_string(rules.max_bytes) + " bytes: shorten it");
    }
    const std::string lines = rules.several_lines ? with_plain_line_ends(text) : std::string(text);
    for (std::string_view rest = lines; !rest.empty();) {
        const auto character = take_character(rest);
        if (!character) return refuse(rules, ErrorCode::invalid_input, "is not UTF-8 text");
        if (!is_control(*character) || (*character == '\n' && rules.several_lines)) continue;
        return refuse(rules, ErrorCode::invalid_input,
                      rules.several_lines ? "holds a control character: only ends of lines are allowed"
                                          : "holds a control character: it has to be one line of plain text");
    }
    std::string accepted = plain_text(lines, rules.several_lines ? Lines::several : Lines::one);
    if (accepted.empty() && !rules.may_be_empty)
        return refuse(rules, ErrorCode::invalid_input, "is empty: write something");
    return accepted;
}

}  // namespace watchbill
