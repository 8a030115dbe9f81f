// Components that say when somebody is busy without being events: VFREEBUSY (RFC 5545 3.6.4) and
// VAVAILABILITY (RFC 7953). Their occurrences have no summary and never recur.
#pragma once

#include <cstdint>
#include <vector>

#include "ical/event_times.h"
#include "watchbill/occurrence.h"

namespace watchbill::ical {

// One occurrence for each period that touches the window, free ones too.
void read_free_busy(uint32_t component, const Interval& window, ReadContext& context,
                    std::vector<Occurrence>& occurrences);

// What the components do not leave AVAILABLE. Where they overlap, a higher priority decides (1 is the
// highest, 0 or none the lowest). A side without bound, or one more than a year away from the window, ends at
// the window.
void read_availabilities(const std::vector<uint32_t>& components, const Interval& window,
                         ReadContext& context, std::vector<Occurrence>& occurrences);

}  // namespace watchbill::ical
