#include "ical/recurrence_set.h"

#include <algorithm>
#include <string>

namespace watchbill::ical {

namespace {

using std::chrono::days;
using Form = TimeValue::Form;

template <typename Value>
void sort_unique(std::vector<Value>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

SeriesKey key_of(Day day) { return LocalTime(day).time_since_epoch().count(); }
SeriesKey key_of(Instant instant) { return instant.time_since_epoch().count(); }

}  // namespace

SeriesKey SeriesKeys::of(const TimeValue& value) const {
    if (times_.all_day) return key_of(date_of(value, master_, context_));
    switch (value.form) {
        case Form::utc: return value.local.time_since_epoch().count();
        case Form::date: {
            const Day first = std::chrono::floor<days>(times_.start);
            return of_local(LocalTime(value.day()) + (times_.start - LocalTime(first)));
        }
        case Form::floating: return of_local(value.local);
        case Form::zoned: break;
    }
    return key_of(context_.zones.zone_of(value, master_).to_instant(value.local));
}

SeriesKey SeriesKeys::of_local(LocalTime local) const {
    if (times_.all_day) return key_of(std::chrono::floor<days>(local));
    return key_of(times_.zone.to_instant(local));
}

LocalTime SeriesKeys::to_local(SeriesKey key) const {
    if (times_.all_day) return LocalTime(Duration(key));
    return times_.zone.to_local(Instant(Duration(key)));
}

RecurrenceSet::RecurrenceSet(const Event& master, const EventTimes& times, ReadContext& context)
    : master_(master), times_(times), context_(context), keys_(master, times, context) {
    if (master.has_exceptions) read_exceptions();
}

std::vector<SeriesInstance> RecurrenceSet::instances(const LocalRange& range) {
    std::vector<SeriesInstance> found;
    add_rules(range, found);
    if (master_.has_dates) add_dates(range, found);
    if (master_.has_exceptions) exclude_rules(range);
    // Of equal ones, that with its own length says more.
    std::sort(found.begin(), found.end(), [](const SeriesInstance& a, const SeriesInstance& b) {
        return std::pair(a.key, !a.own_length) < std::pair(b.key, !b.own_length);
    });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const SeriesInstance& a, const SeriesInstance& b) { return a.key == b.key; }),
                found.end());
    std::erase_if(found, [this](const SeriesInstance& instance) { return excludes(instance.key); });
    return found;
}

bool RecurrenceSet::excludes(SeriesKey key) const {
    if (std::binary_search(excluded_keys_.begin(), excluded_keys_.end(), key)) return true;
    if (excluded_days_.empty()) return false;
    const Day day = std::chrono::floor<days>(keys_.to_local(key));
    return std::binary_search(excluded_days_.begin(), excluded_days_.end(), day);
}

void RecurrenceSet::read_exceptions() {
    for (const Property& property : context_.tree.properties(context_.tree.components()[master_.component])) {
        if (property.name != PropertyName::exception_dates) continue;
        std::string_view rest = property.value;
        while (!rest.empty()) {
            const std::string_view item = next_item(rest, ',');
            if (item.empty()) continue;
            const auto time = parse_time(item, property.parameters);
            if (!time) {
                warn("bad_exdate",
                     "has the EXDATE " + quoted(item) + ", which is no date or time and was ignored");
            } else if (time->form == Form::date && !times_.all_day) {
                excluded_days_.push_back(time->day());
            } else {
                excluded_keys_.push_back(keys_.of(*time));
            }
        }
    }
    sort_unique(excluded_keys_);
    sort_unique(excluded_days_);
}

void RecurrenceSet::add_rules(const LocalRange& range, std::vector<SeriesInstance>& found) {
    // With a rule, DTSTART is an instance only when the rule produces it.
    bool start_counts = !master_.has_rule;
    std::vector<SeriesKey> keys;
    for (const Property& property : context_.tree.properties(context_.tree.components()[master_.component])) {
        if (property.name != PropertyName::rule) continue;
        start_counts |= !expand_rule(property.value, range, keys);
    }
    if (start_counts) keys.push_back(keys_.of_local(times_.start));
    for (const SeriesKey key : keys) found.push_back({key, std::nullopt});
}

