#include "ical/series.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "ical/recurrence_set.h"
#include "time/format.h"

namespace watchbill::ical {

namespace {

using std::chrono::days;
using Form = TimeValue::Form;

// Later versions of the same thing: a higher SEQUENCE, then a later DTSTAMP (RFC 5546 2.1.5).
auto version_of(const Event& event) { return std::pair(event.sequence, event.stamp); }

// An override in its place.
struct Override {
    SeriesKey key;
    const Event* event;
};

// A change from `key` on: instances move by `shift` on the master's clock and take its length and words.
struct FutureChange {
    SeriesKey key;
    const Event* event;
    EventTimes times;
    Duration shift{0};
};

std::string recurrence_id_of(SeriesKey key, bool is_date) {
    return is_date ? format_day(std::chrono::floor<days>(LocalTime(Duration(key))))
                   : format_instant(Instant(Duration(key)));
}

// Of each key the latest version; among equals the last in the file.
void keep_latest(std::vector<Override>& overrides) {
    std::stable_sort(overrides.begin(), overrides.end(), [](const Override& a, const Override& b) {
        return std::tuple(a.key, version_of(*a.event)) < std::tuple(b.key, version_of(*b.event));
    });
    std::vector<Override> latest;
    for (const Override& override : overrides) {
        if (!latest.empty() && latest.back().key == override.key) latest.pop_back();
        latest.push_back(override);
    }
    overrides = std::move(latest);
}

template <typename Keyed>
bool has_key(const std::vector<Keyed>& sorted, SeriesKey key) {
    const auto found =
        std::lower_bound(sorted.begin(), sorted.end(), key,
                         [](const Keyed& keyed, SeriesKey wanted) { return keyed.key < wanted; });
    return found != sorted.end() && found->key == key;
}

class Series {
public:
    Series(const Event& master, const Interval& window, ReadContext& context, const InstanceSink& sink)
        : master_(master),
          window_(window),
          context_(context),
          sink_(sink),
          times_(resolve_times(master, context)),
          keys_(master, times_, context),
          set_(master, times_, context) {}

    void expand(const std::vector<const Event*>& overrides) {
        place_overrides(overrides);
        for (const SeriesInstance& instance : set_.instances(range())) add_instance(instance);
        for (const Override& override : single_) add_override(override);
        for (const FutureChange& change : future_) {
            if (!has_key(single_, change.key)) add_override({change.key, change.event});
        }
    }

private:
    void place_overrides(const std::vector<const Event*>& overrides) {
        std::vector<Override> future;
        for (const Event* event : overrides) {
            if (!event->recurrence_id) {
                // Its place is unreadable, which was warned of; when it is can still be read.
                emit(*event, "", place(resolve_times(*event, context_), context_.reader_zone));
                continue;
            }
            if (event->recurs()) {
                context_.warnings.add("rule_on_override",
                                      label_of(context_.tree, *event) +
                                          " changes an instance and recurs itself; its own rule was ignored");
            }
            const SeriesKey key = keys_.of(*event->recurrence_id);
            (event->this_and_future ? future : single_).push_back({key, event});
        }
        keep_latest(single_);
        keep_latest(future);
        for (const Override& change : future) future_.push_back(future_change(change));
    }

    FutureChange future_change(const Override& override) {
        FutureChange change{override.key, override.event, resolve_times(*override.event, context_)};
        change.shift = wall_clock_of(change.times) - keys_.to_local(override.key);
        return change;
    }

    // A timed start by the master's clock, so that a shift of one hour stays one across daylight saving.
    LocalTime wall_clock_of(const EventTimes& times) const {
        if (times.all_day || times_.all_day) return times.start;
        return times_.zone.to_local(times.at);
    }

    // Local times of the unshifted instances that may end up in the window.
    LocalRange range() const {
        // Offsets are below a day, and a day may be an hour longer.
        constexpr Duration slack = days(2);
        const LocalTime window_start(window_.start.time_since_epoch() - slack);
        const LocalTime window_end(window_.end.time_since_epoch() + slack);
        LocalRange range{window_start - times_.longest(), window_end};
        for (size_t i = 0; i < future_.size(); ++i) {
            const FutureChange& change = future_[i];
            const LocalTime from(Duration(change.key) - slack);
            LocalTime to = window_end - change.shift;
            if (i + 1 < future_.size()) to = std::min(to, LocalTime(Duration(future_[i + 1].key) + slack));
            const LocalTime first = std::max(from, window_start - change.shift - change.times.longest());
            if (first >= to) continue;
            range.first = std::min(range.first, first);
            range.end = std::max(range.end, to);
        }
        return range;
    }

