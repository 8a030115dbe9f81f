#include "http/html.h"
#include "http/link_page.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "incident/texts.h"
#include "service/incident_desk.h"

namespace watchbill::http {

namespace {

Html join_button(const Incident& incident) {
    if (!is_web_address(incident.conference)) return {};
    return Html::markup("<p><a class=\"button\" rel=\"noreferrer\" href=\"") +
           Html::text(incident.conference) + Html::markup("\">Join the call</a></p>\n");
}

// Where to go, and all that the event says.
Html facts_of(const Team& team, const Incident& incident) {
    return join_button(incident) + link_paragraph(incident_description(team, incident));
}

Response not_valid() { return link_not_valid("The incident is in your calendar."); }

Response show(const TeamCall& call) {
    const auto incident =
        call.backend.store->find_incident(call.team().name, call.path.get<std::string>("incident"));
    if (!incident) return problem(incident.error());
    if (!*incident) return not_valid();
    const Invitation* invitation =
        call.backend.incidents->links().find_by_token(**incident, call.path.get<std::string>("token"));
    if (invitation == nullptr) return not_valid();
    const Html facts = facts_of(call.team(), **incident);
    if ((*incident)->state != IncidentState::open || invitation->link_used)
        return link_page(200, incident_summary(**incident),
                         link_paragraph("There is nothing to answer any more.") + facts);
    return link_page(
        200, incident_summary(**incident),
        Html::markup("<form method=\"post\"><button class=\"primary\">I am on it</button></form>\n") + facts);
}

Response press(const TeamCall& call) {
    const auto outcome = call.backend.incidents->acknowledge(
        call.known(), call.path.get<std::string>("incident"), call.path.get<std::string>("token"),
        {"link", call.request.caller.from});
    if (outcome) return link_page(200, "Thank you: you are on it", facts_of(call.team(), outcome->incident));
    const std::string& code = outcome.error().code;
    if (code == "bad_token" || code == "no_such_incident") return not_valid();
    if (code == "link_used" || code == "incident_closed")
        return link_page(409, "Already answered", link_paragraph(outcome.error().error.message));
    return problem(outcome.error().error);
}

}  // namespace

void add_ack_routes(Router& router, const Backend& backend) {
    const std::string address = "/ack/{team:name}/{incident:name}/{token:token}";
    router.add("GET", address, Access::anybody, for_team(backend, show, Needs::team));
    router.add("POST", address, Access::anybody, for_team(backend, press, Needs::plan));
}

}  // namespace watchbill::http
