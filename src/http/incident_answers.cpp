#include "http/incident_answers.h"

#include <algorithm>

#include "http/action_problem.h"
#include "http/json_message.h"
#include "http/repeatable.h"
#include "service/incident_desk.h"

namespace watchbill::http {

namespace {

// Of a message that nobody has tried to send yet.
DeliveryView untried_view(const Backend& backend, watchbill::Transport transport, Instant due) {
    DeliveryView view{std::string(transport_name(transport)),
                      std::string(delivery_state_name(DeliveryState::queued)), "", 0, due};
    if (transport != watchbill::Transport::mail) return view;
    const MailService mail = backend.incidents->mail_service();
    if (mail.state == MailService::State::none) {
        view.reason = "no mail server is configured, so nothing is sent";
        view.next_try.reset();
    } else if (mail.state == MailService::State::away) {
        // It waits for what another mail has met with.
        view.reason = mail.reason;
        const auto retry = backend.store->next_retry(transport);
        if (retry && *retry) view.next_try = std::max(due, **retry);
    }
    return view;
}

DeliveryView delivery_view(const Backend& backend, const MessageDelivery& one) {
    if (one.state == DeliveryState::queued) {
        const Instant due = std::max(one.next_attempt, one.held_until.value_or(one.next_attempt));
        DeliveryView view = untried_view(backend, one.transport, due);
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
void tell_what_it_waits_for(const Backend& backend, const MessageDelivery& older, DeliveryView& newest) {
    if (older.attempts == 0) return;
    if (older.state == DeliveryState::queued) {
        newest = delivery_view(backend, older);
    } else if (older.state == DeliveryState::dropped && !older.last_error.empty()) {
        newest.reason = older.last_error;
        newest.attempts = older.attempts;
    }
}

// With the outbox's news of each person's latest message. Whose mail is held, or was, is told by the server
// of the incident's calendar: with them it is the event that is on its way.
IncidentView view_of(const Backend& backend, const Incident& incident,
                     const std::vector<MessageDelivery>& messages) {
    const IncidentLinks& links = backend.incidents->links();
    IncidentView view{&incident, links.api_url(incident), links.ics_url(incident)};
    const auto event = std::find_if(messages.begin(), messages.end(), [](const MessageDelivery& one) {
        return one.transport == watchbill::Transport::caldav;
    });
    const std::string_view queued = delivery_state_name(DeliveryState::queued);
    for (const MessageDelivery& one : messages) {  // newest first: the first one counts
        if (one.transport == watchbill::Transport::caldav) continue;
        const bool by_server = one.held_until && event != messages.end();
        const MessageDelivery& carried = by_server ? *event : one;
        const auto newest = view.deliveries.find(one.recipient);
        if (newest == view.deliveries.end())
            view.deliveries.emplace(one.recipient, delivery_view(backend, carried));
        else if (newest->second.attempts == 0 && newest->second.state == queued)
            tell_what_it_waits_for(backend, carried, newest->second);
    }
    return view;
}

Response incident_response(int status, const IncidentView& view) {
    Response response = json_response(status, incident_json(view));
    response.headers.add("ETag", "\"" + std::to_string(view.incident->version) + "\"");
    return response;
}

// Of a message that is about to be written.
MessageDelivery delivery_to_be(const OutboxMessage& message, const std::optional<Instant>& held_until) {
    MessageDelivery delivery;
    delivery.id = message.id;
    delivery.recipient = message.recipient;
    delivery.transport = message.transport;
    delivery.calendar_method = message.calendar_method;
    delivery.created_at = delivery.next_attempt = message.created_at;
    if (message.transport == watchbill::Transport::mail) delivery.held_until = held_until;
    return delivery;
}

// The invitations of an incident that is being opened.
std::vector<MessageDelivery> untried_requests(const Incident& incident, watchbill::Transport by) {
    std::vector<MessageDelivery> messages;
    for (const Invitation& one : incident.invitations) {
        MessageDelivery message;
        message.id = incident.id + '.' + std::to_string(incident.sequence) + ".request";
        message.recipient = one.member;
        message.calendar_method = "REQUEST";
        message.created_at = message.next_attempt = incident.opened_at;
        if (by == watchbill::Transport::caldav) message.held_until = incident.opened_at;
        messages.push_back(std::move(message));
    }
    return messages;
}

}  // namespace

Response incident_response(int status, const Backend& backend, const TeamNotice& notice,
                           const Incident& incident) {
    const auto messages =
        backend.store->deliveries(incident.team, incident.id).value_or(std::vector<MessageDelivery>());
    IncidentView view = view_of(backend, incident, messages);
    if (notice.ready()) view.outlook = backend.incidents->outlook(known_of(notice), incident, messages);
    return incident_response(status, view);
}

KeyedChange keyed(const Backend& backend, const TeamNotice& notice, const Request& request, int status) {
    return keyed_change(request, [&backend, &notice, status](const IncidentWrite& write) {
        const Incident& incident = write.incident;
        auto messages =
            backend.store->deliveries(incident.team, incident.id).value_or(std::vector<MessageDelivery>());
        IncidentView view = view_of(backend, incident, messages);
        const auto by = write.mails_held_until ? watchbill::Transport::caldav : watchbill::Transport::mail;
        for (const OutboxMessage& message : write.messages) {
            messages.insert(messages.begin(), delivery_to_be(message, write.mails_held_until));
            if (message.transport == watchbill::Transport::mail)
                view.deliveries.insert_or_assign(message.recipient,
                                                 untried_view(backend, by, message.created_at));
        }
        view.outlook = backend.incidents->outlook(known_of(notice), incident, messages);
        return incident_response(status, view);
    });
}

Response changed_response(const Backend& backend, const TeamNotice& notice,
                          const ActionResult<ChangedIncident>& outcome, int status) {
    if (!outcome) return problem_of(outcome.error());
    if (outcome->kept) return kept_response(*outcome->kept);
    return incident_response(status, backend, notice, outcome->incident);
}

IncidentView opening_view(const Backend& backend, const TeamNotice& notice, const Incident& incident,
                          watchbill::Transport by) {
    const IncidentLinks& links = backend.incidents->links();
    return {&incident,
            links.api_url(incident),
            links.ics_url(incident),
            {},
            untried_view(backend, by, incident.opened_at),
            backend.incidents->outlook(known_of(notice), incident, untried_requests(incident, by))};
}

}  // namespace watchbill::http
