// Content lines -> the components and properties that a reader of other people's calendars needs; the rest
// (descriptions, alarms, tasks, attachments) is passed over without a copy. One pass, linear in the input,
// bounded by limits.h; a missing END is repaired. Views point into the lines, which must outlive the scan.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ical/warning_log.h"
#include "watchbill/result.h"

namespace watchbill::ical {

enum class ComponentType : uint8_t {
    calendar,
    event,
    free_busy,
    availability,
    available,  // part of an availability, RFC 7953 3.1
    time_zone,
    standard,
    daylight,
    other,  // not kept
};

enum class PropertyName : uint8_t {
    attendee,
    busy_type,
    categories,
    all_day_mark,  // X-MICROSOFT-CDO-ALLDAYEVENT
    busy_status,   // X-MICROSOFT-CDO-BUSYSTATUS
    date_end,
    date_start,
    duration,
    exception_dates,
    exception_rule,
    free_busy,
    method,
    organizer,
    priority,
    recurrence_dates,
    recurrence_id,
    rule,
    sequence,
    stamp,
    last_modified,
    status,
    summary,
    transparency,
    uid,
    zone_id,
    zone_offset_from,
    zone_offset_to,
    calendar_zone,  // X-WR-TIMEZONE
};

inline constexpr uint32_t no_index = UINT32_MAX;

struct Property {
    std::string_view parameters;  // as written: ";TZID=Europe/Paris;VALUE=DATE-TIME"
    std::string_view value;
    uint32_t next = no_index;  // of the same component
    PropertyName name;
};

struct Component {
    uint32_t parent = no_index;
    uint32_t calendar = no_index;  // the VCALENDAR it is in
    uint32_t first_property = no_index;
    uint32_t last_property = no_index;
    ComponentType type;
};

// The properties of one component, in the file's order, for a range-for.
class PropertyRange {
public:
    class Iterator {
    public:
        Iterator(const std::vector<Property>& all, uint32_t at) : all_(&all), at_(at) {}
        const Property& operator*() const { return (*all_)[at_]; }
        Iterator& operator++() {
            at_ = (*all_)[at_].next;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return at_ != other.at_; }

    private:
        const std::vector<Property>* all_;
        uint32_t at_;
    };

    PropertyRange(const std::vector<Property>& all, uint32_t first) : all_(&all), first_(first) {}
    Iterator begin() const { return {*all_, first_}; }
    Iterator end() const { return {*all_, no_index}; }

private:
    const std::vector<Property>* all_;
    uint32_t first_;
};

class ComponentTree {
public:
    const std::vector<Component>& components() const { return components_; }
    PropertyRange properties(const Component& component) const {
        return {properties_, component.first_property};
    }
    // The first of that name; null when there is none.
    const Property* find(const Component& component, PropertyName name) const;

private:
    friend class ComponentScanner;
    std::vector<Component> components_;
    std::vector<Property> properties_;
};

// Errors: not_a_calendar (no VCALENDAR, or cut off before its first component ended), too_large. The caller
// says what it found instead.
Result<ComponentTree> scan_components(std::string_view lines, WarningLog& warnings);

}  // namespace watchbill::ical
