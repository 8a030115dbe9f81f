#include "http/query.h"

#include <algorithm>
#include <charconv>

#include "http/problem.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

std::string list_of_names(const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names) list.append(list.empty() ? "" : ", ").append(name);
    return list.empty() ? "none" : list;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3) return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) return std::nullopt;
        decoded += c;
    }
    return decoded;
}

Query::Query(const Request& request, const std::vector<std::string_view>& known) {
    const std::string_view target = request.target();
    const size_t mark = target.find('?');
    if (mark == std::string_view::npos) return;
    std::string_view rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const size_t end = std::min(rest.find('&'), rest.size());
        if (end > 0) take(rest.substr(0, end), known);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void Query::take(std::string_view pair, const std::vector<std::string_view>& known) {
    const size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!name || !value) return refuse("The query is not well-formed: \"%\" takes two hex digits.");
    if (std::find(known.begin(), known.end(), *name) == known.end())
        return refuse("There is no parameter " + in_quotes(*name) + "; there is: " + list_of_names(known) +
                      ".");
    if (!values_.try_emplace(std::move(*name), std::move(*value)).second)
        refuse("A parameter is given more than once: " + in_quotes(pair.substr(0, equals)) + ".");
}

const std::string* Query::find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
}

void Query::refuse(const std::string& detail) {
    if (!refused_) refused_ = problem(400, detail);
}

void Query::refuse_value(std::string_view name, std::string_view what) {
    refuse(in_quotes(name) + " must be " + std::string(what) + ", not " + in_quotes(*find(name)) + ".");
}

std::optional<Day> Query::day(std::string_view name) {
    const std::string* text = find(name);
    if (text == nullptr) return std::nullopt;
    const auto day = parse_day(*text);
    if (!day) refuse_value(name, "a date such as 2026-03-01");
    return day;
}

std::optional<Instant> Query::instant(std::string_view name) {
    const std::string* text = find(name);
    if (text == nullptr) return std::nullopt;
    const auto instant = parse_instant(*text);
    if (!instant) refuse_value(name, "an instant such as 2026-03-01T08:00:00Z or 2026-03-01T09:00:00+01:00");
    return instant;
}

std::optional<MemberId> Query::member(std::string_view name) {
    const std::string* text = find(name);
    if (text == nullptr) return std::nullopt;
    const auto member = MemberId::parse(*text);
    if (!member) refuse_value(name, "an e-mail address such as alice@example.com");
    return member;
}

std::optional<std::string> Query::name(std::string_view name) {
    const std::string* text = find(name);
    if (text == nullptr) return std::nullopt;
    if (text->empty()) refuse_value(name, "a name");
    return *text;
}

std::optional<int> Query::count(std::string_view name, int most) {
    const std::string* text = find(name);
    if (text == nullptr) return std::nullopt;
    int value = 0;
    const char* const end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc() || rest != end || value < 1 || value > most) {
        refuse_value(name, "a number from 1 to " + std::to_string(most));
        return std::nullopt;
    }
    return value;
}

DaySpan Query::days(std::string_view from, std::string_view to, DaySpan otherwise) {
    const auto first = day(from);
    const auto end = day(to);
    const DaySpan days{first.value_or(otherwise.first), end.value_or(otherwise.end)};
    if (first && end && *end <= *first)
        refuse(in_quotes(to) + " must lie behind " + in_quotes(from) + ": it is the first date left out.");
    return days;
}

void Query::require(std::string_view name) {
    if (find(name) == nullptr) refuse("The parameter " + in_quotes(name) + " is missing.");
}

}  // namespace watchbill::http
