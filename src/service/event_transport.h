// Brings an incident's event in its calendar up to date: read what is there, merge, put it in that state, and
// again from the start where somebody was faster. What is put is the incident as it is by then, so orders may
// come late, twice or out of order.
//
// Who tells whom is settled here, for each person once (event_calendar.h). Their mails wait meanwhile
// (OutboxStore::hold_mails), and go out where the server does not tell them:
// - at once, where it cannot: it does not schedule, refuses us, or cannot reach that person
// (SCHEDULE-STATUS);
// - after `mails_wait` (incident_desk.h), where it does not answer. Then the event is put with
//   SCHEDULE-AGENT=CLIENT for them. Where it was in truth put while its answer was lost, they are told twice,
//   of one event with one UID: at night that is better than not at all. From then on the server tells them.
// A process that dies after the put leaves the mails held for longer than any put lasts, while its claim ends
// within seconds. The next one looks into the calendar before any of them goes out, however late it comes
// (hold_mails()): it finds the event as it should be, and drops them.
#pragma once

#include "service/incident_calendars.h"
#include "service/incident_links.h"
#include "service/notice_board.h"
#include "watchbill/incident_store.h"
#include "watchbill/ports.h"
#include "watchbill/replies.h"

namespace watchbill {

class EventTransport final : public MessageTransport {
public:
    // All must outlive it. `bell` is that of whoever sends mails.
    EventTransport(Store& store, IncidentCalendars& calendars, const NoticeBoard& board,
                   const IncidentLinks& links, const Clock& clock, OutboxBell& bell, spdlog::logger& log)
        : store_(store),
          calendars_(calendars),
          board_(board),
          links_(links),
          clock_(clock),
          bell_(bell),
          log_(log) {}

    DeliveryReport deliver(const OutboxMessage& message, const std::stop_token& stop) override;
    void end_batch() override {}
    // With calendars whose calls take 10 s at most (composition.h).
    Duration longest_delivery() const override { return std::chrono::seconds(60); }
    // To be called once, before anybody sends mails: those of an earlier process wait until the calendar was
    // looked into, and no longer than that takes.
    Result<void> hold_mails();

private:
    struct Task;

    Result<void> bring_up_to_date(const Task& task);
    // The event as it stands in the calendar after it was put, or as it was there already; "" for none.
    Result<std::string> write_event(const Task& task, const Incident& incident, const HeldMails& held,
                                    bool by_server, bool schedules);
    Result<void> settle_mails(const Task& task, const Incident& incident, const HeldMails& held,
                              const std::string& standing);
    Result<void> release_all(const Task& task);
    // People have waited for the calendar's server for long enough.
    bool is_late(const Task& task) const;

    Store& store_;
    IncidentCalendars& calendars_;
    const NoticeBoard& board_;
    const IncidentLinks& links_;
    const Clock& clock_;
    OutboxBell& bell_;
    spdlog::logger& log_;
};

}  // namespace watchbill
