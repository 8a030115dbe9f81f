#include "ical/rule.h"

#include <libical/ical.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "ical/warning_log.h"
#include "words/letter_case.h"

namespace watchbill::ical {

namespace {

// What libical reads of a rule. COUNT, INTERVAL and UNTIL are read here: libical 3.0.16 cuts INTERVAL to 16
// bits, refuses COUNT with UNTIL, and forgets whether UNTIL had a "Z".
constexpr std::array<std::string_view, 11> parts_for_libical = {
    "FREQ",       "WKST",      "BYSECOND", "BYMINUTE", "BYHOUR",  "BYDAY",
    "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH",  "BYSETPOS"};

bool is_for_libical(std::string_view name) {
    return std::find(parts_for_libical.begin(), parts_for_libical.end(), name) != parts_for_libical.end();
}

std::string upper_without_blanks(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == ' ' || c == '\t') continue;
        result += upper_case(c);
    }
    return result;
}

struct RuleParts {
    std::vector<std::pair<std::string_view, std::string_view>> for_libical;  // names and values
    std::string interval, count, until, scale, skip;
    std::string repairs;
};

void note(std::string& repairs, const std::string& repair) {
    if (!repairs.empty()) repairs += "; ";
    repairs += repair;
}

Result<RuleParts> split(const std::string& text) {
    RuleParts parts;
    std::vector<std::string_view> seen;
    std::string_view rest(text);
    while (!rest.empty()) {
        const std::string_view part = next_item(rest, ';');
        if (part.empty()) continue;
        const size_t equals = part.find('=');
        if (equals == std::string_view::npos || equals + 1 == part.size()) {
            return fail(ErrorCode::invalid_input, "has the part " + quoted(part) + " without a value");
        }
        const std::string_view name = part.substr(0, equals);
        const std::string value(part.substr(equals + 1));
        // More parts than there are is hostile; without this bound, looking for duplicates is quadratic.
        constexpr size_t most_parts = 64;
        if (seen.size() >= most_parts) return fail(ErrorCode::invalid_input, "has too many parts");
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            note(parts.repairs, "of several " + quoted(name) + " the first counts");
            continue;
        }
        seen.push_back(name);
        if (is_for_libical(name)) {
            parts.for_libical.emplace_back(name, part.substr(equals + 1));
        } else if (name == "INTERVAL") {
            parts.interval = value;
        } else if (name == "COUNT") {
            parts.count = value;
        } else if (name == "UNTIL") {
            parts.until = value;
        } else if (name == "RSCALE") {
            parts.scale = value;
        } else if (name == "SKIP") {
            parts.skip = value;
        } else {
            note(parts.repairs, "the unknown part " + quoted(name) + " was ignored");
        }
    }
    return parts;
}

// The table of RFC 5545 3.3.10, and what its text adds: which parts a frequency must not have.
bool is_forbidden(std::string_view part, std::string_view frequency) {
    if (part == "BYWEEKNO") return frequency != "YEARLY";
    if (part == "BYYEARDAY") return frequency == "DAILY" || frequency == "WEEKLY" || frequency == "MONTHLY";
    return part == "BYMONTHDAY" && frequency == "WEEKLY";
}

// Google and Apple leave such parts out, whatever they say. So libical never sees them: it would drop the
// rule or give no instance.
void leave_out_forbidden(RuleParts& parts) {
    const auto find = [&parts](std::string_view name) {
        return std::find_if(parts.for_libical.begin(), parts.for_libical.end(),
                            [name](const auto& part) { return part.first == name; });
    };
    const auto frequency = find("FREQ");
    if (frequency == parts.for_libical.end()) return;
    const std::string_view named = frequency->second;
    std::erase_if(parts.for_libical, [&](const auto& part) {
        if (!is_forbidden(part.first, named)) return false;
        note(parts.repairs,
             std::string(part.first) + " does not go with FREQ=" + std::string(named) + " and was left out");
        return true;
    });
    // BYSETPOS picks among what another BY part gives.
    const bool has_other = std::any_of(
        parts.for_libical.begin(), parts.for_libical.end(),
        [](const auto& part) { return part.first.starts_with("BY") && part.first != "BYSETPOS"; });
    if (const auto positions = find("BYSETPOS"); !has_other && positions != parts.for_libical.end()) {
        note(parts.repairs, "BYSETPOS has no other BY part to pick from and was left out");
        parts.for_libical.erase(positions);
    }
}

