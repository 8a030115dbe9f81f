// One VEVENT (or AVAILABLE) as it stands in the file: its times not yet resolved, its words not yet read.
// Views point into the scanned lines.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ical/component_scan.h"
#include "ical/values.h"
#include "ical/warning_log.h"
#include "watchbill/occurrence.h"

namespace watchbill::ical {

struct Event {
    uint32_t component = no_index;
    uint32_t calendar = no_index;
    std::string_view uid;
    std::optional<TimeValue> start;
    std::optional<TimeValue> end;
    std::optional<Length> duration;
    std::optional<TimeValue> recurrence_id;
    LocalTime stamp;
    int sequence = 0;
    bool is_override = false;  // has a RECURRENCE-ID, readable or not
    bool this_and_future = false;
    bool has_rule = false;        // RRULE
    bool has_dates = false;       // RDATE
    bool has_exceptions = false;  // EXDATE or EXRULE
    bool cancelled = false;
    bool marked_all_day = false;  // X-MICROSOFT-CDO-ALLDAYEVENT

    bool recurs() const { return has_rule || has_dates; }
};

// Whatever the component says, a start or not. `cancels`: METHOD:CANCEL of its calendar.
Event read_component(const ComponentTree& tree, uint32_t component, bool cancels, WarningLog& warnings);
// Nothing, with a warning, when it says no usable time.
std::optional<Event> read_event(const ComponentTree& tree, uint32_t component, bool cancels,
                                WarningLog& warnings);

std::string label_of(const ComponentTree& tree, const Event& event);

// The words of an event, for those that come out. `master` lends its summary to an override without one.
std::shared_ptr<const EventDetails> read_details(const ComponentTree& tree, const Event& event,
                                                 const Event* master, WarningLog& warnings);

// The words of FBTYPE and BUSYTYPE; what is unknown counts as `unknown` (RFC 5545 3.2.9, RFC 7953 3.2).
BusyStatus busy_status_of_type(std::string_view type, BusyStatus unknown);

// Whose ATTENDEE or ORGANIZER it is; nothing where that is no mail address.
std::optional<MemberId> read_calendar_user(std::string_view parameters, std::string_view value);
ParticipationStatus read_participation(std::string_view parameters);  // PARTSTAT

// TEXT of the component with that UID as clean, bounded UTF-8.
std::string read_text(std::string_view value, std::string_view uid, WarningLog& warnings);

}  // namespace watchbill::ical
