#include "time/interval_set.h"

#include <algorithm>

namespace watchbill {

IntervalSet::IntervalSet(std::vector<Interval> intervals) {
    std::sort(intervals.begin(), intervals.end());
    for (const Interval& interval : intervals) {
        if (interval.empty()) continue;
        if (!intervals_.empty() && interval.start <= intervals_.back().end) {
            intervals_.back().end = std::max(intervals_.back().end, interval.end);
        } else {
            intervals_.push_back(interval);
        }
    }
}

void IntervalSet::add(Interval interval) {
    if (interval.empty()) return;
    // The run of intervals that touch the new one is replaced by their union.
    const auto first = std::lower_bound(intervals_.begin(), intervals_.end(), interval.start,
                                        [](const Interval& i, Instant start) { return i.end < start; });
    auto last = first;
    for (; last != intervals_.end() && last->start <= interval.end; ++last) {
        interval.start = std::min(interval.start, last->start);
        interval.end = std::max(interval.end, last->end);
    }
    intervals_.insert(intervals_.erase(first, last), interval);
}

bool IntervalSet::contains(Instant instant) const { return overlaps({instant, instant + Duration(1)}); }

bool IntervalSet::overlaps(const Interval& interval) const { return overlap_length(interval) > Duration(0); }

Duration IntervalSet::overlap_length(const Interval& interval) const {
    Duration total(0);
    auto it = std::upper_bound(intervals_.begin(), intervals_.end(), interval.start,
                               [](Instant start, const Interval& i) { return start < i.end; });
    for (; it != intervals_.end() && it->start < interval.end; ++it)
        total += intersection(*it, interval).length();
    return total;
}

}  // namespace watchbill