std::string text_for_libical(const RuleParts& parts) {
    std::string text;
    for (const auto& [name, value] : parts.for_libical) {
        if (!text.empty()) text += ';';
        text.append(name).append("=").append(value);
    }
    return text;
}

// "The second Monday" means something in months and years only, and in years not beside BYWEEKNO (3.3.10).
void leave_out_ordinals(Rule& rule, std::string& repairs) {
    const bool allowed = rule.frequency >= Frequency::monthly && rule.by_week_no.empty();
    if (allowed) return;
    bool any = false;
    for (WeekdayInPeriod& part : rule.by_day) any |= std::exchange(part.ordinal, 0) != 0;
    if (any) note(repairs, "a number before a weekday of BYDAY means nothing in this rule and was left out");
}

std::optional<Frequency> frequency_of(icalrecurrencetype_frequency frequency) {
    switch (frequency) {
        case ICAL_SECONDLY_RECURRENCE: return Frequency::secondly;
        case ICAL_MINUTELY_RECURRENCE: return Frequency::minutely;
        case ICAL_HOURLY_RECURRENCE: return Frequency::hourly;
        case ICAL_DAILY_RECURRENCE: return Frequency::daily;
        case ICAL_WEEKLY_RECURRENCE: return Frequency::weekly;
        case ICAL_MONTHLY_RECURRENCE: return Frequency::monthly;
        case ICAL_YEARLY_RECURRENCE: return Frequency::yearly;
        case ICAL_NO_RECURRENCE: return std::nullopt;
    }
    return std::nullopt;
}

// libical counts Sunday as 1.
std::optional<std::chrono::weekday> weekday_of(icalrecurrencetype_weekday day) {
    if (day < ICAL_SUNDAY_WEEKDAY || day > ICAL_SATURDAY_WEEKDAY) return std::nullopt;
    return std::chrono::weekday(static_cast<unsigned>(day) - 1);
}

// False when a value lies outside [low, high], or is 0 where libical lets empty items pass as 0.
template <size_t N>
bool copy_list(const short (&list)[N], int low, int high, bool zero_allowed, std::vector<int>& to) {
    for (size_t i = 0; i < N && list[i] != ICAL_RECURRENCE_ARRAY_MAX; ++i) {
        if (list[i] < low || list[i] > high || (list[i] == 0 && !zero_allowed)) return false;
        to.push_back(list[i]);
    }
    std::sort(to.begin(), to.end());
    to.erase(std::unique(to.begin(), to.end()), to.end());
    return true;
}

template <size_t N>
bool copy_days(const short (&list)[N], std::vector<WeekdayInPeriod>& to) {
    for (size_t i = 0; i < N && list[i] != ICAL_RECURRENCE_ARRAY_MAX; ++i) {
        const auto day = weekday_of(icalrecurrencetype_day_day_of_week(list[i]));
        const int ordinal = icalrecurrencetype_day_position(list[i]);
        if (!day || ordinal < -53 || ordinal > 53) return false;
        to.push_back({*day, ordinal});
    }
    return true;
}

bool copy_lists(const icalrecurrencetype& recurrence, Rule& rule) {
    return copy_list(recurrence.by_second, 0, 60, true, rule.by_second) &&
           copy_list(recurrence.by_minute, 0, 59, true, rule.by_minute) &&
           copy_list(recurrence.by_hour, 0, 23, true, rule.by_hour) &&
           copy_list(recurrence.by_month_day, -31, 31, false, rule.by_month_day) &&
           copy_list(recurrence.by_year_day, -366, 366, false, rule.by_year_day) &&
           copy_list(recurrence.by_week_no, -53, 53, false, rule.by_week_no) &&
           copy_list(recurrence.by_month, 1, 12, false, rule.by_month) &&
           copy_list(recurrence.by_set_pos, -366, 366, false, rule.by_set_pos) &&
           copy_days(recurrence.by_day, rule.by_day);
}

