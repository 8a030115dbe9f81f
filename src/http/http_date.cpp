#include "http/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace watchbill::http {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                        "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The last `count` digits of a number, to where `text` has room for them.
void put_digits(char* text, size_t count, unsigned number) {
    for (; count > 0; number /= 10) text[--count] = static_cast<char>('0' + number % 10);
}

// Takes one thing after the other from the front; once something does not fit, nothing does any more.
class Taker {
public:
    explicit Taker(std::string_view text) : rest_(text) {}

    void literal(std::string_view expected) {
        ok_ = ok_ && rest_.starts_with(expected);
        if (ok_) rest_.remove_prefix(expected.size());
    }
    int digits(size_t count) {
        ok_ = ok_ && rest_.size() >= count &&
              std::all_of(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count),
                          [](char c) { return c >= '0' && c <= '9'; });
        if (!ok_) return 0;
        int number = 0;
        std::from_chars(rest_.data(), rest_.data() + count, number);
        rest_.remove_prefix(count);
        return number;
    }
    // asctime pads the day with a blank.
    int day_of_asctime() {
        if (rest_.starts_with(' ')) {
            rest_.remove_prefix(1);
            return digits(1);
        }
        return digits(2);
    }
    template <size_t N>
    unsigned one_of(const std::array<std::string_view, N>& names) {
        for (unsigned i = 0; ok_ && i < N; ++i) {
            if (!rest_.starts_with(names[i])) continue;
            rest_.remove_prefix(names[i].size());
            return i;
        }
        ok_ = false;
        return 0;
    }
    Duration time_of_day() {
        const int hour = digits(2);
        literal(":");
        const int minute = digits(2);
        literal(":");
        const int second = digits(2);
        ok_ = ok_ && hour < 24 && minute < 60 && second <= 60;
        return hours(hour) + minutes(minute) + seconds(std::min(second, 59));
    }
    bool all_taken() const { return ok_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

struct DateParts {
    int year = 0;
    unsigned month = 0;  // from 0
    int day = 0;
    Duration time{};
};

std::optional<Instant> to_instant(const DateParts& parts) {
    const year_month_day date{year(parts.year), month(parts.month + 1),
                              day(static_cast<unsigned>(parts.day))};
    if (!date.ok()) return std::nullopt;
    return Instant(sys_days(date)) + parts.time;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Instant> parse_fixdate(std::string_view text) {
    Taker take(text);
    DateParts parts;
    take.one_of(weekdays);
    take.literal(", ");
    parts.day = take.digits(2);
    take.literal(" ");
    parts.month = take.one_of(months);
    take.literal(" ");
    parts.year = take.digits(4);
    take.literal(" ");
    parts.time = take.time_of_day();
    take.literal(" GMT");
    return take.all_taken() ? to_instant(parts) : std::nullopt;
}

// "Sunday, 06-Nov-94 08:49:37 GMT"
std::optional<Instant> parse_rfc850(std::string_view text, Instant now) {
    Taker take(text);
    DateParts parts;
    take.one_of(long_weekdays);
    take.literal(", ");
    parts.day = take.digits(2);
    take.literal("-");
    parts.month = take.one_of(months);
    take.literal("-");
    const int year_of_century = take.digits(2);
    take.literal(" ");
    parts.time = take.time_of_day();
    take.literal(" GMT");
    if (!take.all_taken()) return std::nullopt;
    const int this_year = static_cast<int>(year_month_day(floor<days>(now)).year());
    parts.year = this_year - this_year % 100 + year_of_century;
    if (parts.year > this_year + 50) parts.year -= 100;
    if (parts.year <= this_year - 50) parts.year += 100;
    return to_instant(parts);
}

// "Sun Nov  6 08:49:37 1994"
std::optional<Instant> parse_asctime(std::string_view text) {
    Taker take(text);
    DateParts parts;
    take.one_of(weekdays);
    take.literal(" ");
    parts.month = take.one_of(months);
    take.literal(" ");
    parts.day = take.day_of_asctime();
    take.literal(" ");
    parts.time = take.time_of_day();
    take.literal(" ");
    parts.year = take.digits(4);
    return take.all_taken() ? to_instant(parts) : std::nullopt;
}

}  // namespace

std::string format_http_date(Instant instant) {
    const sys_days day = floor<days>(instant);
    const year_month_day date(day);
    const hh_mm_ss time(instant - day);
    std::string text = "Sun, 06 Nov 1994 08:49:37 GMT";
    weekdays[weekday(day).c_encoding()].copy(&text[0], 3);
    put_digits(&text[5], 2, static_cast<unsigned>(date.day()));
    months[static_cast<unsigned>(date.month()) - 1].copy(&text[8], 3);
    put_digits(&text[12], 4, static_cast<unsigned>(static_cast<int>(date.year())));
    put_digits(&text[17], 2, static_cast<unsigned>(time.hours().count()));
    put_digits(&text[20], 2, static_cast<unsigned>(time.minutes().count()));
    put_digits(&text[23], 2, static_cast<unsigned>(time.seconds().count()));
    return text;
}

std::optional<Instant> parse_http_date(std::string_view text, Instant now) {
    if (const auto instant = parse_fixdate(text)) return instant;
    if (const auto instant = parse_rfc850(text, now)) return instant;
    return parse_asctime(text);
}

}  // namespace watchbill::http
