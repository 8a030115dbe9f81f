// Collects a reading's warnings, bounded in number, and the words by which they name an event.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/occurrence.h"

namespace watchbill::ical {

class WarningLog {
public:
    void add(std::string_view code, std::string message);
    // For what would otherwise be said of every event: only the first with this code is kept.
    void add_once(std::string_view code, std::string message);

    // Everything added, and one "more_warnings" when there were too many.
    std::vector<CalendarWarning> take();

private:
    std::vector<CalendarWarning> warnings_;
    std::set<std::string, std::less<>> said_once_;
    size_t left_out_ = 0;
};

// Text from a calendar, fit for a message: one line, printable, cut when long, in quotes.
std::string quoted(std::string_view text);

// `event "uid" (2026-03-01 09:00)`: how every warning names what it is about. `start` is as the file
// writes it, "" when it has none.
std::string event_label(std::string_view uid, std::string_view start);

}  // namespace watchbill::ical