void RecurrenceSet::add_dates(const LocalRange& range, std::vector<SeriesInstance>& found) {
    const size_t before = found.size();
    for (const Property& property : context_.tree.properties(context_.tree.components()[master_.component])) {
        if (property.name != PropertyName::recurrence_dates) continue;
        std::string_view rest = property.value;
        while (!rest.empty()) {
            const std::string_view item = next_item(rest, ',');
            if (!item.empty()) add_date(property, item, found);
        }
    }
    // A period may be longer than the event, so that only those after the range surely do not matter.
    const auto first = found.begin() + static_cast<std::ptrdiff_t>(before);
    found.erase(std::remove_if(first, found.end(),
                               [&](const SeriesInstance& instance) {
                                   const LocalTime local = keys_.to_local(instance.key);
                                   return local >= range.end || (local < range.first && !instance.own_length);
                               }),
                found.end());
}

void RecurrenceSet::add_date(const Property& property, std::string_view text,
                             std::vector<SeriesInstance>& found) {
    if (text.find('/') == std::string_view::npos) {
        if (const auto time = parse_time(text, property.parameters)) {
            found.push_back({keys_.of(*time), std::nullopt});
            return;
        }
    } else if (const auto period = parse_period(text, property.parameters)) {
        const SeriesKey key = keys_.of(period->start);
        Length length = period->length;
        if (period->end) length = {days(0), Duration(keys_.of(*period->end) - key)};
        if (times_.all_day) length = {std::chrono::ceil<days>(length.nominal + length.exact), Duration(0)};
        if (!length.is_negative()) {
            found.push_back({key, length});
            return;
        }
    }
    warn("bad_rdate", "has the RDATE " + quoted(text) + ", which is no time or period and was ignored");
}

void RecurrenceSet::exclude_rules(const LocalRange& range) {
    for (const Property& property : context_.tree.properties(context_.tree.components()[master_.component])) {
        if (property.name == PropertyName::exception_rule) expand_rule(property.value, range, excluded_keys_);
    }
    sort_unique(excluded_keys_);
}

bool RecurrenceSet::expand_rule(std::string_view text, const LocalRange& range,
                                std::vector<SeriesKey>& keys) {
    const auto parsed = parse_rule(text);
    if (!parsed) {
        warn("bad_rule", "recurs by a rule that " + parsed.error().message + "; only its start was read");
        return false;
    }
    const Rule& rule = parsed->rule;
    if (refuse(rule)) return false;
    if (!parsed->repairs.empty()) warn("repaired_rule", "recurs by an odd rule: " + parsed->repairs);
    const bool has_times = !rule.by_hour.empty() || !rule.by_minute.empty() || !rule.by_second.empty();
    if (times_.all_day && has_times) {
        warn("repaired_rule",
             "lasts all day and recurs by times of day (BYHOUR and the like), which were left out");
    }

    RuleRun run{times_.start, times_.all_day, LocalTime::max()};
    std::optional<Instant> until;
    if (rule.until) {
        if (times_.all_day) {
            run.last = LocalTime(date_of(*rule.until, master_, context_));
        } else if (rule.until->form == Form::utc) {
            // Near a gap the wall clock and instants disagree on what is later; instants decide below.
            until = Instant(rule.until->local.time_since_epoch());
            run.last = times_.zone.to_local(*until) + std::chrono::hours(3);
        } else {
            const bool is_date = rule.until->form == Form::date;
            run.last = rule.until->local + (is_date ? days(1) - Duration(1) : Duration(0));
        }
    }
    std::vector<LocalTime> locals;
    const ExpansionEnd end = expand(rule, run, range, context_.budget, locals);
    for (const LocalTime local : locals) {
        const SeriesKey key = keys_.of_local(local);
        if (!until || key <= key_of(*until)) keys.push_back(key);
    }
    if (end == ExpansionEnd::too_many_instances) {
        warn("too_many_instances", "recurs so often that only its first instances in the window were read");
    }
    if (end == ExpansionEnd::too_much_work) {
        warn("costly_rule", "recurs by a rule that takes too long to work out; instances are missing");
    }
    return true;
}

// True when the rule is not to be expanded but replaced by the start alone.
bool RecurrenceSet::refuse(const Rule& rule) {
    if (rule.is_sub_daily() && (rule.has_by_parts() || times_.all_day)) {
        warn("refused_rule", "recurs within days under further conditions; only its start was read");
        return true;
    }
    if (!can_ever_happen(rule)) {
        warn("rule_never_happens", "recurs only on days that no month has, so it never happens");
    }
    return false;
}

void RecurrenceSet::warn(const char* code, const std::string& what) {
    context_.warnings.add(code, label_of(context_.tree, master_) + ' ' + what);
}

}  // namespace watchbill::ical
