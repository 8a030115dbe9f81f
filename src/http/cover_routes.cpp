#include "http/link_page.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "service/cover_service.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

std::string say_shift(const Team& team, const ShiftKey& shift) {
    return say_rotation(team, shift.rotation) + " on " + format_date_of_week(shift.date);
}

Response show_cover(const TeamCall& call) {
    const ShiftKey shift = call.shift();
    if (call.backend.covers == nullptr) return link_not_valid();
    const auto visit = call.backend.covers->visit(call.known(), shift, call.path.get<std::string>("token"));
    if (!visit) return visit.error().code == "bad_token" ? link_not_valid() : problem(visit.error().error);
    const Team& team = call.team();
    if (!visit->call) {
        return link_page(
            200, say_shift(team, shift),
            link_paragraph("There is nothing to answer any more" +
                           (visit->holder ? ": " + say_member(team, *visit->holder) + " has the shift."
                                          : std::string("."))));
    }
    const CoverCall& cover = *visit->call;
    return link_page(200, "Can you take over?",
                     link_paragraph(say_shift(team, shift) + ": " + say_member(team, cover.holder) + " (" +
                                    cover.why + ") holds it. The first yes has the rest of it.") +
                         Html::markup("<form method=\"post\"><button class=\"primary\" name=\"answer\" "
                                      "value=\"yes\">Yes, I take it</button> <button name=\"answer\" "
                                      "value=\"no\">No, I cannot</button></form>\n"));
}

Response press_cover(const TeamCall& call) {
    if (call.backend.covers == nullptr) return link_not_valid();
    const std::string answer = call.request.parameter("answer");
    if (answer != "yes" && answer != "no")
        return link_page(422, "Yes or no?", link_paragraph("Go back, and press one of the two buttons."));
    const auto outcome =
        call.backend.covers->answer(call.known(), call.shift(), call.path.get<std::string>("token"),
                                    answer == "yes", {"link", call.request.caller.from});
    const std::string shift = say_shift(call.team(), call.shift());
    if (outcome && answer == "yes")
        return link_page(200, "Thank you: you have it", link_paragraph(shift + " is yours from now on."));
    if (outcome) return link_page(200, "Thank you", link_paragraph("Somebody else is asked."));
    const ActionError& refused = outcome.error();
    if (refused.code == "bad_token") return link_not_valid();
    if (refused.error.code == ErrorCode::conflict)
        return link_page(409, "It cannot be yours", link_paragraph(refused.error.message));
    return problem(refused.error);
}

}  // namespace

void add_cover_routes(Router& router, const Backend& backend) {
    const std::string address = "/cover/{team:name}/{rotation:name}/{date:date}/{token:token}";
    router.add("GET", address, Access::anybody, for_team(backend, show_cover, Needs::plan));
    router.add("POST", address, Access::anybody, for_team(backend, press_cover, Needs::plan));
}

}  // namespace watchbill::http
