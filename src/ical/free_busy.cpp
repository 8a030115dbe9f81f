#include "ical/free_busy.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "ical/decode.h"
#include "ical/limits.h"
#include "ical/series.h"
#include "time/interval_set.h"

namespace watchbill::ical {

namespace {

using Details = std::shared_ptr<const EventDetails>;

Details make_details(const Event& event, ComponentKind kind, BusyStatus status, ReadContext& context) {
    EventDetails details;
    details.uid = printable_text(event.uid).text;
    details.component = kind;
    details.busy_status = status;
    const Component& component = context.tree.components()[event.component];
    const Property* summary = context.tree.find(component, PropertyName::summary);
    if (summary != nullptr) details.summary = read_text(summary->value, event.uid, context.warnings);
    return std::make_shared<const EventDetails>(std::move(details));
}

void add_if_touching(const Details& details, const Interval& when, const Interval& window,
                     std::vector<Occurrence>& occurrences) {
    const Placed placed{when, std::nullopt};
    if (placed.touches(window)) occurrences.push_back({details, "", when, std::nullopt});
}

// The words of one VFREEBUSY's periods, made once for each FBTYPE in it.
class PeriodDetails {
public:
    PeriodDetails(const Event& event, ReadContext& context) : event_(event), context_(context) {}

    const Details& of(BusyStatus status) {
        Details& details = by_status_.at(static_cast<size_t>(status));
        if (!details) details = make_details(event_, ComponentKind::free_busy, status, context_);
        return details;
    }

private:
    const Event& event_;
    ReadContext& context_;
    std::array<Details, static_cast<size_t>(BusyStatus::working_elsewhere) + 1> by_status_;
};

Instant instant_of(const TimeValue& time, const Event& event, ReadContext& context) {
    return context.zones.zone_of(time, event).to_instant(time.local);
}

// A VAVAILABILITY: busy all the time between its bounds, its AVAILABLE parts aside.
struct Availability {
    Interval span;
    int priority;  // 1 to 10, 10 the lowest
    std::vector<Interval> busy;
    Details details;
};

// How far from the window AVAILABLE times are worked out, so that gaps keep their true ends.
constexpr Duration reach = std::chrono::days(366);

Interval span_of(const Event& event, const Interval& near, ReadContext& context) {
    if (!event.start) return near;
    const Interval whole = place(resolve_times(event, context), context.reader_zone).when;
    const bool has_end = event.end || event.duration;
    return {std::max(whole.start, near.start), has_end ? std::min(whole.end, near.end) : near.end};
}

std::vector<Interval> available_times(const Event& availability, const Interval& span, ReadContext& context) {
    std::vector<Event> parts;
    const auto& components = context.tree.components();
    for (size_t at = size_t{availability.component} + 1; at < components.size(); ++at) {
        if (components[at].parent != availability.component) break;
        if (components[at].type != ComponentType::available) continue;
        auto event = read_event(context.tree, static_cast<uint32_t>(at), false, context.warnings);
        if (event) parts.push_back(*event);
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Event& a, const Event& b) { return a.uid < b.uid; });
    std::vector<Interval> times;
    const InstanceSink sink = [&times](const Instance& instance) { times.push_back(instance.placed.when); };
    for (auto first = parts.begin(); first != parts.end();) {
        const auto end =
            first->uid.empty() ? std::next(first) : std::find_if(first, parts.end(), [&](const Event& event) {
                return event.uid != first->uid;
            });
        std::vector<const Event*> group;
        for (; first != end; ++first) group.push_back(&*first);
        expand_series(group, span, context, sink);
        if (times.size() > limits::available_times) {
            context.warnings.add("too_many_instances", label_of(context.tree, availability) +
                                                           " has more AVAILABLE times than can be read; the "
                                                           "rest was ignored");
            break;
        }
    }
    return times;
}

// The parts of `interval` outside of `set`.
void add_difference(const Interval& interval, const IntervalSet& set, std::vector<Interval>& parts) {
    Instant at = interval.start;
    const auto& intervals = set.intervals();
    auto next = std::partition_point(intervals.begin(), intervals.end(),
                                     [&](const Interval& other) { return other.end <= interval.start; });
    for (; next != intervals.end() && next->start < interval.end; ++next) {
        if (at < next->start) parts.push_back({at, next->start});
        at = std::max(at, next->end);
    }
    if (at < interval.end) parts.push_back({at, interval.end});
}

std::optional<Availability> read_availability(uint32_t component, const Interval& window,
                                              ReadContext& context) {
    const Event event = read_component(context.tree, component, false, context.warnings);
    const Component& source = context.tree.components()[component];
    const Property* type = context.tree.find(source, PropertyName::busy_type);
    const Property* priority = context.tree.find(source, PropertyName::priority);
    const BusyStatus status =
        busy_status_of_type(type != nullptr ? type->value : "", BusyStatus::out_of_office);

    Availability availability;
    const Interval near{window.start - reach, window.end + reach};
    availability.span = span_of(event, near, context);
    if (availability.span.end <= availability.span.start) return std::nullopt;
    const int stated = priority != nullptr ? parse_integer(priority->value).value_or(0) : 0;
    availability.priority = stated >= 1 && stated <= 9 ? stated : 10;
    const IntervalSet available(available_times(event, availability.span, context));
    add_difference(availability.span, available, availability.busy);
    for (Interval& busy : availability.busy) {
        if (!busy.overlaps(window)) continue;
        if (busy.start == near.start) busy.start = window.start;
        if (busy.end == near.end) busy.end = window.end;
    }
    availability.details = make_details(event, ComponentKind::availability, status, context);
    return availability;
}

}  // namespace

