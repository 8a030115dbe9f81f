// The CalDAV calendars of teams' incidents, with what is known of their servers: what they can do, asked once
// an hour; and that one does not answer, so that it is left alone for a while instead of being waited for by
// everybody in turn.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "watchbill/event_calendar.h"
#include "watchbill/ports.h"

namespace spdlog {
class logger;
}

namespace watchbill {

// Thread-safe; calls of different calendars do not wait for each other.
class IncidentCalendars {
public:
    using Make = std::function<std::unique_ptr<EventCalendar>(const CalendarRef&)>;

    // All must outlive it. `organizer` is the ORGANIZER of all incidents' events.
    IncidentCalendars(Make make, const Clock& clock, MemberId organizer, spdlog::logger& log)
        : make_(std::move(make)), clock_(clock), organizer_(std::move(organizer)), log_(log) {}

    // From memory, asks nobody. The server invites only in the name of an address of its own account.
    Inviter inviter(const Team& team) const;

    // Whether the server sends invitations in the organizer's name. Errors of each: as EventCalendar has
    // them.
    Result<bool> schedules(const CalendarRef& calendar);
    Result<StoredEvent> read(const CalendarRef& calendar, const std::string& uid);
    Result<std::string> put(const CalendarRef& calendar, const std::string& uid, const std::string& bytes,
                            const std::optional<std::string>& etag);

private:
    struct Known {
        std::shared_ptr<EventCalendar> calendar;
        std::optional<CalendarAbilities> abilities;
        SteadyInstant ask_again;  // what it can do
        int failures = 0;         // in a row
        SteadyInstant paused_until;
        Error last_error;
    };

    bool invites(const CalendarAbilities& abilities) const;
    // Calls `use` with the calendar unless it is paused, and notes whether its server answered.
    template <typename T, typename Use>
    Result<T> asked(const CalendarRef& calendar, const Use& use);
    void note(const CalendarRef& calendar, const Error* error);

    const Make make_;
    const Clock& clock_;
    const MemberId organizer_;
    spdlog::logger& log_;
    mutable std::mutex mutex_;
    std::map<CalendarRef, Known> known_;  // guarded by mutex_
};

}  // namespace watchbill
