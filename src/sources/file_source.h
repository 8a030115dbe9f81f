// Calendars in local files.
#pragma once

#include "watchbill/ports.h"

namespace watchbill {

// Thread-safe: it has no state. A file is "not modified" while its size, times and inode are those of the
// last copy (kept in Validators::last_modified).
class FileSource : public CalendarSource {
public:
    Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last, Interval window) override;
};

}  // namespace watchbill
