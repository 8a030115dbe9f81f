#include "ical/zone_table.h"

#include <string>

#include "ical/zone_names.h"

namespace watchbill::ical {

namespace {

// As a property a TZID is TEXT, escaped ("Amsterdam\\, Berlin"); as a parameter it is quoted.
std::string plain_name(std::string_view tzid) {
    if (tzid.size() >= 2 && tzid.front() == '"' && tzid.back() == '"') tzid = tzid.substr(1, tzid.size() - 2);
    return unescape_text(tzid);
}

}  // namespace

ZoneTable::ZoneTable(const ComponentTree& tree, Zone reader_zone, Instant horizon, WorkBudget& budget,
                     WarningLog& warnings)
    : tree_(tree), reader_zone_(reader_zone), horizon_(horizon), budget_(budget), warnings_(warnings) {
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
    if (!zone) {
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
    if (named == by_name_.end()) named = by_name_.emplace(tzid, find_zone_by_name(tzid)).first;
    if (named->second) return *named->second;
    if (const auto zone = find_in_file({calendar, tzid})) return zone;
    if (const auto offset = find_fixed_offset(tzid)) return &file_zones_.emplace_back(*offset);
    return std::nullopt;
}

std::optional<EventZone> ZoneTable::find_in_file(const Key& key) {
    const auto component = components_.find(std::pair(key.first, plain_name(key.second)));
    if (component == components_.end()) return std::nullopt;
    budget_.begin_event();
    auto zone = read_file_zone(tree_, component->second, horizon_, budget_);
    if (!zone) return std::nullopt;
    return &file_zones_.emplace_back(std::move(*zone));
}

}  // namespace watchbill::ical
