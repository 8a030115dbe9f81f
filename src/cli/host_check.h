// What only this machine can tell about a configuration: whether the secret and the database can be used, and
// whether each calendar can be read. Changes nothing on it.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "watchbill/event_calendar.h"
#include "watchbill/occurrence.h"
#include "watchbill/ports.h"

namespace watchbill::cli {

std::vector<Problem> check_server(const ConfiguredServer& server);

struct CalendarCheck {
    ConfiguredCalendar configured;
    Result<CalendarReading> reading;  // of the window that was asked for
};

// All of them, several at a time, in the order given. Blocks as long as the slowest source.
std::vector<CalendarCheck> check_calendars(const std::vector<ConfiguredCalendar>& calendars,
                                           CalendarSource& source, Interval window);
// Of a CalDAV collection that events are put into.
struct CollectionCheck {
    ConfiguredCollection configured;
    Result<CalendarAbilities> abilities;
};

// All of them, several at a time, in the order given. Blocks as long as the slowest server.
std::vector<CollectionCheck> check_collections(const std::vector<ConfiguredCollection>& collections);
// One error for a collection that cannot be used.
std::vector<Problem> problems_of(const CollectionCheck& check);

// One error for a calendar that cannot be read, one warning for each of its warnings.
std::vector<Problem> problems_of(const CalendarCheck& check);

}  // namespace watchbill::cli
