#include "cli/calendar_room.h"

#include "cli/composition.h"
#include "crypto/crypto.h"
#include "service/process_name.h"

namespace watchbill::cli {

namespace {

OutboxWorkerOptions calendar_worker_options() {
    OutboxWorkerOptions options;
    options.name = name_of_this_process(crypto::random_hex(8));
    options.is_gone = process_is_gone;
    options.transport = Transport::caldav;
    options.noun = "event";
    return options;
}

}  // namespace

CalendarRoom::CalendarRoom(Store& store, IncidentDesk& desk, IncidentCalendars& calendars,
                           const NoticeBoard& board, const Clock& clock, Metrics& metrics,
                           OutboxBell& mail_bell, spdlog::logger& log)
    : log_(log),
      transport_(store, calendars, board, desk.links(), clock, mail_bell, log),
      worker_(store, &transport_, clock, metrics.incident_calendars(), log, random_fraction(),
              calendar_worker_options()),
      watch_(store, desk, calendars, board, clock, mail_bell, log) {}

CalendarRoom::~CalendarRoom() { stop(); }

void CalendarRoom::ring() {
    worker_.ring();
    watch_.nudge();
}

void CalendarRoom::hold_mails() {
    if (const auto held = transport_.hold_mails(); !held)
        log_.error("mails that wait for a calendar cannot be held: {}", held.error().message);
}

void CalendarRoom::start() {
    puts_ = std::thread([this] { worker_.run(); });
    reads_ = std::thread([this] { watch_.run(); });
}

void CalendarRoom::stop() {
    worker_.stop();
    watch_.stop();
    if (puts_.joinable()) puts_.join();
    if (reads_.joinable()) reads_.join();
}

}  // namespace watchbill::cli
