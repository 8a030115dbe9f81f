#include "rotation/availability/swap_title.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "rotation/availability/title_words.h"

namespace watchbill {

namespace {

// By month, folded, separated by blanks. Words that also say something else ("may", "set", "out") only count
// beside a number.
constexpr std::array<std::string_view, 12> month_words = {
    " jan january janvier janv januar jaenner janner enero ene gennaio gen janeiro januari ",
    " feb february fevrier fevr fev februar feber febrero febbraio fevereiro februari ",
    " mar march mars maerz marz mrz marzo marco maart mrt ",
    " apr april avril avr abril abr aprile ",
    " may mai mayo maggio mag maio mei ",
    " jun june juin juni junio giugno giu junho ",
    " jul july juillet juil juli julio luglio lug julho ",
    " aug august aout agosto ago augustus ",
    " sep sept september septembre septiembre setiembre set settembre sett setembro ",
    " oct october octobre oktober okt octubre ottobre ott outubro out ",
    " nov november novembre noviembre novembro ",
    " dec december decembre dezember dez diciembre dic dicembre dezembro ",
};
constexpr std::string_view ordinal_words = " st nd rd th er ere o a e ";
constexpr std::string_view between_words = " of de di den do the ";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

struct Token {
    enum class Kind { number, word, gap } kind = Kind::gap;
    std::string text;  // a word folded, without blanks around it
};

// Without words that hold an "@": addresses have dots and numbers of their own.
std::string without_addresses(std::string_view title) {
    std::string kept;
    for (size_t at = 0; at < title.size();) {
        const size_t end = std::min(title.find_first_of(" \t\r\n", at), title.size());
        const std::string_view word = title.substr(at, end - at);
        if (word.find('@') == std::string_view::npos) kept += word;
        kept += ' ';
        at = end + 1;
    }
    return kept;
}

std::string folded_word(std::string_view word) {
    std::string folded = fold_words(word);
    return folded.size() <= 2 ? "" : folded.substr(1, folded.size() - 2);
}

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    const auto run = [&text](size_t at, auto belongs) {
        size_t end = at;
        while (end < text.size() && belongs(text[end])) ++end;
        return end;
    };
    for (size_t at = 0; at < text.size();) {
        size_t end = 0;
        if (is_digit(text[at])) {
            end = run(at, is_digit);
            tokens.push_back({Token::Kind::number, std::string(text.substr(at, end - at))});
        } else if (is_letter(text[at])) {
            end = run(at, is_letter);
            const std::string word = folded_word(text.substr(at, end - at));
            // Dashes and the like are no ASCII either.
            tokens.push_back({word.empty() ? Token::Kind::gap : Token::Kind::word, word});
        } else {
            end = run(at, [](char c) { return !is_digit(c) && !is_letter(c); });
            tokens.push_back({Token::Kind::gap, std::string(text.substr(at, end - at))});
        }
        at = end;
    }
    return tokens;
}

bool exists(int year, unsigned month, unsigned day) {
    return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month),
                                       std::chrono::day(day))
        .ok();
}

class DateScanner {
public:
    DateScanner(std::string_view title, DateOrder order)
        : tokens_(tokens_of(without_addresses(title))), order_(order) {}

    TitleDates scan() {
        for (size_t at = 0; at < tokens_.size();) {
            const size_t taken = take(at);
            at += std::max<size_t>(taken, 1);
        }
        return std::move(found_);
    }

private:
    bool is(size_t at, Token::Kind kind) const { return at < tokens_.size() && tokens_[at].kind == kind; }
    bool is_gap(size_t at, std::string_view text) const {
        return is(at, Token::Kind::gap) && tokens_[at].text == text;
    }
    bool is_blank_gap(size_t at) const {
        return is(at, Token::Kind::gap) && tokens_[at].text.find_first_not_of(" .,") == std::string::npos;
    }
    size_t digits(size_t at) const { return is(at, Token::Kind::number) ? tokens_[at].text.size() : 0; }
    int number(size_t at) const { return digits(at) > 4 ? 9999 : std::stoi(tokens_[at].text); }
    bool among(size_t at, std::string_view words) const {
        return is(at, Token::Kind::word) && words.find(' ' + tokens_[at].text + ' ') != std::string::npos;
    }
    unsigned month_at(size_t at) const {  // 0 for none
        if (!is(at, Token::Kind::word)) return 0;
        for (unsigned month = 0; month < month_words.size(); ++month)
            if (among(at, month_words[month])) return month + 1;
        return 0;
    }
    // Behind `at`, over a gap and little words between a day and its month or year.
    size_t over_little_words(size_t at, bool ordinals) const {
        if (ordinals && among(at, ordinal_words)) ++at;
        if (is_blank_gap(at)) ++at;
        if (among(at, between_words)) ++at;
        if (is_blank_gap(at)) ++at;
        return at;
    }