    void add_instance(const SeriesInstance& instance) {
        if (has_key(single_, instance.key) || has_key(future_, instance.key)) return;
        const auto later =
            std::upper_bound(future_.begin(), future_.end(), instance.key,
                             [](SeriesKey key, const FutureChange& change) { return key < change.key; });
        if (later == future_.begin()) {
            const Length length = instance.own_length.value_or(times_.length);
            const Placed placed = times_.all_day
                                      ? place_days(std::chrono::floor<days>(keys_.to_local(instance.key)),
                                                   length.nominal, context_.reader_zone)
                                      : place_timed(Instant(Duration(instance.key)), length, times_.zone);
            emit(master_, master_.recurs() ? recurrence_id_of(instance.key, times_.all_day) : "", placed);
            return;
        }
        add_shifted(instance, *std::prev(later));
    }

    void add_shifted(const SeriesInstance& instance, const FutureChange& change) {
        if (change.event->cancelled) return;
        const LocalTime start = keys_.to_local(instance.key) + change.shift;
        const Length length = change.times.length;
        const std::string id = recurrence_id_of(instance.key, times_.all_day);
        if (change.times.all_day) {
            emit(*change.event, id,
                 place_days(std::chrono::floor<days>(start), length.nominal, context_.reader_zone));
        } else {
            const EventZone& zone = times_.all_day ? change.times.zone : times_.zone;
            emit(*change.event, id, place_timed(zone.to_instant(start), length, zone));
        }
    }

    void add_override(const Override& override) {
        if (set_.excludes(override.key)) return;
        emit(*override.event, recurrence_id_of(override.key, times_.all_day),
             place(resolve_times(*override.event, context_), context_.reader_zone));
    }

    void emit(const Event& event, std::string recurrence_id, const Placed& placed) {
        if (event.cancelled || !placed.touches(window_)) return;
        sink_({event, &master_, std::move(recurrence_id), placed});
    }

    const Event& master_;
    const Interval& window_;
    ReadContext& context_;
    const InstanceSink& sink_;
    const EventTimes times_;
    const SeriesKeys keys_;
    RecurrenceSet set_;
    std::vector<Override> single_;      // by key
    std::vector<FutureChange> future_;  // by key
};

// Overrides whose master is not in the file: each stands for itself.
class Orphans {
public:
    Orphans(const Interval& window, ReadContext& context, const InstanceSink& sink)
        : window_(window), context_(context), sink_(sink) {}

    void expand(const std::vector<const Event*>& overrides) {
        std::vector<Override> placed;
        for (const Event* event : overrides) {
            if (!event->recurrence_id) {
                emit(*event, "");
                continue;
            }
            const TimeValue& id = *event->recurrence_id;
            const Duration wall = id.local.time_since_epoch();
            const Instant at = id.form == Form::date
                                   ? Instant(wall)
                                   : context_.zones.zone_of(id, *event).to_instant(id.local);
            placed.push_back({at.time_since_epoch().count(), event});
        }
        keep_latest(placed);
        for (const Override& override : placed) {
            const bool is_date = override.event->recurrence_id->form == Form::date;
            emit(*override.event, recurrence_id_of(override.key, is_date));
        }
    }

private:
    void emit(const Event& event, std::string recurrence_id) {
        if (event.cancelled) return;
        const Placed placed = place(resolve_times(event, context_), context_.reader_zone);
        if (placed.touches(window_)) sink_({event, nullptr, std::move(recurrence_id), placed});
    }

