#include "ical/event_times.h"

#include <algorithm>

namespace watchbill::ical {

namespace {

using std::chrono::days;
using Form = TimeValue::Form;

// Outlook marks all-day events that it writes as times; in UTC they are midnights of the calendar's zone, or
// of UTC itself.
LocalTime wall_clock(const TimeValue& value, const Event& event, ReadContext& context) {
    if (value.form != Form::utc) return value.local;
    const LocalTime local =
        context.zones.floating_zone(event.calendar).to_local(Instant(value.local.time_since_epoch()));
    const bool is_midnight = local == LocalTime(std::chrono::floor<days>(local));
    return !is_midnight && value.is_midnight() ? value.local : local;
}

bool is_all_day(const Event& event, const TimeValue& start) {
    if (start.form == Form::date || event.marked_all_day) return true;
    if (start.form != Form::floating || !start.is_midnight()) return false;
    if (event.end) {
        return event.end->form == Form::floating && event.end->is_midnight() &&
               event.end->local > start.local;
    }
    if (!event.duration) return false;
    const Duration length = event.duration->nominal + event.duration->exact;
    return length > Duration(0) && length % days(1) == Duration(0);
}

void warn_of_negative_length(const Event& event, ReadContext& context) {
    context.warnings.add("end_before_start", label_of(context.tree, event) +
                                                 " ends before it starts; it was read as having no length");
}

days all_day_length(const Event& event, Day first, ReadContext& context) {
    Duration length = days(1);
    if (event.end) {
        length = wall_clock(*event.end, event, context) - LocalTime(first);
    } else if (event.duration) {
        length = event.duration->nominal + event.duration->exact;
    }
    if (length < Duration(0)) {
        warn_of_negative_length(event, context);
        return days(0);
    }
    // Some write the last day as DTEND; no day at all is not what they mean.
    return std::max(days(1), std::chrono::ceil<days>(length));
}

// DTEND's place: a date or a floating end of a start with a zone is in the start's.
Instant end_instant(const Event& event, const EventTimes& times, const TimeValue& start,
                    ReadContext& context) {
    const TimeValue& end = *event.end;
    const bool own_zone = end.form == Form::utc || end.form == Form::zoned;
    const bool same_zone = end.form == start.form && end.zone == start.zone;
    if (!own_zone || same_zone) return times.zone.to_instant(end.local);
    return context.zones.zone_of(end, event).to_instant(end.local);
}

Length timed_length(const Event& event, const EventTimes& times, const TimeValue& start,
                    ReadContext& context) {
    if (event.end) {
        const Duration exact = end_instant(event, times, start, context) - times.at;
        if (exact >= Duration(0)) return {days(0), exact};
        // A start inside a spring gap moves on by an hour, perhaps past its own end.
        const bool same_clock = event.end->form == start.form && event.end->zone == start.zone;
        if (same_clock && event.end->local >= start.local) return {days(0), event.end->local - start.local};
    } else if (!event.duration || !event.duration->is_negative()) {
        return event.duration.value_or(Length{});
    }
    warn_of_negative_length(event, context);
    return {};
}

}  // namespace

EventTimes resolve_times(const Event& event, ReadContext& context) {
    const TimeValue start = event.start ? *event.start : *event.recurrence_id;
    if (is_all_day(event, start)) {
        const Day first = date_of(start, event, context);
        const days length = all_day_length(event, first, context);
        return {true, context.reader_zone, LocalTime(first), Instant(), {length, Duration(0)}};
    }
    const EventZone zone = context.zones.zone_of(start, event);
    EventTimes times{false, zone, start.local, zone.to_instant(start.local), {}};
    times.length = timed_length(event, times, start, context);
    return times;
}

Day date_of(const TimeValue& value, const Event& event, ReadContext& context) {
    if (value.form == Form::utc && value.is_midnight() && !event.marked_all_day) return value.day();
    return std::chrono::floor<days>(wall_clock(value, event, context));
}

bool Placed::touches(const Interval& window) const {
    if (when.empty()) return window.contains(when.start);
    return when.overlaps(window);
}

Placed place_days(Day first, days length, const Zone& reader_zone) {
    const DaySpan span{first, first + length};
    return {reader_zone.interval_of(span), span};
}

Placed place_timed(Instant start, const Length& length, const EventZone& zone) {
    Instant end = start;
    if (length.nominal != days(0)) end = zone.to_instant(zone.to_local(start) + length.nominal);
    return {{start, std::max(start, end + length.exact)}, std::nullopt};
}

Placed place(const EventTimes& times, const Zone& reader_zone) {
    if (!times.all_day) return place_timed(times.at, times.length, times.zone);
    return place_days(std::chrono::floor<days>(times.start), times.length.nominal, reader_zone);
}

bool surely_outside(const Event& event, const Interval& window) {
    if (!event.start) return false;
    // Offsets are below a day; an all-day event may say no end and last one.
    constexpr Duration slack = days(3);
    const Duration start = event.start->local.time_since_epoch();
    Duration end = event.end ? event.end->local.time_since_epoch() : start;
    if (event.duration) end = std::max(end, start + event.duration->nominal + event.duration->exact);
    return start - slack >= window.end.time_since_epoch() ||
           std::max(start, end) + slack < window.start.time_since_epoch();
}

}  // namespace watchbill::ical
