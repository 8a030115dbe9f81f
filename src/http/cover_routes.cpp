#include "http/cover_routes.h"

#include "http/action_problem.h"
#include "http/form.h"
#include "http/link_page.h"
#include "http/problem.h"
#include "http/team_handler.h"
#include "service/cover_service.h"
#include "texts/phrases.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

ShiftKey shift_in(const PathValues& path) {
    return {path.get<std::string>("rotation"), path.get<Day>("date")};
}

Response not_valid() {
    return link_page(404, "This link is not valid",
                     link_paragraph("Or not any more: a newer mail may have a newer one."));
}

std::string say_shift(const Team& team, const ShiftKey& shift) {
    return say_rotation(team, shift.rotation) + " on " + format_date_of_week(shift.date);
}

Response show(const Backend& backend, const TeamNotice& notice, const PathValues& path) {
    const ShiftKey shift = shift_in(path);
    if (backend.covers == nullptr) return not_valid();
    const auto visit = backend.covers->visit(known_of(notice), shift, path.get<std::string>("token"));
    if (!visit) return visit.error().code == "bad_token" ? not_valid() : problem(visit.error().error);
    const Team& team = *notice.team;
    if (!visit->call) {
        return link_page(
            200, say_shift(team, shift),
            link_paragraph("There is nothing to answer any more" +
                           (visit->holder ? ": " + say_member(team, *visit->holder) + " has the shift."
                                          : std::string("."))));
    }
    const CoverCall& call = *visit->call;
    return link_page(200, "Can you take over?",
                     link_paragraph(say_shift(team, shift) + ": " + say_member(team, call.holder) + " (" +
                                    call.why + ") holds it. The first yes has the rest of it.") +
                         Html::markup("<form method=\"post\"><button class=\"primary\" name=\"answer\" "
                                      "value=\"yes\">Yes, I take it</button> <button name=\"answer\" "
                                      "value=\"no\">No, I cannot</button></form>\n"));
}

Response press(const Backend& backend, const TeamNotice& notice, const Request& request,
               const PathValues& path) {
    if (backend.covers == nullptr) return not_valid();
    const Form form = Form::of_body(request);
    const std::string& answer = form.get("answer");
    if (answer != "yes" && answer != "no")
        return link_page(422, "Yes or no?", link_paragraph("Go back, and press one of the two buttons."));
    const auto outcome =
        backend.covers->answer(known_of(notice), shift_in(path), path.get<std::string>("token"),
                               answer == "yes", {"link", request.caller.from});
    const std::string shift = say_shift(*notice.team, shift_in(path));
    if (outcome && answer == "yes")
        return link_page(200, "Thank you: you have it", link_paragraph(shift + " is yours from now on."));
    if (outcome) return link_page(200, "Thank you", link_paragraph("Somebody else is asked."));
    const ActionError& refused = outcome.error();
    if (refused.code == "bad_token") return not_valid();
    if (refused.error.code == ErrorCode::conflict)
        return link_page(409, "It cannot be yours", link_paragraph(refused.error.message));
    return problem(refused.error);
}

}  // namespace

void add_cover_routes(Router& router, const Backend& backend) {
    const std::string address = "/cover/{team:name}/{rotation:name}/{date:date}/{token:token}";
    router.add("GET", address, Access::anybody,
               for_planned_team(*backend.board,
                                [backend](const TeamNotice& notice, const Request&, const PathValues& path) {
                                    return show(backend, notice, path);
                                }));
    router.add("POST", address, Access::anybody,
               for_planned_team(*backend.board, [backend](const TeamNotice& notice, const Request& request,
                                                          const PathValues& path) {
                   return press(backend, notice, request, path);
               }));
}

}  // namespace watchbill::http
