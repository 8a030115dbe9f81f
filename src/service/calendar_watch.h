// Reads what people answered in the calendars that incidents were put into, on a thread of its own: every
// quarter of a minute while an incident is young (IncidentCalendar::read_every), later as often as the team's
// calendars. What is new is an answer like one by mail.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

#include "service/incident_calendars.h"
#include "service/incident_desk.h"
#include "service/moment.h"
#include "watchbill/replies.h"

namespace watchbill {

class CalendarWatch {
public:
    // All must outlive it. `bell` is that of whoever sends mails.
    CalendarWatch(Store& store, IncidentDesk& desk, IncidentCalendars& calendars, const NoticeBoard& board,
                  const Clock& clock, OutboxBell& bell, spdlog::logger& log)
        : store_(store),
          desk_(desk),
          calendars_(calendars),
          board_(board),
          clock_(clock),
          bell_(bell),
          log_(log) {}

    // Works until stop(). Blocks.
    void run();
    void stop();   // thread-safe
    void nudge();  // an incident was opened or changed. Thread-safe

    // Reads what is due, and says when something will be due next. run() calls it; it is not thread-safe.
    Instant tick();

private:
    using Due = std::map<std::string, SteadyInstant>;  // an open incident's next reading, by UID

    // Adds the team's incidents to `due`.
    void look_at(const TeamNotice& notice, Moment now, Due& due);
    void read(const TeamNotice& notice, const Incident& incident);

    Store& store_;
    IncidentDesk& desk_;
    IncidentCalendars& calendars_;
    const NoticeBoard& board_;
    const Clock& clock_;
    OutboxBell& bell_;
    spdlog::logger& log_;
    Due due_;

    std::stop_source stopping_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool nudged_ = false;
};

}  // namespace watchbill
