// All components of one UID -> the instances that touch a window: which component wins, the overrides
// (RECURRENCE-ID), what "this and future" shifts, what is cancelled. RFC 5545 3.8.4.4, RFC 5546 2.1.5.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ical/event_times.h"

namespace watchbill::ical {

struct Instance {
    const Event& event;         // whose words it has
    const Event* master;        // of the series; null when the file lacks it
    std::string recurrence_id;  // as in Occurrence
    Placed placed;
};

using InstanceSink = std::function<void(const Instance&)>;

// `events`: in the file's order, one UID (or a single one without). Cancelled instances do not come out.
// Several without RECURRENCE-ID that differ in their start, not in SEQUENCE and DTSTAMP, are each an event,
// with a warning (generators that write one UID for all): losing an absence is worse than one too many.
void expand_series(const std::vector<const Event*>& events, const Interval& window, ReadContext& context,
                   const InstanceSink& sink);

}  // namespace watchbill::ical
