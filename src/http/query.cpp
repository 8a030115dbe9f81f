#include "http/query.h"

#include <algorithm>
#include <charconv>

#include "http/problem.h"
#include "time/format.h"
#include "words/ascii.h"

namespace watchbill::http {

namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

std::string list_of_names(const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names) list.append(list.empty() ? "" : ", ").append(name);
    return list.empty() ? "none" : list;
}

Query::Query(const Request& request, const std::vector<std::string_view>& known) {
    const std::string_view target = request.target();
    const size_t mark = target.find('?');
    if (mark == std::string_view::npos) return;
    for (const std::string_view pair : split(target.substr(mark + 1), '&'))
        if (!pair.empty()) take(pair, known);
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

void Query::refuse(const std::string& detail) {
    if (!refused_) refused_ = problem(400, detail);
}

template <typename Parse>
auto Query::read(std::string_view name, std::string_view what, Parse parse)
    -> decltype(parse(std::string_view())) {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    auto value = parse(found->second);
    if (!value)
        refuse(in_quotes(name) + " must be " + std::string(what) + ", not " + in_quotes(found->second) + ".");
    return value;
}

std::optional<Day> Query::day(std::string_view name) {
    return read(name, "a date such as 2026-03-01", parse_day);
}

std::optional<Instant> Query::instant(std::string_view name) {
    return read(name, "an instant such as 2026-03-01T08:00:00Z or 2026-03-01T09:00:00+01:00", parse_instant);
}

std::optional<MemberId> Query::member(std::string_view name) {
    return read(name, "an e-mail address such as alice@example.com", MemberId::parse);
}

std::optional<std::string> Query::name(std::string_view name) {
    return read(name, "a name", [](std::string_view text) {
        return text.empty() ? std::nullopt : std::optional<std::string>(text);
    });
}

std::optional<int> Query::count(std::string_view name, int most) {
    return read(name, "a number from 1 to " + std::to_string(most),
                [most](std::string_view text) -> std::optional<int> {
                    int value = 0;
                    const char* const end = text.data() + text.size();
                    const auto [rest, error] = std::from_chars(text.data(), end, value);
                    if (error != std::errc() || rest != end || value < 1 || value > most) return std::nullopt;
                    return value;
                });
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
    if (!values_.contains(name)) refuse("The parameter " + in_quotes(name) + " is missing.");
}

}  // namespace watchbill::http
