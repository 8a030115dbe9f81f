#include "mail/raw_header.h"

#include <algorithm>

#include "words/letter_case.h"

namespace watchbill::mail {

namespace {

// RFC 5322 2.2: printable ASCII but ":". Blanks before the colon are its obsolete form (4.5).
bool is_field_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
}

tl::unexpected<MailRefusal> refuse_header() {
    return tl::unexpected(MailRefusal{
        "malformed_header",
        "the mail's header holds a line that is no field, or characters that no header may hold"});
}

}  // namespace

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool is_empty_line(std::string_view line) { return line.empty() || line == "\n" || line == "\r\n"; }

std::string_view folded_line(std::string_view mail, size_t from) {
    size_t end = from;
    while (end < mail.size()) {
        end = std::min(mail.find('\n', end), mail.size() - 1) + 1;
        const bool is_folded = end < mail.size() && is_blank(mail[end]);
        if (!is_folded || is_empty_line(mail.substr(from, end - from))) break;
    }
    return mail.substr(from, end - from);
}

tl::expected<std::vector<HeaderField>, MailRefusal> read_header(std::string_view mail) {
    std::vector<HeaderField> fields;
    for (size_t at = 0; at < mail.size();) {
        const std::string_view line = folded_line(mail, at);
        if (is_empty_line(line)) break;
        at += line.size();
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos || line.find('\0') != std::string_view::npos)
            return refuse_header();
        std::string_view name = line.substr(0, colon);
        while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
        if (!is_field_name(name)) return refuse_header();
        std::string value;
        for (size_t i = colon + 1; i < line.size(); ++i) {
            if (line[i] == '\r' && i + 1 < line.size() && line[i + 1] != '\n') return refuse_header();
            if (line[i] != '\r' && line[i] != '\n') value += line[i];
        }
        fields.push_back({lower_case(name), std::string(without_blanks(value))});
    }
    return fields;
}

}  // namespace watchbill::mail
