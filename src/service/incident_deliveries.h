// How the messages about an incident fare: the outbox's news, for whoever shows the incident. Thread-safe.
#pragma once

#include <map>

#include "incident/delivery.h"
#include "incident/delivery_view.h"
#include "watchbill/ports.h"

namespace watchbill {

class IncidentDeliveries {
public:
    // The store must outlive it. `mail` is what is known of the mail server now.
    IncidentDeliveries(Store& store, MailService mail) : store_(store), mail_(std::move(mail)) {}

    // Of a message that nobody has tried to send yet.
    DeliveryView untried(Transport transport, Instant due) const;
    // Each person's latest message. Whose mail is held, or was, is told by the server of the incident's
    // calendar: with them it is the event that is on its way. Empty where the outbox cannot be read.
    std::map<MemberId, DeliveryView> of(const Incident& incident) const;
    // The same once the write is done: to whom it writes, that is on its way.
    std::map<MemberId, DeliveryView> after(const IncidentWrite& write) const;

private:
    DeliveryView view(const MessageDelivery& one) const;
    void tell_what_it_waits_for(const MessageDelivery& older, DeliveryView& newest) const;

    Store& store_;
    const MailService mail_;
};

}  // namespace watchbill