Result<Rule> read_by_libical(const std::string& text) {
    const icalrecurrencetype recurrence = icalrecurrencetype_from_string(text.c_str());
    Rule rule;
    const auto frequency = frequency_of(recurrence.freq);
    const auto week_start = weekday_of(recurrence.week_start);
    if (!frequency || !week_start || !copy_lists(recurrence, rule)) {
        return fail(ErrorCode::invalid_input, "is malformed");
    }
    rule.frequency = *frequency;
    rule.week_start = *week_start;
    return rule;
}

// An empty item ("1,,2") reads as 0 in libical, which for hours is a value.
bool has_empty_item(const std::string& text) {
    return text.find(",,") != std::string::npos || text.find("=,") != std::string::npos ||
           text.find(",;") != std::string::npos || text.ends_with(',');
}

Result<void> read_bounds(const RuleParts& parts, ParsedRule& parsed) {
    if (!parts.interval.empty()) {
        const auto interval = parse_integer(parts.interval);
        if (!interval || *interval < 0) {
            return fail(ErrorCode::invalid_input, "has a malformed INTERVAL " + quoted(parts.interval));
        }
        if (*interval == 0) note(parsed.repairs, "INTERVAL=0 was read as 1");
        parsed.rule.interval = std::max(*interval, 1);
    }
    if (!parts.count.empty()) {
        const auto count = parse_integer(parts.count);
        if (!count || *count < 0) {
            return fail(ErrorCode::invalid_input, "has a malformed COUNT " + quoted(parts.count));
        }
        if (*count == 0) {
            note(parsed.repairs, "COUNT=0 was ignored");
        } else {
            parsed.rule.count = *count;
        }
    }
    if (!parts.until.empty()) {
        parsed.rule.until = parse_time(parts.until, "");
        if (!parsed.rule.until) {
            return fail(ErrorCode::invalid_input, "has a malformed UNTIL " + quoted(parts.until));
        }
    }
    if (parsed.rule.count && parsed.rule.until) {
        note(parsed.repairs, "it has COUNT and UNTIL, whichever comes first ends it");
    }
    return {};
}

}  // namespace

bool Rule::has_by_parts() const {
    return !by_month.empty() || !by_month_day.empty() || !by_year_day.empty() || !by_week_no.empty() ||
           !by_set_pos.empty() || !by_hour.empty() || !by_minute.empty() || !by_second.empty() ||
           !by_day.empty();
}

Result<ParsedRule> parse_rule(std::string_view text) {
    // All lists of all parts in full are 3,000 characters.
    constexpr size_t longest = 8192;
    if (text.size() > longest) return fail(ErrorCode::invalid_input, "is longer than any real rule");
    const std::string clean = upper_without_blanks(text);
    if (has_empty_item(clean)) return fail(ErrorCode::invalid_input, "has a list with an empty item");
    auto parts = split(clean);
    if (!parts) return tl::unexpected(std::move(parts.error()));
    leave_out_forbidden(*parts);
    auto rule = read_by_libical(text_for_libical(*parts));
    if (!rule) return tl::unexpected(std::move(rule.error()));

    ParsedRule parsed{std::move(*rule), std::move(parts->repairs)};
    leave_out_ordinals(parsed.rule, parsed.repairs);
    if (clean.size() != text.size()) note(parsed.repairs, "the blanks in it were ignored");
    if (!parts->scale.empty() && parts->scale != "GREGORIAN") {
        return fail(ErrorCode::invalid_input,
                    "counts by the calendar " + quoted(parts->scale) + ", and only GREGORIAN is understood");
    }
    if (!parts->skip.empty() && parts->skip != "OMIT") {
        note(parsed.repairs, "SKIP is not understood, so dates that do not exist are left out");
    }
    if (auto bounds = read_bounds(*parts, parsed); !bounds) return tl::unexpected(std::move(bounds.error()));
    return parsed;
}

bool can_ever_happen(const Rule& rule) {
    if (rule.by_month.empty() || rule.by_month_day.empty()) return true;
    constexpr std::array<int, 12> longest_months = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return std::any_of(rule.by_month.begin(), rule.by_month.end(), [&](int month) {
        return std::any_of(rule.by_month_day.begin(), rule.by_month_day.end(), [&](int day) {
            return std::abs(day) <= longest_months.at(static_cast<size_t>(month - 1));
        });
    });
}

}  // namespace watchbill::ical
