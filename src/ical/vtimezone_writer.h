// A zone's changes as a VTIMEZONE (RFC 5545 3.6.5), taken from tzdata through Zone::period_at.
//
// Why not a clone of libical's: truncated to a window, libical 3.0.16 writes both halves of Europe/Dublin's
// year as STANDARD, and Outlook takes a zone without DAYLIGHT for one that never changes (MS-OXCICAL
// 2.1.3.1.1.19.2.1). Written from our own zones, every instant of the feed resolves as we resolved it.
//
// What is written: a zone that changes by one yearly rule ("last Sunday of March") is one STANDARD and one
// DAYLIGHT with RRULE:FREQ=YEARLY, the only form that Outlook takes over exactly (it reduces anything else to
// such a pair, and ignores what it cannot reduce). Any other zone is one observance for each change inside
// the span plus the one in force before it, without RRULE. RDATE is never used, and there is always a
// STANDARD: readers that fall back to UTC without one exist (ical4j, Outlook for Mac).
#pragma once

#include "ical/content_lines.h"
#include "time/zone.h"
#include "watchbill/time.h"

namespace watchbill::ical {

// True for UTC under any of its names: times are then written with "Z", and no VTIMEZONE is needed.
bool is_utc(const Zone& zone);

// The local time as RFC 5545 3.3.5 form 1: "20261203T090000".
std::string local_date_time(LocalTime local);

// Resolves every local time inside `span` correctly. TZID is the zone's plain IANA name.
void add_vtimezone(ContentLines& lines, const Zone& zone, Interval span);

}  // namespace watchbill::ical
