// Incidents' calendars while the service runs: the worker that puts events into them, and the one that reads
// answers there, each on a thread of its own.
#pragma once

#include <spdlog/logger.h>

#include <thread>

#include "service/calendar_watch.h"
#include "service/event_transport.h"
#include "service/metrics.h"
#include "service/outbox_worker.h"

namespace watchbill::cli {

class CalendarRoom {
public:
    // All must outlive it. `mail_bell` is that of whoever sends mails.
    CalendarRoom(Store& store, IncidentDesk& desk, IncidentCalendars& calendars, const NoticeBoard& board,
                 const Clock& clock, Metrics& metrics, OutboxBell& mail_bell, spdlog::logger& log);
    ~CalendarRoom();
    CalendarRoom(const CalendarRoom&) = delete;
    CalendarRoom& operator=(const CalendarRoom&) = delete;

    // An incident was written. Thread-safe.
    void ring();
    // Before anybody sends mails (EventTransport::hold_mails).
    void hold_mails();
    void start();
    // Also when it was not started.
    void stop();

private:
    spdlog::logger& log_;
    EventTransport transport_;
    OutboxWorker worker_;
    CalendarWatch watch_;
    std::thread puts_;
    std::thread reads_;
};

}  // namespace watchbill::cli