    // How many tokens a date, or what is sure to be none, takes at `at`; 0 where nothing begins.
    size_t take(size_t at) {
        if (const unsigned month = month_at(at); month != 0) return month_first_words(at, month);
        if (!is(at, Token::Kind::number)) return 0;
        if (const size_t taken = time_of_day(at)) return taken;
        if (const size_t taken = numeric(at)) return taken;
        if (const size_t taken = day_then_month(at)) return taken;
        note_bare_number(at);
        return 1;
    }

    size_t time_of_day(size_t at) const {
        size_t end = at + 1;
        bool time = false;
        while (is_gap(end, ":") && is(end + 1, Token::Kind::number)) {
            end += 2;
            time = true;
        }
        if (among(end, " h am pm uhr ")) return end + 1 - at + (is(end + 1, Token::Kind::number) ? 1 : 0);
        if (is_gap(end, " ") && among(end + 1, " h am pm uhr ")) return end + 2 - at;
        return time ? end - at : 0;
    }

    size_t numeric(size_t at) {
        for (const std::string_view separator : {"-", "/", "."}) {
            if (!is_gap(at + 1, separator) || !is(at + 2, Token::Kind::number)) continue;
            const bool three = is_gap(at + 3, separator) && is(at + 4, Token::Kind::number);
            if (three && digits(at) == 4) {
                add(number(at), number(at + 2), number(at + 4));
            } else if (three) {
                const int year = digits(at + 4) == 2 ? 2000 + number(at + 4) : number(at + 4);
                add_in_order(year, number(at), number(at + 2), separator == "/");
            } else if (separator == "-") {
                found_.ambiguous = true;  // "9-18": hours, days, or a date?
            } else {
                add_in_order(std::nullopt, number(at), number(at + 2), separator == "/");
            }
            return three ? 5 : 3;
        }
        return 0;
    }

    size_t day_then_month(size_t at) {
        const size_t month_place = over_little_words(at + 1, true);
        const unsigned month = month_at(month_place);
        if (month == 0 || digits(at) > 2) return 0;
        const size_t year_place = over_little_words(month_place + 1, false);
        const bool has_year = digits(year_place) == 4;
        add(has_year ? std::optional(number(year_place)) : std::nullopt, static_cast<int>(month), number(at));
        return (has_year ? year_place : month_place) + 1 - at;
    }

    size_t month_first_words(size_t at, unsigned month) {
        const size_t day_place = over_little_words(at + 1, false);
        if (digits(day_place) == 0 || digits(day_place) > 2) return 0;
        size_t end = day_place + 1;
        if (among(end, ordinal_words)) ++end;
        const size_t year_place = is_blank_gap(end) ? end + 1 : end;
        const bool has_year = digits(year_place) == 4;
        add(has_year ? std::optional(number(year_place)) : std::nullopt, static_cast<int>(month),
            number(day_place));
        return (has_year ? year_place + 1 : end) - at;
    }

    // "MRO swap 3" may well mean the 3rd.
    void note_bare_number(size_t at) {
        const bool inside_word = (at > 0 && is(at - 1, Token::Kind::word)) || is(at + 1, Token::Kind::word);
        const bool is_label = at > 0 && is(at - 1, Token::Kind::gap) && tokens_[at - 1].text.back() == '#';
        const bool ordinal = among(at + 1, ordinal_words);
        if (is_label || (inside_word && !ordinal) || digits(at) > 2) return;
        if (number(at) >= 1 && number(at) <= 31) found_.ambiguous = true;
    }

