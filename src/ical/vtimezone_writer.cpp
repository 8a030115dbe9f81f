#include "ical/vtimezone_writer.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "time/format.h"

namespace watchbill::ical {

namespace {

using std::chrono::days;
using std::chrono::year_month_day;

enum class Kind { standard, daylight };

// One change of a zone's offset.
struct Onset {
    Instant at;
    Kind kind = Kind::standard;
    Duration from{};
    Duration to{};
    std::string abbreviation;

    LocalTime local() const { return LocalTime(at.time_since_epoch() + from); }  // 3.6.5: in the old offset
    Day day() const { return std::chrono::floor<days>(local()); }
    Duration time_of_day() const { return local() - day(); }
    year_month_day date() const { return year_month_day(day()); }
};

// Earlier changes are history that no feed shows, and some readers fail before 1970.
constexpr Instant earliest(Duration(0));

// Two changes a year: far enough ahead to see each of them once more after the span, so that a rule is never
// extrapolated from one sample.
constexpr Duration look_ahead = days(400);

// A change to or from daylight saving is DAYLIGHT when clocks go forward. tzdata's own flag alone would make
// Dublin's winter the "daylight" half (negative daylight saving), which few readers understand.
Kind kind_of(const Zone::Period& before, const Zone::Period& after) {
    const bool forward = after.offset > before.offset;
    return forward && (before.daylight_saving || after.daylight_saving) ? Kind::daylight : Kind::standard;
}

// The change that began the period holding `instant`. For a period older than `earliest` it is a made-up one
// without effect.
Onset onset_before(const Zone& zone, Instant instant) {
    const Zone::Period period = zone.period_at(instant);
    if (period.valid.start <= earliest) {
        const LocalTime local(earliest.time_since_epoch());
        return {Instant(local.time_since_epoch() - period.offset), Kind::standard, period.offset,
                period.offset, period.abbreviation};
    }
    const Zone::Period before = zone.period_at(period.valid.start - Duration(1));
    return {period.valid.start, kind_of(before, period), before.offset, period.offset, period.abbreviation};
}

bool has_effect(const Onset& onset) { return onset.from != onset.to; }

// From the change in force at span.start to the last one before `end`, in order.
std::vector<Onset> onsets_between(const Zone& zone, Instant start, Instant end) {
    std::vector<Onset> onsets{onset_before(zone, start)};
    Instant next = zone.period_at(start).valid.end;
    while (next < end) {
        onsets.push_back(onset_before(zone, next));
        next = zone.period_at(next).valid.end;
    }
    return onsets;
}

// Puts the change before the first one in front, where there is one.
void extend_back(const Zone& zone, std::vector<Onset>& onsets) {
    if (onsets.front().at > earliest && has_effect(onsets.front()))
        onsets.insert(onsets.begin(), onset_before(zone, onsets.front().at - Duration(1)));
}

// Which of its weekdays a day is in its month: -1 for the last, else 1 to 4.
bool is_position(const year_month_day& date, int position) {
    const unsigned day = unsigned(date.day());
    if (position > 0) return (day - 1) / 7 + 1 == unsigned(position);
    const unsigned month_length = unsigned((date.year() / date.month() / std::chrono::last).day());
    return day + 7 > month_length;
}

bool follows_a_year_later(const Onset& earlier, const Onset& later) {
    return later.date().year() == earlier.date().year() + std::chrono::years(1) &&
           later.date().month() == earlier.date().month() &&
           std::chrono::weekday(later.day()) == std::chrono::weekday(earlier.day()) &&
           later.time_of_day() == earlier.time_of_day() && later.from == earlier.from &&
           later.to == earlier.to && later.abbreviation == earlier.abbreviation;
}

// The yearly rule that makes exactly these changes; nothing when there is none or too few changes to know.
std::optional<std::string> yearly_rule(const std::vector<Onset>& onsets) {
    constexpr std::array<std::string_view, 7> weekdays = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    if (onsets.size() < 2) return std::nullopt;
    if (std::adjacent_find(onsets.begin(), onsets.end(), [](const Onset& a, const Onset& b) {
            return !follows_a_year_later(a, b);
        }) != onsets.end())
        return std::nullopt;
    for (const int position : {-1, 1, 2, 3, 4}) {
        if (!std::all_of(onsets.begin(), onsets.end(),
                         [position](const Onset& onset) { return is_position(onset.date(), position); }))
            continue;
        const unsigned weekday = std::chrono::weekday(onsets.front().day()).c_encoding();
        return "FREQ=YEARLY;BYMONTH=" + std::to_string(unsigned(onsets.front().date().month())) +
               ";BYDAY=" + std::to_string(position) + std::string(weekdays.at(weekday));
    }
    return std::nullopt;
}

std::vector<Onset> of_kind(const std::vector<Onset>& onsets, Kind kind) {
    std::vector<Onset> found;
    std::copy_if(onsets.begin(), onsets.end(), std::back_inserter(found),
                 [kind](const Onset& onset) { return onset.kind == kind; });
    return found;
}

std::string utc_offset(Duration offset) {
    const LocalTime magnitude(Duration(std::abs(offset.count())));
    std::string text = format_time_of_day(magnitude);
    text.erase(text.find(':'), 1);
    const auto seconds = std::abs(offset.count()) % 60;
    if (seconds != 0) text += (seconds < 10 ? "0" : "") + std::to_string(seconds);
    return (offset < Duration(0) ? "-" : "+") + text;
}

void add_observance(ContentLines& lines, const Onset& onset, const std::optional<std::string>& rule) {
    const std::string_view component = onset.kind == Kind::daylight ? "DAYLIGHT" : "STANDARD";
    lines.add("BEGIN", component);
    lines.add("DTSTART", local_date_time(onset.local()));
    if (rule) lines.add("RRULE", *rule);
    lines.add("TZOFFSETFROM", utc_offset(onset.from));
    lines.add("TZOFFSETTO", utc_offset(onset.to));
    lines.add_text("TZNAME", onset.abbreviation);
    lines.add("END", component);
}

// One STANDARD and one DAYLIGHT, both in force from before the span. False when the zone has no such rules.
bool add_yearly_rules(ContentLines& lines, const Zone& zone, Interval span) {
    std::vector<Onset> onsets = onsets_between(zone, span.start, span.end + look_ahead);
    extend_back(zone, onsets);
    const std::vector<Onset> standard = of_kind(onsets, Kind::standard);
    const std::vector<Onset> daylight = of_kind(onsets, Kind::daylight);
    const auto standard_rule = yearly_rule(standard);
    const auto daylight_rule = yearly_rule(daylight);
    if (!standard_rule || !daylight_rule) return false;
    const bool standard_first = standard.front().at < daylight.front().at;
    if (standard_first) add_observance(lines, standard.front(), standard_rule);
    add_observance(lines, daylight.front(), daylight_rule);
    if (!standard_first) add_observance(lines, standard.front(), standard_rule);
    return true;
}

void add_single_changes(ContentLines& lines, const Zone& zone, Interval span) {
    std::vector<Onset> onsets = onsets_between(zone, span.start, span.end);
    if (of_kind(onsets, Kind::standard).empty()) extend_back(zone, onsets);
    for (const Onset& onset : onsets) add_observance(lines, onset, std::nullopt);
}

}  // namespace

bool is_utc(const Zone& zone) {
    constexpr std::array<std::string_view, 8> names = {"UTC",       "Etc/UTC",       "UCT",  "Etc/UCT",
                                                       "Universal", "Etc/Universal", "Zulu", "Etc/Zulu"};
    return std::find(names.begin(), names.end(), zone.name()) != names.end();
}

std::string local_date_time(LocalTime local) {
    std::string text = format_instant(Instant(local.time_since_epoch()));
    std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
    return text;
}

void add_vtimezone(ContentLines& lines, const Zone& zone, Interval span) {
    lines.add("BEGIN", "VTIMEZONE");
    lines.add_text("TZID", zone.name());
    if (!add_yearly_rules(lines, zone, span)) add_single_changes(lines, zone, span);
    lines.add("END", "VTIMEZONE");
}

}  // namespace watchbill::ical
