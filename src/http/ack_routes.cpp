#include "http/ack_routes.h"

#include "http/problem.h"
#include "http/team_handler.h"
#include "incident/texts.h"
#include "service/incident_desk.h"

namespace watchbill::http {

namespace {

std::string escape(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            case '\'': escaped += "&#39;"; break;
            case '\n': escaped += "<br>"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

// No script, no picture, nothing from elsewhere; readable on a phone.
Response page(int status, const std::string& title, const std::string& body) {
    Response response = text_response(
        status, "text/html; charset=utf-8",
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" "
        "content=\"noindex\"><title>" +
            escape(title) +
            "</title><style>body{font:18px/1.4 sans-serif;margin:2em auto;max-width:34em;padding:0 1em}"
            "button{font:inherit;padding:.7em 1.4em;background:#0b57d0;color:#fff;border:0;border-radius:6px}"
            "</style><h1>" +
            escape(title) + "</h1>" + body + "</html>\n");
    Headers& headers = response.headers;
    headers.add("Cache-Control", "private, no-store");
    // The address is a key: it must not be told to the next page.
    headers.add("Referrer-Policy", "no-referrer");
    headers.add("Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'");
    return response;
}

Response not_valid() {
    return page(
        404, "This link is not valid",
        "<p>Or not any more: a newer mail may have a newer one. The incident is in your calendar.</p>");
}

Response show(const Backend& backend, const TeamNotice& notice, const PathValues& path) {
    const auto incident = backend.store->find_incident(notice.team->name, path.get<std::string>("incident"));
    if (!incident) return problem(incident.error());
    if (!*incident) return not_valid();
    const Invitation* invitation =
        backend.incidents->links().find_by_token(**incident, path.get<std::string>("token"));
    if (invitation == nullptr) return not_valid();
    const std::string facts = "<p>" + escape(incident_description(*notice.team, **incident)) + "</p>";
    if ((*incident)->state != IncidentState::open || invitation->link_used)
        return page(200, incident_summary(**incident), "<p>There is nothing to answer any more.</p>" + facts);
    return page(200, incident_summary(**incident),
                "<form method=\"post\"><button>I am on it</button></form>" + facts);
}

Response press(const Backend& backend, const TeamNotice& notice, const Request& request,
               const PathValues& path) {
    const auto outcome = backend.incidents->acknowledge(
        {*notice.team, *notice.plan, *notice.availability}, path.get<std::string>("incident"),
        path.get<std::string>("token"), {"link", request.caller.from});
    if (outcome) {
        return page(200, "Thank you: you are on it",
                    "<p>" + escape(incident_description(*notice.team, outcome->incident)) + "</p>");
    }
    const std::string& code = outcome.error().code;
    if (code == "bad_token" || code == "no_such_incident") return not_valid();
    if (code == "link_used" || code == "incident_closed")
        return page(409, "Already answered", "<p>" + escape(outcome.error().error.message) + "</p>");
    return problem(outcome.error().error);
}

}  // namespace

void add_ack_routes(Router& router, const Backend& backend) {
    const std::string address = "/ack/{team:name}/{incident:name}/{token:token}";
    router.add(
        "GET", address, Access::anybody,
        for_team(*backend.board, [backend](const TeamNotice& notice, const Request&, const PathValues& path) {
            return show(backend, notice, path);
        }));
    router.add("POST", address, Access::anybody,
               for_planned_team(*backend.board, [backend](const TeamNotice& notice, const Request& request,
                                                          const PathValues& path) {
                   return press(backend, notice, request, path);
               }));
}

}  // namespace watchbill::http
