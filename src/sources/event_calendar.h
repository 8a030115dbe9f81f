// A CalDAV collection to put events into, behind the port.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sources/http_source.h"
#include "watchbill/event_calendar.h"
#include "watchbill/team.h"

namespace watchbill {

// Asks nothing yet. Where `options` name no CA file, the environment's SSL_CERT_FILE is used.
std::unique_ptr<EventCalendar> make_event_calendar(CalendarRef calendar, HttpOptions options = {});

// The last part of the path of an event's resource: the UID with anything but [A-Za-z0-9_-] and inner dots
// written as "=XX", and ".ics". No two UIDs make the same. Nothing for an empty UID and for one whose name
// would be longer than file systems take, on which servers keep their resources.
std::optional<std::string> resource_name(std::string_view uid);

// Whether a list of compliance classes (RFC 4918 10.1) has that one.
bool has_dav_class(std::string_view classes, std::string_view wanted);

}  // namespace watchbill
