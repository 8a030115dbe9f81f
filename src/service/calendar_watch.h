// Reads what people answered in the calendars that incidents were put into, on a thread of its own: every
// quarter of a minute while an incident is young (IncidentCalendar::read_every), later as often as the team's
// calendars. What is new is an answer like one by mail; an event that somebody deleted is put there again.
#pragma once

#include <map>
#include <stop_token>
#include <string>

#include "service/incident_calendars.h"
#include "service/incident_desk.h"
#include "service/wake_signal.h"
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
    void stop();                    // thread-safe
    void nudge() { wake_.ring(); }  // an incident was opened or changed. Thread-safe

    // Reads what is due, and says when something will be due next. run() calls it; it is not thread-safe.
    SteadyInstant tick();

private:
    // Of an open incident's event.
    struct Reading {
        SteadyInstant due;
        Instant changed_at;  // the incident's, of which it is young
        SteadyInstant young_until;
    };

    // Reads what is due of the team's incidents, and adds all to `known`, by UID.
    void look_at(const TeamNotice& notice, SteadyInstant now, std::map<std::string, Reading>& known);
    void read(const TeamNotice& notice, const Incident& incident);
    // It is not there: put again, if somebody has deleted it.
    void restore(const TeamNotice& notice, const Incident& incident);

    Store& store_;
    IncidentDesk& desk_;
    IncidentCalendars& calendars_;
    const NoticeBoard& board_;
    const Clock& clock_;
    OutboxBell& bell_;
    spdlog::logger& log_;
    std::map<std::string, Reading> readings_;

    std::stop_source stopping_;
    WakeSignal wake_;
};

}  // namespace watchbill
