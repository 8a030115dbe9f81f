// The instances that one event's RRULE, RDATE, EXRULE and EXDATE give, before any override (RFC 5545 3.8.5).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ical/event_times.h"

namespace watchbill::ical {

// An instance's place in its series: seconds since 1970, of the instant for timed events, of the local
// midnight for all-day ones. Two places are the same instance exactly when they are equal.
using SeriesKey = int64_t;

// How the keys of a series are made. Holds references; short-lived.
class SeriesKeys {
public:
    SeriesKeys(const Event& master, const EventTimes& times, ReadContext& context)
        : master_(master), times_(times), context_(context) {}

    // Of a RECURRENCE-ID, EXDATE or RDATE of any value type. A date means the instance of that local day at
    // the master's time; a floating time is told by the master's clock.
    SeriesKey of(const TimeValue& value) const;
    SeriesKey of_local(LocalTime local) const;  // in the master's zone
    LocalTime to_local(SeriesKey key) const;

private:
    const Event& master_;
    const EventTimes& times_;
    ReadContext& context_;
};

struct SeriesInstance {
    SeriesKey key;
    std::optional<Length> own_length;  // RDATE;VALUE=PERIOD
};

class RecurrenceSet {
public:
    RecurrenceSet(const Event& master, const EventTimes& times, ReadContext& context);

    // Those whose local time lies in `range`, in order, each once, without the excluded.
    std::vector<SeriesInstance> instances(const LocalRange& range);
    bool excludes(SeriesKey key) const;

private:
    void read_exceptions();
    void add_rules(const LocalRange& range, std::vector<SeriesInstance>& found);
    void add_dates(const LocalRange& range, std::vector<SeriesInstance>& found);
    void add_date(const Property& property, std::string_view text, std::vector<SeriesInstance>& found);
    void exclude_rules(const LocalRange& range);
    // False when the rule cannot be used and was warned of.
    bool expand_rule(std::string_view text, const LocalRange& range, std::vector<SeriesKey>& keys);
    bool refuse(const Rule& rule);
    void warn(const char* code, const std::string& what);

    const Event& master_;
    const EventTimes& times_;
    ReadContext& context_;
    SeriesKeys keys_;
    std::vector<SeriesKey> excluded_keys_;  // sorted
    std::vector<Day> excluded_days_;        // sorted; of timed events
};

}  // namespace watchbill::ical
