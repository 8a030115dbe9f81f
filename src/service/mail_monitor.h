// What is known of the mail server, from what came of the last mails: whoever waits for people's answers must
// know whether they can be told at all.
#pragma once

#include <functional>
#include <mutex>

#include "incident/delivery.h"
#include "watchbill/ports.h"

namespace watchbill {

// Thread-safe.
class MailMonitor {
public:
    // `on_news` is called by whoever sends: the server is away or back, or a mail was refused. Empty: nobody
    // is told.
    explicit MailMonitor(bool sends_mail, std::function<void()> on_news = {}) : on_news_(std::move(on_news)) {
        if (sends_mail) service_.state = MailService::State::unknown;
    }

    MailService service() const;
    // To be called once the outbox has it, too: whoever is told the news looks there.
    void note(const DeliveryReport& report);

private:
    bool take(const DeliveryReport& report);  // true: news

    const std::function<void()> on_news_;
    mutable std::mutex mutex_;
    MailService service_;  // guarded by mutex_
};

}  // namespace watchbill
