// What the web page says, in the languages it speaks: src/http/page/en.json and fr.json, which its scripts
// read too. Immutable; thread-safe.
#pragma once

#include <array>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "http/html.h"
#include "time/zone.h"
#include "watchbill/time.h"

namespace watchbill::http {

enum class Language { en, fr };
inline constexpr std::array languages = {Language::en, Language::fr};

std::string_view language_name(Language language);  // "en"
std::optional<Language> language_named(std::string_view name);
// Of those of the header Accept-Language that we speak, the one most welcome (RFC 9110 12.5.4); else English.
Language preferred_language(const std::optional<std::string>& accept_language);

class Words {
public:
    static const Words& in(Language language);

    Language language() const { return language_; }

    // The sentence of that name, which must be there (asserted), with {0}, {1} ... replaced.
    std::string say(std::string_view name, std::initializer_list<std::string_view> arguments = {}) const;
    // The same, escaped.
    Html html(std::string_view name, std::initializer_list<std::string_view> arguments = {}) const {
        return Html::text(say(name, arguments));
    }

    std::string day(Day day) const;                        // "Thursday 3 December"
    std::string short_day(Day day) const;                  // "Thu 3 Dec"
    std::string time(const Zone& zone, Instant at) const;  // "18:00"
    // "18:00", and with the day where it is not that of `now`: "Thu 3 Dec, 18:00".
    std::string moment(const Zone& zone, Instant at, Instant now) const;
    std::string duration(Duration duration) const;  // "2 h 40 min", in minutes
    std::string place(const ZoneName& zone) const;  // "Paris time"

private:
    Words(Language language, std::string_view json);

    Language language_;
    std::map<std::string, std::string, std::less<>> sentences_;
};

}  // namespace watchbill::http
