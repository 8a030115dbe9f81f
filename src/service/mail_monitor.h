// What is known of the mail server, from what came of the last mails: whoever waits for people's answers must
// know whether they can be told at all.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "incident/delivery.h"
#include "watchbill/ports.h"

namespace watchbill {

// Thread-safe.
class MailMonitor {
public:
    // `on_news` is called by whoever sends, once the outbox knows it too: the server is away or back, or a
    // mail was refused. Empty: nobody is told.
    explicit MailMonitor(bool sends_mail, std::function<void()> on_news = {}) : on_news_(std::move(on_news)) {
        if (sends_mail) service_.state = MailService::State::unknown;
    }

    MailService service() const;
    void note(const DeliveryReport& report);
    // What was noted so far is in the outbox.
    void settled();

private:
    const std::function<void()> on_news_;
    mutable std::mutex mutex_;
    MailService service_;  // guarded by mutex_
    std::atomic<bool> news_ = false;
};

// The one it wraps, whose reports the monitor sees. Not thread-safe, as any; several may share a monitor.
class MonitoredTransport final : public MessageTransport {
public:
    // The monitor must outlive it.
    MonitoredTransport(std::unique_ptr<MessageTransport> transport, MailMonitor& monitor)
        : transport_(std::move(transport)), monitor_(monitor) {}

    DeliveryReport deliver(const OutboxMessage& message, const std::stop_token& stop) override;
    void end_batch() override;
    Duration longest_delivery() const override { return transport_->longest_delivery(); }

private:
    const std::unique_ptr<MessageTransport> transport_;
    MailMonitor& monitor_;
};

}  // namespace watchbill
