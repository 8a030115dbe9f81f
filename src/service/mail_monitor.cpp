#include "service/mail_monitor.h"

namespace watchbill {

MailService MailMonitor::service() const {
    const std::lock_guard lock(mutex_);
    return service_;
}

void MailMonitor::note(const DeliveryReport& report) {
    if (take(report) && on_news_) on_news_();
}

bool MailMonitor::take(const DeliveryReport& report) {
    using State = MailService::State;
    const std::lock_guard lock(mutex_);
    const bool was_away = service_.state == State::away;
    switch (report.delivery) {
        case Delivery::no_server:
            // One mail that hangs or breaks the session is no server that is away.
            if (report.in_message) return true;
            service_ = {State::away, report.error};
            return !was_away;
        case Delivery::refused_for_good:
            // An address that cannot be sent to is refused without asking the server: it shows nothing.
            return true;
        case Delivery::refused_for_now: service_ = {State::answers, ""}; return true;
        case Delivery::accepted: service_ = {State::answers, ""}; return was_away;
    }
    return false;
}

}  // namespace watchbill
