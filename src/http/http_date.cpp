#include "http/http_date.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace watchbill::http {

namespace {

constexpr const char* fixdate = "%a, %d %b %Y %H:%M:%S GMT";  // "Sun, 06 Nov 1994 08:49:37 GMT"
constexpr const char* rfc850 = "%A, %d-%b-%y %H:%M:%S GMT";   // "Sunday, 06-Nov-94 08:49:37 GMT"
constexpr const char* asctime_form = "%a %b %e %H:%M:%S %Y";  // "Sun Nov  6 08:49:37 1994"

std::string format_as(const char* form, Instant instant) {
    const std::time_t time = instant.time_since_epoch().count();
    std::tm parts{};
    std::string text(40, '\0');
    ::gmtime_r(&time, &parts);
    text.resize(std::strftime(text.data(), text.size(), form, &parts));
    return text;
}

std::string_view without_weekday(std::string_view date) {
    return date.substr(std::min(date.find(' '), date.size()));
}

std::optional<Instant> parse_as(const char* form, const std::string& text, Instant now) {
    std::tm parts{};
    const char* const end = ::strptime(text.c_str(), form, &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    if (form == rfc850) {
        // Within fifty years of now.
        const int this_year = std::stoi(format_as("%Y", now)) - 1900;
        parts.tm_year = this_year - this_year % 100 + parts.tm_year % 100;
        if (parts.tm_year > this_year + 50) parts.tm_year -= 100;
        if (parts.tm_year <= this_year - 50) parts.tm_year += 100;
    }
    const Instant instant{Duration(::timegm(&parts))};
    // It is lenient about blanks, letters and days that no month has.
    if (without_weekday(format_as(form, instant)) != without_weekday(text)) return std::nullopt;
    return instant;
}

}  // namespace

std::string format_http_date(Instant instant) {
    // That of now and that of the feeds' last change are asked for again and again.
    thread_local std::array<std::pair<Instant, std::string>, 2> latest;
    if (latest[0].first != instant || latest[0].second.empty()) std::swap(latest[0], latest[1]);
    if (latest[0].first != instant || latest[0].second.empty())
        latest[0] = {instant, format_as(fixdate, instant)};
    return latest[0].second;
}

std::optional<Instant> parse_http_date(std::string_view text, Instant now) {
    const std::string date(text);
    for (const char* const form : {fixdate, rfc850, asctime_form}) {
        if (const auto instant = parse_as(form, date, now)) return instant;
    }
    return std::nullopt;
}

}  // namespace watchbill::http
