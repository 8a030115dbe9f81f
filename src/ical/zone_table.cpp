#include "ical/zone_table.h"

#include <algorithm>
#include <string>

#include "ical/zone_names.h"
#include "time/format.h"

namespace watchbill::ical {

namespace {

// As a property a TZID is TEXT, escaped ("Amsterdam\\, Berlin"); as a parameter it is quoted.
std::string plain_name(std::string_view tzid) {
    if (tzid.size() >= 2 && tzid.front() == '"' && tzid.back() == '"') tzid = tzid.substr(1, tzid.size() - 2);
    return unescape_text(tzid);
}

// The first instant of the window at which the two clocks differ. Both are constant between their changes.
std::optional<Instant> first_difference(const Zone& a, const FileZone& b, const Interval& window) {
    for (Instant at = window.start; at < window.end;) {
        const Zone::Period period = a.period_at(at);
        if (b.to_local(at) - LocalTime(at.time_since_epoch()) != period.offset) return at;
        at = std::min(period.valid.end, b.next_onset(at).value_or(window.end));
    }
    return std::nullopt;
}

}  // namespace

ZoneTable::ZoneTable(const ComponentTree& tree, Zone reader_zone, const Interval& window, Instant horizon,
                     WorkBudget& budget, WarningLog& warnings)
    : tree_(tree),
      reader_zone_(reader_zone),
      window_(window),
      horizon_(horizon),
      budget_(budget),
      warnings_(warnings) {
    const auto& components = tree.components();
    for (uint32_t index = 0; index < components.size(); ++index) {
        if (components[index].type != ComponentType::time_zone) continue;
        const Property* id = tree.find(components[index], PropertyName::zone_id);
        if (id != nullptr)
            components_.emplace(std::pair(components[index].calendar, plain_name(id->value)), index);
    }
}

EventZone ZoneTable::zone_of(const TimeValue& time, const Event& event) {
    switch (time.form) {
        case TimeValue::Form::utc: return Zone::utc();
        case TimeValue::Form::zoned: return find_or_warn({event.calendar, time.zone}, &event);
        default: return floating_zone(event.calendar);
    }
}

EventZone ZoneTable::floating_zone(uint32_t calendar) {
    const auto known = floating_.find(calendar);
    if (known != floating_.end()) return known->second;
    EventZone zone = reader_zone_;
    const Property* named = tree_.find(tree_.components()[calendar], PropertyName::calendar_zone);
    if (named != nullptr && !named->value.empty()) {
        zone = find_or_warn({calendar, named->value}, nullptr);
    }
    floating_.emplace(calendar, zone);
    return zone;
}

EventZone ZoneTable::find_or_warn(const Key& key, const Event* event) {
    if (const auto known = resolved_.find(key); known != resolved_.end()) return known->second;
    const auto zone = find(key.first, key.second);
    if (!zone && warned_.insert(key.second).second) {
        const std::string user = event != nullptr ? label_of(tree_, *event) : "the calendar (X-WR-TIMEZONE)";
        warnings_.add("unknown_zone",
                      "the time zone " + quoted(key.second) + " of " + user +
                          " is unknown and the file does not explain it; such times were read as " +
                          reader_zone_.name());
    }
    return resolved_.emplace(key, zone.value_or(reader_zone_)).first->second;
}

std::optional<EventZone> ZoneTable::find(uint32_t calendar, std::string_view tzid) {
    auto named = by_name_.find(tzid);
    if (named == by_name_.end()) {
        named = by_name_.emplace(tzid, Names{find_region_zone(tzid), find_zone_by_name(tzid)}).first;
    }
    const Names& names = named->second;
    const FileZone* const of_file = find_in_file({calendar, tzid});
    if (names.region) {
        if (of_file != nullptr) warn_if_different(tzid, *names.region, *of_file, false);
        return *names.region;
    }
    if (of_file != nullptr) {
        if (names.any) warn_if_different(tzid, *names.any, *of_file, true);
        return of_file;
    }
    if (names.any) return *names.any;
    if (const auto offset = find_fixed_offset(tzid)) return &file_zones_.emplace_back(*offset);
    return std::nullopt;
}

const FileZone* ZoneTable::find_in_file(const Key& key) {
    const std::string name = plain_name(key.second);
    const auto component = components_.find(std::pair(key.first, name));
    if (component == components_.end()) return nullptr;
    // Working out the same rules for each VCALENDAR of a large collection would use up the file's budget.
    const auto last = last_read_.find(name);
    if (last != last_read_.end() && say_the_same(tree_, last->second.component, component->second)) {
        return last->second.zone;
    }
    budget_.begin_event();
    auto zone = read_file_zone(tree_, component->second, horizon_, budget_);
    const FileZone* const kept = zone ? &file_zones_.emplace_back(std::move(*zone)) : nullptr;
    last_read_.insert_or_assign(name, ReadZone{component->second, kept});
    return kept;
}

void ZoneTable::warn_if_different(std::string_view tzid, const Zone& known, const FileZone& of_file,
                                  bool file_used) {
    if (warned_.contains(tzid)) return;
    const auto from = first_difference(known, of_file, window_);
    if (!from) return;
    warned_.insert(tzid);
    warnings_.add("zone_differs", "the file's VTIMEZONE for " + quoted(tzid) + " and the time zone " +
                                      known.name() + " tell different times from " + format_instant(*from) +
                                      " on; " +
                                      (file_used ? "the file's was used" : known.name() + " was used"));
}

}  // namespace watchbill::ical
