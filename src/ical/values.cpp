#include "ical/values.h"

#include <libical/ical.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "words/letter_case.h"

namespace watchbill::ical {

namespace {

// Digits [from, from + count) of `text` as a number.
std::optional<int> digits(std::string_view text, size_t from, size_t count) {
    if (from + count > text.size()) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<Day> parse_date(std::string_view text) {
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 4, 2);
    const auto day = digits(text, 6, 2);
    if (!year || !month || !day || *year < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Day(date);
}

// "093000", or "0930" as some write it.
std::optional<Duration> parse_time_of_day(std::string_view text) {
    const auto hour = digits(text, 0, 2);
    const auto minute = digits(text, 2, 2);
    const auto second = text.size() == 4 ? std::optional(0) : digits(text, 4, 2);
    if (!hour || !minute || !second || (text.size() != 4 && text.size() != 6)) return std::nullopt;
    if (*minute > 59 || *second > 60) return std::nullopt;
    const bool is_end_of_day = *hour == 24 && *minute == 0 && *second == 0;
    if (*hour > 23 && !is_end_of_day) return std::nullopt;
    // A leap second is its minute's last.
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + Duration(std::min(*second, 59));
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower_case(x) == lower_case(y); });
}

std::string_view trimmed(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<std::string_view> find_parameter(std::string_view parameters, std::string_view name) {
    while (!parameters.empty()) {
        // A parameter ends at the next ";" outside quotes.
        parameters.remove_prefix(1);
        size_t end = 0;
        for (bool inside_quotes = false; end < parameters.size(); ++end) {
            if (parameters[end] == '"') inside_quotes = !inside_quotes;
            if (parameters[end] == ';' && !inside_quotes) break;
        }
        const std::string_view parameter = parameters.substr(0, end);
        parameters.remove_prefix(end);
        const size_t equals = parameter.find('=');
        if (equals == std::string_view::npos ||
            !equal_ignoring_case(trimmed(parameter.substr(0, equals)), name))
            continue;
        std::string_view value = trimmed(parameter.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = trimmed(value.substr(1, value.size() - 2));
        }
        return value;
    }
    return std::nullopt;
}

std::string_view next_item(std::string_view& rest, char separator) {
    const size_t end = rest.find(separator);
    const std::string_view item = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return trimmed(item);
}

std::optional<TimeValue> parse_time(std::string_view text, std::string_view parameters) {
    const auto day = parse_date(text);
    if (!day) return std::nullopt;
    TimeValue value;
    value.local = LocalTime(*day);
    const auto type = find_parameter(parameters, "VALUE");
    const bool says_date = type && equal_ignoring_case(*type, "DATE");
    if (text.size() == 8) {
        value.form = TimeValue::Form::date;
        return value;
    }
    if (lower_case(text[8]) != 't') return std::nullopt;
    text.remove_prefix(9);
    const bool is_utc = !text.empty() && lower_case(text.back()) == 'z';
    if (is_utc) text.remove_suffix(1);
    const auto time = parse_time_of_day(text);
    if (!time) return std::nullopt;
    if (says_date) {
        value.form = TimeValue::Form::date;
        return value;
    }
    value.local += *time;
    if (is_utc) {
        value.form = TimeValue::Form::utc;
    } else if (const auto zone = find_parameter(parameters, "TZID"); zone && !zone->empty()) {
        value.form = TimeValue::Form::zoned;
        value.zone = *zone;
    }
    return value;
}

std::optional<Length> parse_length(std::string_view text) {
    // Ten digits a part would overflow libical's ints; the longest sane text is "-P99999DT99H99M99S".
    constexpr size_t longest = 24;
    constexpr int64_t most_days = 36'525;
    if (text.size() > longest) return std::nullopt;
    const std::string copy(text);
    const icaldurationtype duration = icaldurationtype_from_string(copy.c_str());
    if (icaldurationtype_is_bad_duration(duration) != 0) return std::nullopt;
    const int64_t days = int64_t{duration.weeks} * 7 + duration.days;
    const int64_t seconds =
        int64_t{duration.hours} * 3600 + int64_t{duration.minutes} * 60 + duration.seconds;
    if (days > most_days || seconds > most_days * 86400) return std::nullopt;
    const int sign = duration.is_neg != 0 ? -1 : 1;
    return Length{std::chrono::days(sign * days), Duration(sign * seconds)};
}

std::optional<PeriodValue> parse_period(std::string_view text, std::string_view parameters) {
    const size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto start = parse_time(trimmed(text.substr(0, slash)), parameters);
    const std::string_view rest = trimmed(text.substr(slash + 1));
    if (!start || start->form == TimeValue::Form::date) return std::nullopt;
    PeriodValue period{*start, std::nullopt, {}};
    if (const auto end = parse_time(rest, parameters); end && end->form != TimeValue::Form::date) {
        period.end = *end;
        return period;
    }
    const auto length = parse_length(rest);
    if (!length || length->is_negative()) return std::nullopt;
    period.length = *length;
    return period;
}

std::optional<Duration> parse_utc_offset(std::string_view text) {
    if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const auto magnitude = parse_time_of_day(text.substr(1));
    if (!magnitude || *magnitude >= std::chrono::days(1)) return std::nullopt;
    return text[0] == '-' ? -*magnitude : *magnitude;
}

std::optional<int> parse_integer(std::string_view text) {
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    constexpr size_t longest = 10;  // a sign and 9 digits, which any int holds
    int value = 0;
    if (text.empty() || text.size() > longest || (text.size() == longest && text.front() != '-')) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string unescape_text(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            result += text[at];
            continue;
        }
        const char escaped = text[++at];
        switch (escaped) {
            case 'n':
            case 'N': result += '\n'; break;
            case '\\':
            case ',':
            case ';':
            case ':':
            case '"': result += escaped; break;
            default: result += {'\\', escaped}; break;  // not an escape: a path of Windows, say
        }
    }
    return result;
}

}  // namespace watchbill::ical
