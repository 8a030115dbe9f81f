#include "service/mail_monitor.h"

namespace watchbill {

MailService MailMonitor::service() const {
    const std::lock_guard lock(mutex_);
    return service_;
}

void MailMonitor::note(const DeliveryReport& report) {
    using State = MailService::State;
    const std::lock_guard lock(mutex_);
    const bool was_away = service_.state == State::away;
    switch (report.delivery) {
        case Delivery::no_server:
            news_ = news_ || !was_away;
            service_ = {State::away, report.error};
            return;
        case Delivery::refused_for_good:
            // An address that cannot be sent to is refused without asking the server: it shows nothing.
            news_ = true;
            return;
        case Delivery::refused_for_now: news_ = true; break;
        case Delivery::accepted: news_ = news_ || was_away; break;
    }
    service_ = {State::answers, ""};
}

void MailMonitor::settled() {
    if (news_.exchange(false) && on_news_) on_news_();
}

DeliveryReport MonitoredTransport::deliver(const OutboxMessage& message, const std::stop_token& stop) {
    DeliveryReport report = transport_->deliver(message, stop);
    // Who is stopping breaks mails off: that says nothing of the server.
    if (!stop.stop_requested()) monitor_.note(report);
    return report;
}

void MonitoredTransport::end_batch() {
    transport_->end_batch();
    monitor_.settled();
}

}  // namespace watchbill
