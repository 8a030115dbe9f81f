#include <algorithm>
#include <charconv>

#include "http/action_problem.h"
#include "http/json_message.h"
#include "http/order_body.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/repeatable.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/incident_json.h"
#include "service/incident_bytes.h"
#include "service/incident_desk.h"

namespace watchbill::http {

namespace {

constexpr int default_incidents = 100;
constexpr int most_incidents = 1000;

using Action = Response (*)(const Backend&, const TeamNotice&, const Request&, const PathValues&);

const std::string& id_in(const PathValues& path) { return path.get<std::string>("incident"); }

Response no_such_incident(const std::string& id) {
    return problem(404, "no_such_incident", "There is no incident \"" + id + "\" in this team.");
}

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
IncidentView view_of(const Backend& backend, const Incident& incident) {
    const IncidentLinks& links = backend.incidents->links();
    IncidentView view{&incident, links.api_url(incident), links.ics_url(incident)};
    const auto messages = backend.store->deliveries(incident.team, incident.id);
    if (!messages) return view;
    const auto event = std::find_if(messages->begin(), messages->end(), [](const MessageDelivery& one) {
        return one.transport == watchbill::Transport::caldav;
    });
    const std::string_view queued = delivery_state_name(DeliveryState::queued);
    for (const MessageDelivery& one : *messages) {  // newest first: the first one counts
        if (one.transport == watchbill::Transport::caldav) continue;
        const bool by_server = one.held_until && event != messages->end();
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
    response.add_header("ETag", "\"" + std::to_string(view.incident->version) + "\"");
    return response;
}

Response incident_response(int status, const Backend& backend, const Incident& incident) {
    return incident_response(status, view_of(backend, incident));
}

// The answer to a change that is about to be written with it, where the request has a key: to whom it writes,
// that is on its way.
KeyedChange keyed(const Backend& backend, const Request& request, int status) {
    return keyed_change(request, [&backend, status](const IncidentWrite& write) {
        IncidentView view = view_of(backend, write.incident);
        const auto by = write.mails_held_until ? watchbill::Transport::caldav : watchbill::Transport::mail;
        for (const OutboxMessage& message : write.messages) {
            if (message.transport == watchbill::Transport::mail)
                view.deliveries.insert_or_assign(message.recipient,
                                                 untried_view(backend, by, message.created_at));
        }
        return incident_response(status, view);
    });
}

Response changed_response(const Backend& backend, const ActionResult<ChangedIncident>& outcome,
                          int status = 200) {
    if (!outcome) return problem_of(outcome.error());
    if (outcome->kept) return kept_response(*outcome->kept);
    return incident_response(status, backend, outcome->incident);
}

constexpr std::string_view order_members[] = {"title", "severity", "needs",      "experts", "description",
                                              "start", "duration", "conference", "reporter"};

IncidentOrder order_in(OrderBody& body) {
    IncidentOrder order;
    order.title = body.required_text("title");
    order.severity = body.text("severity");
    order.needs = body.texts("needs");
    order.experts = body.texts("experts");
    order.description = body.text("description");
    order.start = body.instant("start");
    order.duration = body.duration("duration");
    order.conference = body.text("conference");
    order.reporter = body.text("reporter");
    return order;
}

OrderBody order_body(const Request& request) {
    return OrderBody(request, {std::begin(order_members), std::end(order_members)});
}

Response open_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                       const PathValues&) {
    OrderBody body = order_body(request);
    const IncidentOrder order = order_in(body);
    if (body.refused()) return *body.refused();
    const auto key = request.header("Idempotency-Key");
    if (key && key->empty()) return problem(422, "\"Idempotency-Key\" is empty.");
    const IncidentLinks& links = backend.incidents->links();
    const auto answer = [&](const Incident& incident, watchbill::Transport by) {
        const IncidentView view{&incident,
                                links.api_url(incident),
                                links.ics_url(incident),
                                {},
                                untried_view(backend, by, incident.opened_at)};
        return incident_json(view).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    };
    const auto opened = backend.incidents->open(
        known_of(notice), order, {key.value_or(""), request.body(), answer}, actor_of(request));
    if (!opened) return problem_of(opened.error());
    Response response = text_response(201, "application/json", opened->answer);
    response.add_header("Cache-Control", "private, no-store");
    response.add_header("Location", "/api/v1/teams/" + notice.team->name + "/incidents/" + opened->id);
    response.add_header("ETag", "\"1\"");
    return response;
}

// Nothing is written: neither an id nor an event is there yet.
Response preview_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                          const PathValues&) {
    OrderBody body = order_body(request);
    const IncidentOrder order = order_in(body);
    if (body.refused()) return *body.refused();
    const auto incident = backend.incidents->preview(known_of(notice), order, actor_of(request));
    if (!incident) return problem_of(incident.error());
    const Json whole = incident_json({&*incident, "", ""});
    Json json;
    for (const char* member : {"team", "title", "severity", "conference", "commander", "experts", "unfilled"})
        json[member] = whole.at(member);
    return json_response(200, json);
}

Response list_incidents(const Backend& backend, const TeamNotice& notice, const Request& request,
                        const PathValues&) {
    Query query(request, {"state", "limit"});
    IncidentQuery wanted;
    wanted.limit = query.count("limit", most_incidents).value_or(default_incidents);
    const auto state = query.name("state");
    if (query.refused()) return *query.refused();
    if (state) {
        wanted.state = incident_state_from_name(*state);
        if (!wanted.state) return problem(400, "\"state\" must be open, resolved or cancelled.");
    }
    const auto found = backend.store->incidents(notice.team->name, wanted);
    if (!found) return problem(found.error());
    const IncidentLinks& links = backend.incidents->links();
    Json incidents = Json::array();
    for (const Incident& incident : *found)
        incidents.push_back(
            incident_line_json({&incident, links.api_url(incident), links.ics_url(incident)}));
    return json_response(200, {{"team", notice.team->name}, {"incidents", std::move(incidents)}});
}

// Calls `show` with the incident of the path, or says that it is not there. There are no parameters.
template <typename Show>
Response with_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                       const PathValues& path, Show&& show) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    const auto found = backend.store->find_incident(notice.team->name, id_in(path));
    if (!found) return problem(found.error());
    if (!*found) return no_such_incident(id_in(path));
    return show(**found);
}

