#include "ical/component_scan.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <utility>

#include "ical/limits.h"
#include "ical/values.h"

namespace watchbill::ical {

namespace {

template <typename Value, size_t N>
using NameTable = std::array<std::pair<std::string_view, Value>, N>;

constexpr NameTable<ComponentType, 8> component_names{{
    {"VCALENDAR", ComponentType::calendar},
    {"VEVENT", ComponentType::event},
    {"VFREEBUSY", ComponentType::free_busy},
    {"VAVAILABILITY", ComponentType::availability},
    {"AVAILABLE", ComponentType::available},
    {"VTIMEZONE", ComponentType::time_zone},
    {"STANDARD", ComponentType::standard},
    {"DAYLIGHT", ComponentType::daylight},
}};

// By length, then the most frequent first: a name is compared with the few of its own length.
constexpr NameTable<PropertyName, 28> property_names{{
    {"UID", PropertyName::uid},
    {"TZID", PropertyName::zone_id},
    {"RRULE", PropertyName::rule},
    {"RDATE", PropertyName::recurrence_dates},
    {"DTEND", PropertyName::date_end},
    {"DTSTAMP", PropertyName::stamp},
    {"DTSTART", PropertyName::date_start},
    {"SUMMARY", PropertyName::summary},
    {"STATUS", PropertyName::status},
    {"TRANSP", PropertyName::transparency},
    {"EXDATE", PropertyName::exception_dates},
    {"EXRULE", PropertyName::exception_rule},
    {"METHOD", PropertyName::method},
    {"ATTENDEE", PropertyName::attendee},
    {"SEQUENCE", PropertyName::sequence},
    {"DURATION", PropertyName::duration},
    {"FREEBUSY", PropertyName::free_busy},
    {"BUSYTYPE", PropertyName::busy_type},
    {"PRIORITY", PropertyName::priority},
    {"ORGANIZER", PropertyName::organizer},
    {"CATEGORIES", PropertyName::categories},
    {"TZOFFSETTO", PropertyName::zone_offset_to},
    {"TZOFFSETFROM", PropertyName::zone_offset_from},
    {"LAST-MODIFIED", PropertyName::last_modified},
    {"RECURRENCE-ID", PropertyName::recurrence_id},
    {"X-WR-TIMEZONE", PropertyName::calendar_zone},
    {"X-MICROSOFT-CDO-BUSYSTATUS", PropertyName::busy_status},
    {"X-MICROSOFT-CDO-ALLDAYEVENT", PropertyName::all_day_mark},
}};

template <typename Value, size_t N>
const Value* look_up(const NameTable<Value, N>& table, std::string_view name) {
    for (const auto& [known, value] : table) {
        if (known.size() == name.size() && equal_ignoring_case(known, name)) return &value;
    }
    return nullptr;
}

bool holds_time(PropertyName name) {
    switch (name) {
        case PropertyName::date_start:
        case PropertyName::date_end:
        case PropertyName::exception_dates:
        case PropertyName::recurrence_dates:
        case PropertyName::recurrence_id: return true;
        default: return false;
    }
}

// Where ":" parts parameters and value. No time holds a colon, but a TZID written without quotes may
// ("(UTC+01:00) Amsterdam, Berlin"): there the last one counts.
size_t value_colon(std::string_view rest, PropertyName name) {
    if (holds_time(name)) return rest.rfind(':');
    bool inside_quotes = false;
    for (size_t at = 0; at < rest.size(); ++at) {
        if (rest[at] == '"') inside_quotes = !inside_quotes;
        if (rest[at] == ':' && !inside_quotes) return at;
    }
    return rest.find(':');  // a quote that nobody closed
}

// May only stand directly in a VCALENDAR: inside anything else, an END is missing before it.
bool is_top_level(ComponentType type) {
    return type == ComponentType::event || type == ComponentType::free_busy ||
           type == ComponentType::availability || type == ComponentType::time_zone;
}

}  // namespace

const Property* ComponentTree::find(const Component& component, PropertyName name) const {
    for (const Property& property : properties(component)) {
        if (property.name == name) return &property;
    }
    return nullptr;
}

class ComponentScanner {
public:
    explicit ComponentScanner(WarningLog& warnings) : warnings_(warnings) {}

    Result<ComponentTree> scan(std::string_view lines) {
        while (!lines.empty()) {
            const size_t end = lines.find('\n');
            std::string_view line = lines.substr(0, end);
            lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
            if (auto read = add_line(line); !read) return tl::unexpected(std::move(read.error()));
        }
        return finish();
    }

private:
    struct Open {
        std::string_view name;
        uint32_t component;  // no_index for what is not kept
        ComponentType type;
        bool implied = false;  // never begun, so no END is missing
    };

    Result<void> add_line(std::string_view line) {
        const size_t name_end = line.find_first_of(":;");
        if (name_end == std::string_view::npos) {
            outside_calendar_ |= open_.empty() && !trimmed(line).empty();
            return {};
        }
        const std::string_view name = line.substr(0, name_end);
        if (line[name_end] == ':') {
            if (equal_ignoring_case(name, "BEGIN")) return begin(trimmed(line.substr(name_end + 1)));
            if (equal_ignoring_case(name, "END")) return end(trimmed(line.substr(name_end + 1)));
        }
        if (open_.empty()) {
            outside_calendar_ = true;
            return {};
        }
        if (open_.back().component == no_index) return {};
        return add_property(name, line.substr(name_end));
    }

