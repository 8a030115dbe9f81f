#include "time/format.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace watchbill {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::year_month_day;

constexpr std::array<const char*, 7> weekday_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

template <typename... Numbers>
std::string print(const char* pattern, Numbers... numbers) {
    std::array<char, 64> buffer;
    std::snprintf(buffer.data(), buffer.size(), pattern, numbers...);
    return buffer.data();
}

// Exactly `count` digits, consumed from the front of `text`.
std::optional<int> take_digits(std::string_view& text, size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Day> take_day(std::string_view& text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, "-")) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, "-")) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day || *year < 1900 || *year > 2200) return std::nullopt;
    const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Day(date);
}

std::optional<minutes> take_hour_and_minute(std::string_view& text) {
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *hour > 24 || *minute > 59) return std::nullopt;
    const minutes total = hours(*hour) + minutes(*minute);
    if (total > hours(24)) return std::nullopt;
    return total;
}

// "Z" or "+02:00", as what to subtract from the local time.
std::optional<minutes> take_offset(std::string_view& text) {
    if (take(text, "Zz")) return minutes(0);
    const bool negative = !text.empty() && text.front() == '-';
    if (!take(text, "+-")) return std::nullopt;
    const auto offset = take_hour_and_minute(text);
    if (!offset) return std::nullopt;
    return negative ? -*offset : *offset;
}

}  // namespace

std::string format_day(Day day) {
    const year_month_day date(day);
    return print("%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string format_instant(Instant instant) {
    const LocalTime utc(instant.time_since_epoch());
    const Day day = std::chrono::floor<days>(utc);
    const std::chrono::hh_mm_ss time(utc - day);
    return format_day(day) + print("T%02d:%02d:%02dZ", int(time.hours().count()), int(time.minutes().count()),
                                   int(time.seconds().count()));
}

std::string format_date_of_week(Day day) {
    const year_month_day date(day);
    return print("%s %u %s %d", weekday_names.at(std::chrono::weekday(day).c_encoding()),
                 unsigned(date.day()), month_names.at(unsigned(date.month()) - 1), int(date.year()));
}

std::string format_time_of_day(LocalTime local) {
    const std::chrono::hh_mm_ss time(local - std::chrono::floor<days>(local));
    return print("%02d:%02d", int(time.hours().count()), int(time.minutes().count()));
}

std::string format_duration(Duration duration) {
    const std::chrono::hh_mm_ss time(duration);
    std::string text;
    const auto append = [&text](long count, const char* unit) {
        if (count == 0) return;
        if (!text.empty()) text += ' ';
        text += std::to_string(count) + ' ' + unit;
    };
    append(time.hours().count(), "h");
    append(time.minutes().count(), "min");
    append(time.seconds().count(), "s");
    return text.empty() ? "0 s" : text;
}

std::optional<Day> parse_day(std::string_view text) {
    const auto day = take_day(text);
    return text.empty() ? day : std::nullopt;
}

std::optional<Instant> parse_instant(std::string_view text) {
    const auto day = take_day(text);
    if (!day || !take(text, "Tt ")) return std::nullopt;
    const auto time = take_hour_and_minute(text);
    if (!time || *time == hours(24)) return std::nullopt;
    int second = 0;
    if (take(text, ":")) {
        const auto digits = take_digits(text, 2);
        if (!digits || *digits > 60) return std::nullopt;
        second = std::min(*digits, 59);  // a leap second is its minute's last
        if (take(text, ".")) {
            const size_t end = text.find_first_not_of("0123456789");
            if (end == 0 || end == std::string_view::npos) return std::nullopt;
            text.remove_prefix(end);
        }
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return Instant(day->time_since_epoch() + *time + Duration(second) - *offset);
}

std::optional<minutes> parse_time_of_day(std::string_view text) {
    const auto time = take_hour_and_minute(text);
    return text.empty() ? time : std::nullopt;
}

std::optional<Duration> parse_duration(std::string_view text) {
    constexpr Duration longest = days(3660);
    Duration total(0);
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        int count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc() || count < 0) return std::nullopt;
        text.remove_prefix(static_cast<size_t>(end - text.data()));
        Duration unit(1);
        if (text.empty()) return std::nullopt;
        switch (text.front()) {
            case 'd': unit = days(1); break;
            case 'h': unit = hours(1); break;
            case 'm': unit = minutes(1); break;
            case 's': break;
            default: return std::nullopt;
        }
        text.remove_prefix(1);
        if (count > longest / unit) return std::nullopt;
        total += count * unit;
        if (total > longest) return std::nullopt;
    }
    return total;
}

}  // namespace watchbill