Response show_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                       const PathValues& path) {
    return with_incident(backend, notice, request, path,
                         [&](const Incident& incident) { return incident_response(200, backend, incident); });
}

Response show_timeline(const Backend& backend, const TeamNotice& notice, const Request& request,
                       const PathValues& path) {
    return with_incident(backend, notice, request, path, [&](const Incident& incident) {
        const auto timeline = backend.store->incident_timeline(incident.team, incident.id);
        if (!timeline) return problem(timeline.error());
        Json entries = Json::array();
        for (const TimelineEntry& entry : *timeline) entries.push_back(to_json(entry));
        return json_response(
            200, {{"team", incident.team}, {"incident", incident.id}, {"entries", std::move(entries)}});
    });
}

Response show_event(const Backend& backend, const TeamNotice& notice, const Request& request,
                    const PathValues& path) {
    return with_incident(backend, notice, request, path, [&](const Incident& incident) {
        Response response =
            text_response(200, "text/calendar; charset=utf-8", incident_bytes(*notice.team, incident));
        response.add_header("Content-Disposition", "inline; filename=\"" + incident.id + ".ics\"");
        response.add_header("Cache-Control", "private, no-store");
        return response;
    });
}

// If-Match (RFC 9110 13.1.1): versions that the incident may have. Nothing for any; none for what no ETag of
// ours can be.
std::optional<std::vector<int>> versions_in(const Request& request) {
    const auto header = request.header("If-Match");
    if (!header || *header == "*") return std::nullopt;
    std::vector<int> versions;
    size_t begin = 0;
    while ((begin = header->find('"', begin)) != std::string::npos) {
        const size_t end = header->find('"', begin + 1);
        if (end == std::string::npos) break;
        int version = 0;
        const auto [rest, error] = std::from_chars(header->data() + begin + 1, header->data() + end, version);
        // A weak one never matches.
        const bool weak = begin >= 2 && header->compare(begin - 2, 2, "W/") == 0;
        if (error == std::errc() && rest == header->data() + end && !weak) versions.push_back(version);
        begin = end + 1;
    }
    return versions;
}