    Result<void> begin(std::string_view name) {
        const ComponentType* known = look_up(component_names, name);
        const ComponentType type = known != nullptr ? *known : ComponentType::other;
        if (type == ComponentType::calendar) {
            close_down_to(0);
        } else if (open_.empty()) {
            outside_calendar_ = true;
            if (!is_top_level(type)) return {};
            ++without_calendar_;
            if (auto opened = push("VCALENDAR", ComponentType::calendar); !opened) return opened;
            open_.back().implied = true;
        } else if (is_top_level(type)) {
            close_down_to(1);
        }
        return push(name, type);
    }

    Result<void> push(std::string_view name, ComponentType type) {
        if (open_.size() >= limits::nesting_depth) {
            return fail(ErrorCode::too_large, "the calendar nests components more than " +
                                                  std::to_string(limits::nesting_depth) +
                                                  " deep, which no calendar program writes; export it again");
        }
        uint32_t index = no_index;
        if (type != ComponentType::other) {
            if (tree_.components_.size() >= limits::components) {
                return fail(ErrorCode::too_large, "the calendar has more than " +
                                                      std::to_string(limits::components) +
                                                      " components; export fewer months or split it");
            }
            index = static_cast<uint32_t>(tree_.components_.size());
            Component component{.type = type};
            component.parent = open_.empty() ? no_index : open_.back().component;
            component.calendar = type == ComponentType::calendar ? index : open_.front().component;
            tree_.components_.push_back(component);
        }
        open_.push_back({name, index, type, false});
        return {};
    }

    Result<void> end(std::string_view name) {
        const auto match = std::find_if(open_.rbegin(), open_.rend(), [name](const Open& open) {
            return equal_ignoring_case(open.name, name);
        });
        if (match == open_.rend()) {
            ++stray_ends_;
            return {};
        }
        const auto depth = static_cast<size_t>(std::distance(match, open_.rend()));
        close_down_to(depth);
        complete_components_ += open_.size() == 2 && open_.back().type != ComponentType::time_zone ? 1U : 0U;
        open_.pop_back();
        return {};
    }

    // What is open deeper than `depth` lacks its END.
    void close_down_to(size_t depth) {
        for (; open_.size() > depth; open_.pop_back()) {
            if (open_.back().implied) continue;
            ++missing_ends_;
            if (first_missing_end_.empty()) first_missing_end_ = describe(open_.back());
        }
    }

    std::string describe(const Open& open) const {
        if (open.type != ComponentType::event) return quoted(open.name);
        const Component& component = tree_.components_[open.component];
        const Property* uid = tree_.find(component, PropertyName::uid);
        const Property* start = tree_.find(component, PropertyName::date_start);
        return event_label(uid != nullptr ? uid->value : "", start != nullptr ? start->value : "");
    }

    // `rest` is everything after the name: parameters, ":" and value.
    Result<void> add_property(std::string_view name, std::string_view rest) {
        const PropertyName* known = look_up(property_names, name);
        if (known == nullptr) return {};
        const size_t colon = value_colon(rest, *known);
        if (colon == std::string_view::npos) return {};
        if (tree_.properties_.size() >= limits::properties) {
            return fail(ErrorCode::too_large, "the calendar has more than " +
                                                  std::to_string(limits::properties) +
                                                  " properties; export fewer months or split it");
        }
        const auto index = static_cast<uint32_t>(tree_.properties_.size());
        tree_.properties_.push_back(
            {rest.substr(0, colon), trimmed(rest.substr(colon + 1)), no_index, *known});
        Component& component = tree_.components_[open_.back().component];
        if (component.first_property == no_index) component.first_property = index;
        if (component.last_property != no_index) tree_.properties_[component.last_property].next = index;
        component.last_property = index;
        return {};
    }

    Result<ComponentTree> finish() {
        const bool cut_off = !open_.empty() && !open_.back().implied;
        close_down_to(0);
        if (tree_.components_.empty()) return fail(ErrorCode::not_a_calendar, "there is no BEGIN:VCALENDAR");
        if (cut_off && complete_components_ == 0) {
            return fail(ErrorCode::not_a_calendar,
                        "the calendar is cut off before its first event ends; fetch it again");
        }
        if (cut_off) {
            warnings_.add("cut_off", "the calendar ends in the middle of " + first_missing_end_ +
                                         "; what came before was read, fetch it again for the rest");
        } else if (missing_ends_ > 0) {
            warnings_.add("missing_end", std::to_string(missing_ends_) +
                                             " END lines are missing, the first for " + first_missing_end_ +
                                             "; it was taken to end where the next begins");
        }
        if (stray_ends_ > 0) {
            warnings_.add("stray_end",
                          std::to_string(stray_ends_) + " END lines have no BEGIN; they were ignored");
        }
        if (without_calendar_ > 0) {
            warnings_.add("missing_begin",
                          "there are components outside of BEGIN:VCALENDAR and "
                          "END:VCALENDAR; they were read as one calendar");
        } else if (outside_calendar_) {
            warnings_.add("text_outside_calendar",
                          "there is text outside of BEGIN:VCALENDAR and END:VCALENDAR; it was ignored");
        }
        return std::move(tree_);
    }

    WarningLog& warnings_;
    ComponentTree tree_;
    std::vector<Open> open_;
    size_t complete_components_ = 0;  // events and their like, directly in a calendar
    size_t missing_ends_ = 0;
    size_t stray_ends_ = 0;
    size_t without_calendar_ = 0;
    bool outside_calendar_ = false;
    std::string first_missing_end_;
};

Result<ComponentTree> scan_components(std::string_view lines, WarningLog& warnings) {
    return ComponentScanner(warnings).scan(lines);
}

}  // namespace watchbill::ical
