// Mail, both ways, while the service runs: the worker that empties the outbox on threads of its own, and the
// desk where answers come in.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "cli/composition.h"
#include "mail/receive.h"
#include "service/mail_monitor.h"
#include "service/metrics.h"
#include "service/outbox_worker.h"
#include "service/reply_desk.h"
#include "service/store_health.h"

namespace watchbill::cli {

class MailRoom {
public:
    // All must outlive it. Without [mail] nothing is sent, but what waits is counted.
    // `taker` is asked besides those of make_reply_takers. `health` is told whether the store can be written.
    MailRoom(const ServerConfig& settings, Store& store, const Clock& clock, Metrics& metrics,
             StoreHealth& health, spdlog::logger& log, ReplyTaker& taker, MailMonitor& monitor);
    ~MailRoom();
    MailRoom(const MailRoom&) = delete;
    MailRoom& operator=(const MailRoom&) = delete;

    OutboxBell& bell() { return worker_; }
    const ReplyDesk& replies() const { return replies_; }
    // Whose aliases count. Thread-safe.
    void set_teams(const std::vector<Team>& teams);

    void start();
    // A mail under way gets its moment. Also when it was not started.
    void stop();

private:
    std::vector<Team> teams() const;
    bool same_person(const MemberId& a, const MemberId& b) const;
    std::vector<ReplyTaker*> takers(ReplyTaker& first) const;

    std::vector<std::unique_ptr<MessageTransport>> transports_;  // one a connection; empty without [mail]
    OutboxWorker worker_;
    mail::MimeReader reader_;
    mutable std::mutex mutex_;
    std::vector<Team> teams_;  // guarded by mutex_
    std::vector<std::unique_ptr<ReplyTaker>> takers_;
    ReplyDesk replies_;
    std::thread thread_;
};

}  // namespace watchbill::cli
