#include "service/incident_deliveries.h"

#include <algorithm>

namespace watchbill {

namespace {

// Of a message that is about to be written.
MessageDelivery delivery_to_be(const OutboxMessage& message, const std::optional<Instant>& held_until) {
    MessageDelivery delivery;
    delivery.id = message.id;
    delivery.recipient = message.recipient;
    delivery.transport = message.transport;
    delivery.calendar_method = message.calendar_method;
    delivery.created_at = delivery.next_attempt = message.created_at;
    if (message.transport == Transport::mail) delivery.held_until = held_until;
    return delivery;
}

}  // namespace

DeliveryView IncidentDeliveries::untried(Transport transport, Instant due) const {
    DeliveryView view{std::string(transport_name(transport)),
                      std::string(delivery_state_name(DeliveryState::queued)), "", 0, due};
    if (transport != Transport::mail) return view;
    if (mail_.state == MailService::State::none) {
        view.reason = "no mail server is configured, so nothing is sent";
        view.next_try.reset();
    } else if (mail_.state == MailService::State::away) {
        // It waits for what another mail has met with.
        view.reason = mail_.reason;
        const auto retry = store_.next_retry(transport);
        if (retry && *retry) view.next_try = std::max(due, **retry);
    }
    return view;
}

DeliveryView IncidentDeliveries::view(const MessageDelivery& one) const {
    if (one.state == DeliveryState::queued) {
        const Instant due = std::max(one.next_attempt, one.held_until.value_or(one.next_attempt));
        DeliveryView view = untried(one.transport, due);
        if (one.attempts == 0) return view;
        view.reason = one.last_error;
        view.attempts = one.attempts;
        if (view.next_try) view.next_try = due;
        return view;
    }
    const bool failed = one.state == DeliveryState::failed;
    return {std::string(transport_name(one.transport)), std::string(delivery_state_name(one.state)),
            failed ? one.last_error : "", one.attempts, std::nullopt};
}

// A person's newest message, which nobody has tried to send yet, waits for what an older one to them has met
// with: for that one, where it may be on its way, or for the same mailbox, where it took the older one's
// place.
void IncidentDeliveries::tell_what_it_waits_for(const MessageDelivery& older, DeliveryView& newest) const {
    if (older.attempts == 0) return;
    if (older.state == DeliveryState::queued) {
        newest = view(older);
    } else if (older.state == DeliveryState::dropped && !older.last_error.empty()) {
        newest.reason = older.last_error;
        newest.attempts = older.attempts;
    }
}

DeliveryNews IncidentDeliveries::of(const Incident& incident) const {
    DeliveryNews news{store_.deliveries(incident.team, incident.id).value_or(std::vector<MessageDelivery>()),
                      {}};
    const auto event =
        std::find_if(news.messages.begin(), news.messages.end(),
                     [](const MessageDelivery& one) { return one.transport == Transport::caldav; });
    const std::string_view queued = delivery_state_name(DeliveryState::queued);
    for (const MessageDelivery& one : news.messages) {  // the first one counts
        if (one.transport == Transport::caldav) continue;
        const bool by_server = one.held_until && event != news.messages.end();
        const MessageDelivery& carried = by_server ? *event : one;
        const auto newest = news.latest.find(one.recipient);
        if (newest == news.latest.end())
            news.latest.emplace(one.recipient, view(carried));
        else if (newest->second.attempts == 0 && newest->second.state == queued)
            tell_what_it_waits_for(carried, newest->second);
    }
    return news;
}

DeliveryNews IncidentDeliveries::after(const IncidentWrite& write) const {
    DeliveryNews news = of(write.incident);
    const auto by = write.mails_held_until ? Transport::caldav : Transport::mail;
    for (const OutboxMessage& message : write.messages) {
        news.messages.insert(news.messages.begin(), delivery_to_be(message, write.mails_held_until));
        if (message.transport == Transport::mail)
            news.latest.insert_or_assign(message.recipient, untried(by, message.created_at));
    }
    return news;
}

std::vector<MessageDelivery> untried_requests(const Incident& incident, Transport by) {
    std::vector<MessageDelivery> messages;
    for (const Invitation& one : incident.invitations) {
        MessageDelivery message;
        message.id = incident.id + '.' + std::to_string(incident.sequence) + ".request";
        message.recipient = one.member;
        message.calendar_method = "REQUEST";
        message.created_at = message.next_attempt = incident.opened_at;
        if (by == Transport::caldav) message.held_until = incident.opened_at;
        messages.push_back(std::move(message));
    }
    return messages;
}

}  // namespace watchbill