    const Interval& window_;
    ReadContext& context_;
    const InstanceSink& sink_;
};

// Where an event begins, to tell events from copies of one; not for placing it.
struct StartKey {
    bool is_date = false;
    int64_t at = 0;
    auto operator<=>(const StartKey&) const = default;
};

StartKey start_key_of(const Event& event, ReadContext& context) {
    if (!event.start) return {};
    if (event.start->form == Form::date) return {true, event.start->local.time_since_epoch().count()};
    const EventZone zone = context.zones.zone_of(*event.start, event);
    return {false, zone.to_instant(event.start->local).time_since_epoch().count()};
}

// Those of the highest SEQUENCE and, among these, of the latest DTSTAMP; one without a DTSTAMP says nothing
// of its age, and so is never the older one.
std::vector<const Event*> latest_of(const std::vector<const Event*>& masters) {
    std::vector<const Event*> latest;
    int sequence = masters.front()->sequence;
    for (const Event* event : masters) sequence = std::max(sequence, event->sequence);
    LocalTime stamp = LocalTime::min();
    for (const Event* event : masters) {
        if (event->sequence == sequence) stamp = std::max(stamp, event->stamp);
    }
    for (const Event* event : masters) {
        const bool has_no_stamp = event->stamp == LocalTime();
        if (event->sequence == sequence && (event->stamp == stamp || has_no_stamp)) latest.push_back(event);
    }
    return latest;
}

// The events that a UID stands for: one, but for generators that write one UID for all, whose events differ
// in nothing but their start and words. Of those with the same start the last in the file counts.
std::vector<const Event*> masters_of(const std::vector<const Event*>& candidates, ReadContext& context) {
    if (candidates.size() < 2) return candidates;
    std::vector<std::pair<StartKey, const Event*>> by_start;
    for (const Event* event : latest_of(candidates))
        by_start.emplace_back(start_key_of(*event, context), event);
    std::stable_sort(by_start.begin(), by_start.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const Event*> masters;
    for (size_t i = 0; i < by_start.size(); ++i) {
        const bool is_last = i + 1 == by_start.size() || by_start[i].first != by_start[i + 1].first;
        if (is_last) masters.push_back(by_start[i].second);
    }
    // A cancellation without a start ends all that its UID stands for.
    const auto ends_all = std::find_if(masters.begin(), masters.end(),
                                       [](const Event* event) { return event->cancelled && !event->start; });
    if (ends_all != masters.end()) masters = {*ends_all};
    if (masters.size() < candidates.size()) {
        context.warnings.add("duplicate_event",
                             label_of(context.tree, *masters.front()) +
                                 " is in the file more than once; the latest version counts");
    }
    if (masters.size() > 1) {
        context.warnings.add("shared_uid",
                             label_of(context.tree, *masters.front()) + " shares its UID with " +
                                 std::to_string(masters.size() - 1) +
                                 " of another start and the same version; each was read as an event "
                                 "of its own");
    }
    return masters;
}

// Gives each override to the event of a shared UID whose instance it changes.
class OverrideSorter {
public:
    OverrideSorter(const std::vector<const Event*>& masters, ReadContext& context)
        : context_{context.tree, context.reader_zone, context.zones, context.budget, unsaid_} {
        for (const Event* master : masters) {
            if (master->start) series_.push_back(std::make_unique<Candidate>(*master, context_));
        }
    }

    // Null: of none.
    const Event* master_of(const Event& override) {
        if (!override.recurrence_id) return nullptr;
        context_.budget.begin_event();
        for (const auto& candidate : series_) {
            // Bounds the number of pairs.
            constexpr int64_t one_look = 10;
            if (!context_.budget.spend(one_look)) return nullptr;
            if (candidate->has(*override.recurrence_id)) return &candidate->master;
        }
        return nullptr;
    }

private:
    struct Candidate {
        Candidate(const Event& event, ReadContext& context)
            : master(event),
              times(resolve_times(event, context)),
              keys(event, times, context),
              set(event, times, context) {}

        // Also one that an EXDATE takes out, which then takes out the override.
        bool has(const TimeValue& recurrence_id) {
            const SeriesKey key = keys.of(recurrence_id);
            if (!master.recurs()) return key == keys.of_local(times.start);
            const LocalTime local = keys.to_local(key);
            const auto found = set.instances({local, local + Duration(1)});
            return set.excludes(key) ||
                   std::any_of(found.begin(), found.end(),
                               [key](const SeriesInstance& instance) { return instance.key == key; });
        }

        const Event& master;
        const EventTimes times;
        const SeriesKeys keys;
        RecurrenceSet set;
    };

    WarningLog unsaid_;  // what the series' own reading says again
    ReadContext context_;
    std::vector<std::unique_ptr<Candidate>> series_;
};

void expand_master(const Event& master, const std::vector<const Event*>& overrides, const Interval& window,
                   ReadContext& context, const InstanceSink& sink) {
    if (master.cancelled) return;  // the whole series
    if (overrides.empty() && !master.recurs() && surely_outside(master, window)) return;
    context.budget.begin_event();
    Series(master, window, context, sink).expand(overrides);
}

}  // namespace

void expand_series(const std::vector<const Event*>& events, const Interval& window, ReadContext& context,
                   const InstanceSink& sink) {
    std::vector<const Event*> candidates;
    std::vector<const Event*> overrides;
    for (const Event* event : events) (event->is_override ? overrides : candidates).push_back(event);
    const std::vector<const Event*> masters = masters_of(candidates, context);
    if (masters.empty()) {
        Orphans(window, context, sink).expand(overrides);
        return;
    }
    if (masters.size() == 1 || overrides.empty()) {
        for (const Event* master : masters) expand_master(*master, overrides, window, context, sink);
        return;
    }
    std::map<const Event*, std::vector<const Event*>> by_master;
    OverrideSorter sorter(masters, context);
    for (const Event* override : overrides) by_master[sorter.master_of(*override)].push_back(override);
    for (const Event* master : masters) expand_master(*master, by_master[master], window, context, sink);
    Orphans(window, context, sink).expand(by_master[nullptr]);
}

}  // namespace watchbill::ical
