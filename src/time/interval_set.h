// A set of instants, kept as disjoint, sorted, non-empty, non-touching half-open intervals.
#pragma once

#include <vector>

#include "watchbill/time.h"

namespace watchbill {

class IntervalSet {
public:
    IntervalSet() = default;
    explicit IntervalSet(std::vector<Interval> intervals);  // any order, overlapping or empty ones welcome

    void add(Interval interval);
    bool contains(Instant instant) const;
    bool overlaps(const Interval& interval) const;
    Duration overlap_length(const Interval& interval) const;  // how much of `interval` the set covers
    bool empty() const { return intervals_.empty(); }
    const std::vector<Interval>& intervals() const { return intervals_; }
    bool operator==(const IntervalSet&) const = default;

private:
    std::vector<Interval> intervals_;
};

}  // namespace watchbill
