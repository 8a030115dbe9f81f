// How the messages about an incident fare: the outbox's news, for whoever shows the incident. Thread-safe.
#pragma once

#include <map>
#include <vector>

#include "incident/delivery.h"
#include "incident/delivery_view.h"
#include "watchbill/ports.h"

namespace watchbill {

struct DeliveryNews {
    std::vector<MessageDelivery> messages;    // newest first
    std::map<MemberId, DeliveryView> latest;  // each person's latest message
};

class IncidentDeliveries {
public:
    // The store must outlive it. `mail` is what is known of the mail server now.
    IncidentDeliveries(Store& store, MailService mail) : store_(store), mail_(std::move(mail)) {}

    // Of a message that nobody has tried to send yet.
    DeliveryView untried(Transport transport, Instant due) const;
    // Whose mail is held, or was, is told by the server of the incident's calendar: with them it is the event
    // that is on its way. Empty where the outbox cannot be read.
    DeliveryNews of(const Incident& incident) const;
    // The same once the write is done: to whom it writes, that is on its way.
    DeliveryNews after(const IncidentWrite& write) const;

private:
    DeliveryView view(const MessageDelivery& one) const;
    void tell_what_it_waits_for(const MessageDelivery& older, DeliveryView& newest) const;

    Store& store_;
    const MailService mail_;
};

// The invitations of an incident that is being opened, as they will stand in the outbox.
std::vector<MessageDelivery> untried_requests(const Incident& incident, Transport by);

}  // namespace watchbill