Response patch_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                        const PathValues& path) {
    OrderBody body(request, {"title", "severity", "description", "start", "end", "commander", "add_experts",
                             "remove_experts", "needs"});
    IncidentPatchOrder order;
    order.title = body.optional_text("title");
    order.severity = body.optional_text("severity");
    order.description = body.optional_text("description");
    order.start = body.instant("start");
    order.end = body.instant("end");
    order.commander = body.optional_text("commander");
    order.add_experts = body.texts("add_experts");
    order.remove_experts = body.texts("remove_experts");
    order.needs = body.optional_texts("needs");
    if (body.refused()) return *body.refused();
    const auto outcome = backend.incidents->patch(known_of(notice), id_in(path), order, actor_of(request),
                                                  versions_in(request), keyed(backend, request, 200));
    if (!outcome && outcome.error().code == "precondition_failed")
        return problem(412, outcome.error().code, outcome.error().error.message);
    return changed_response(backend, outcome);
}

Response note_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                       const PathValues& path) {
    OrderBody body(request, {"text"});
    const std::string text = body.required_text("text");
    if (body.refused()) return *body.refused();
    constexpr int created = 201;
    return changed_response(backend,
                            backend.incidents->add_note(known_of(notice), id_in(path), text,
                                                        actor_of(request), keyed(backend, request, created)),
                            created);
}

// `End` is how: IncidentDesk::resolve or cancel.
template <auto End>
Response end_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                      const PathValues& path) {
    OrderBody body(request, {"note"});
    const std::string note = body.text("note");
    if (body.refused()) return *body.refused();
    return changed_response(backend,
                            (backend.incidents->*End)(known_of(notice), id_in(path), note, actor_of(request),
                                                      keyed(backend, request, 200)));
}

// The token is the credential: of the one person whose mail it was in. What it is answered with is no more
// than that mail said.
Response acknowledge_incident(const Backend& backend, const TeamNotice& notice, const Request& request,
                              const PathValues& path) {
    OrderBody body(request, {"token"});
    const std::string token = body.required_text("token");
    if (body.refused()) return *body.refused();
    return changed_response(
        backend, backend.incidents->acknowledge(known_of(notice), id_in(path), token,
                                                {"link", request.caller.from}, keyed(backend, request, 200)));
}

}  // namespace

void add_incident_routes(Router& router, const Backend& backend) {
    const auto with_backend = [&backend](Action act) -> TeamHandler {
        return [backend, act](const TeamNotice& notice, const Request& request, const PathValues& path) {
            return act(backend, notice, request, path);
        };
    };
    const auto planned = [&](Action act) { return for_planned_team(*backend.board, with_backend(act)); };
    const auto once = [&](Action act) {
        return for_planned_team(*backend.board, repeatable(backend, with_backend(act)));
    };
    const auto known = [&](Action act) { return for_team(*backend.board, with_backend(act)); };
    const std::string all = "/api/v1/teams/{team:name}/incidents";
    const std::string one = all + "/{incident:name}";
    router.add("GET", all, ApiScope::read, known(list_incidents));
    router.add("POST", all, ApiScope::incident, planned(open_incident));
    router.add("POST", all + "/preview", ApiScope::incident, planned(preview_incident));
    router.add("GET", one, ApiScope::read, known(show_incident));
    router.add("PATCH", one, ApiScope::incident, once(patch_incident));
    router.add("GET", one + "/timeline", ApiScope::read, known(show_timeline));
    router.add("GET", one + "/event.ics", ApiScope::read, known(show_event));
    router.add("POST", one + "/notes", ApiScope::incident, once(note_incident));
    router.add("POST", one + "/resolve", ApiScope::incident, once(end_incident<&IncidentDesk::resolve>));
    router.add("POST", one + "/cancel", ApiScope::incident, once(end_incident<&IncidentDesk::cancel>));
    router.add("POST", one + "/ack", Access::anybody, once(acknowledge_incident));
}

}  // namespace watchbill::http