    void add_in_order(std::optional<int> year, int first, int second, bool order_matters) {
        // Dots are written day first wherever dots are written.
        const DateOrder order = order_matters ? order_ : DateOrder::day_first;
        const bool day_first_exists = exists_at_all(year, second, first);
        const bool month_first_exists = exists_at_all(year, first, second);
        const bool both = day_first_exists && month_first_exists && first != second;
        if (both && order == DateOrder::unknown) {
            found_.ambiguous = true;
            return;
        }
        const bool month_first =
            both ? order == DateOrder::month_first : month_first_exists && !day_first_exists;
        if (month_first) {
            add(year, first, second);
        } else {
            add(year, second, first);
        }
    }

    static bool exists_at_all(std::optional<int> year, int month, int day) {
        if (month < 1 || day < 1 || month > 12 || day > 31) return false;
        return exists(year.value_or(2024), static_cast<unsigned>(month), static_cast<unsigned>(day));
    }

    void add(std::optional<int> year, int month, int day) {
        const bool in_reach = !year || (*year >= 1970 && *year < 2200);
        if (!in_reach || !exists_at_all(year, month, day)) {
            found_.ambiguous = true;
            return;
        }
        const TitleDate date{year, static_cast<unsigned>(month), static_cast<unsigned>(day)};
        if (std::find(found_.dates.begin(), found_.dates.end(), date) == found_.dates.end())
            found_.dates.push_back(date);
    }

    std::vector<Token> tokens_;
    DateOrder order_;
    TitleDates found_;
};

}  // namespace

TitleDates dates_in_title(std::string_view title, DateOrder order) {
    return DateScanner(title, order).scan();
}

std::optional<Day> day_of_title_date(const TitleDate& date, Day near) {
    const auto in_year = [&date](int year) -> std::optional<Day> {
        if (!exists(year, date.month, date.day)) return std::nullopt;
        return Day(std::chrono::year(year) / std::chrono::month(date.month) / std::chrono::day(date.day));
    };
    if (date.year) return in_year(*date.year);
    const int around = static_cast<int>(std::chrono::year_month_day(near).year());
    std::optional<Day> nearest;
    for (const int year : {around, around - 1, around + 1}) {
        const auto day = in_year(year);
        const auto distance = [near](Day d) { return d < near ? near - d : d - near; };
        if (day && (!nearest || distance(*day) < distance(*nearest))) nearest = day;
    }
    return nearest;
}

DateOrder usual_date_order(std::string_view zone) {
    constexpr std::array<std::string_view, 30> month_first = {"US/",
                                                              "America/New_York",
                                                              "America/Chicago",
                                                              "America/Denver",
                                                              "America/Los_Angeles",
                                                              "America/Phoenix",
                                                              "America/Anchorage",
                                                              "America/Boise",
                                                              "America/Detroit",
                                                              "America/Indiana/",
                                                              "America/Indianapolis",
                                                              "America/Kentucky/",
                                                              "America/Louisville",
                                                              "America/North_Dakota/",
                                                              "America/Juneau",
                                                              "America/Adak",
                                                              "America/Menominee",
                                                              "America/Nome",
                                                              "America/Sitka",
                                                              "Pacific/Honolulu",
                                                              "Asia/Tokyo",
                                                              "Asia/Seoul",
                                                              "Asia/Shanghai",
                                                              "Asia/Chongqing",
                                                              "Asia/Taipei",
                                                              "Japan",
                                                              "ROK",
                                                              "PRC",
                                                              "ROC",
                                                              "EST5EDT"};
    constexpr std::array<std::string_view, 21> unknown = {"Canada/",
                                                          "America/Toronto",
                                                          "America/Montreal",
                                                          "America/Vancouver",
                                                          "America/Winnipeg",
                                                          "America/Edmonton",
                                                          "America/Halifax",
                                                          "America/Regina",
                                                          "America/St_Johns",
                                                          "America/Moncton",
                                                          "America/Whitehorse",
                                                          "America/Yellowknife",
                                                          "America/Iqaluit",
                                                          "America/Glace_Bay",
                                                          "America/Goose_Bay",
                                                          "America/Thunder_Bay",
                                                          "UTC",
                                                          "Etc/",
                                                          "GMT",
                                                          "Zulu",
                                                          "Universal"};
    const auto begins = [zone](std::string_view known) {
        return known.ends_with('/') ? zone.starts_with(known) : zone == known;
    };
    if (std::any_of(month_first.begin(), month_first.end(), begins)) return DateOrder::month_first;
    if (std::any_of(unknown.begin(), unknown.end(), begins)) return DateOrder::unknown;
    return DateOrder::day_first;
}

}  // namespace watchbill