void read_free_busy(uint32_t component, const Interval& window, ReadContext& context,
                    std::vector<Occurrence>& occurrences) {
    const Event event = read_component(context.tree, component, false, context.warnings);
    PeriodDetails details(event, context);
    for (const Property& property : context.tree.properties(context.tree.components()[component])) {
        if (property.name != PropertyName::free_busy) continue;
        const auto type = find_parameter(property.parameters, "FBTYPE");
        const BusyStatus status = busy_status_of_type(type.value_or(""), BusyStatus::busy);
        std::string_view rest = property.value;
        while (!rest.empty()) {
            const std::string_view item = next_item(rest, ',');
            if (item.empty()) continue;
            const auto period = parse_period(item, property.parameters);
            if (!period) {
                context.warnings.add("bad_period", label_of(context.tree, event) + " has the period " +
                                                       quoted(item) + ", which is none and was ignored");
                continue;
            }
            const Instant start = instant_of(period->start, event, context);
            const Duration length = period->length.nominal + period->length.exact;
            const Instant end = period->end ? instant_of(*period->end, event, context) : start + length;
            add_if_touching(details.of(status), {start, std::max(start, end)}, window, occurrences);
        }
    }
}

void read_availabilities(const std::vector<uint32_t>& components, const Interval& window,
                         ReadContext& context, std::vector<Occurrence>& occurrences) {
    std::vector<Availability> availabilities;
    for (const uint32_t component : components) {
        if (availabilities.size() >= limits::availabilities) {
            context.warnings.add("too_many_availabilities",
                                 "the calendar has more than " + std::to_string(limits::availabilities) +
                                     " VAVAILABILITY components; the rest was ignored");
            break;
        }
        if (auto availability = read_availability(component, window, context)) {
            availabilities.push_back(std::move(*availability));
        }
    }
    for (const Availability& availability : availabilities) {
        std::vector<Interval> decided;  // by those that matter more
        for (const Availability& other : availabilities) {
            if (other.priority < availability.priority) decided.push_back(other.span);
        }
        const IntervalSet decided_set(std::move(decided));
        std::vector<Interval> parts;
        for (const Interval& busy : availability.busy) add_difference(busy, decided_set, parts);
        for (const Interval& part : parts) {
            add_if_touching(availability.details, part, window, occurrences);
        }
    }
}

}  // namespace watchbill::ical
