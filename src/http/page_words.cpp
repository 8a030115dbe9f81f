#include "http/page_words.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "http/negotiation.h"
#include "http/page_assets.h"
#include "time/format.h"

namespace watchbill::http {

std::string_view language_name(Language language) { return language == Language::fr ? "fr" : "en"; }

std::optional<Language> language_named(std::string_view name) {
    for (const Language language : languages)
        if (language_name(language) == name) return language;
    return std::nullopt;
}

Language preferred_language(const std::optional<std::string>& accept_language) {
    Language best = Language::en;
    double best_weight = 0;
    for (const auto& [tag, weight] :
         weighted_items(accept_language ? *accept_language : std::string_view())) {
        // "fr-CA" is French to us.
        const auto language = language_named(tag.substr(0, tag.find('-')));
        if (!language || weight <= best_weight) continue;
        best = *language;
        best_weight = weight;
    }
    return best;
}

Words::Words(Language language, std::string_view json) : language_(language) {
    const auto parsed = nlohmann::json::parse(json);
    for (const auto& [name, sentence] : parsed.items()) sentences_.emplace(name, sentence.get<std::string>());
}

const Words& Words::in(Language language) {
    static const Words english(Language::en, asset_text("en.json"));
    static const Words french(Language::fr, asset_text("fr.json"));
    return language == Language::fr ? french : english;
}

std::string Words::say(std::string_view name, std::initializer_list<std::string_view> arguments) const {
    const auto found = sentences_.find(name);
    assert(found != sentences_.end() && "the page says what its languages have");
    std::string said;
    const std::string& sentence = found->second;
    for (size_t i = 0; i < sentence.size(); ++i) {
        const bool place = sentence[i] == '{' && i + 2 < sentence.size() && sentence[i + 2] == '}';
        const size_t index = place ? static_cast<size_t>(sentence[i + 1] - '0') : arguments.size();
        if (index >= arguments.size()) {
            said += sentence[i];
            continue;
        }
        said += *(arguments.begin() + index);
        i += 2;
    }
    return said;
}

std::string Words::day(Day day) const {
    const auto weekday = std::chrono::weekday(day).c_encoding();
    const std::chrono::year_month_day date(day);
    return say("day_long",
               {say("weekday_" + std::to_string(weekday)), std::to_string(static_cast<unsigned>(date.day())),
                say("month_" + std::to_string(static_cast<unsigned>(date.month())))});
}

std::string Words::short_day(Day day) const {
    const auto weekday = std::chrono::weekday(day).c_encoding();
    const std::chrono::year_month_day date(day);
    return say("day_short", {say("weekday_short_" + std::to_string(weekday)),
                             std::to_string(static_cast<unsigned>(date.day())),
                             say("month_short_" + std::to_string(static_cast<unsigned>(date.month())))});
}

std::string Words::time(const Zone& zone, Instant at) const { return format_time_of_day(zone.to_local(at)); }

std::string Words::moment(const Zone& zone, Instant at, Instant now) const {
    const Day day = zone.day_of(at);
    if (day == zone.day_of(now)) return time(zone, at);
    return say("day_and_time", {short_day(day), time(zone, at)});
}

std::string Words::duration(Duration duration) const {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
    const std::string rest = std::to_string(minutes % 60);
    if (minutes < 60) return say("minutes", {rest});
    constexpr long day = 24L * 60;
    if (minutes >= 2 * day) return say("days", {std::to_string(minutes / day)});
    const std::string hours = std::to_string(minutes / 60);
    return minutes % 60 == 0 ? say("hours", {hours}) : say("hours_and_minutes", {hours, rest});
}

std::string Words::place(const ZoneName& zone) const {
    std::string city = zone.substr(zone.rfind('/') + 1);
    std::replace(city.begin(), city.end(), '_', ' ');
    return say("place_time", {city});
}

}  // namespace watchbill::http
