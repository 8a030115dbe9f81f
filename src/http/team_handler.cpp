#include "http/team_handler.h"

#include "http/problem.h"

namespace watchbill::http {

namespace {

Response no_such_team(const std::string& name) {
    return problem(404, "There is no team \"" + name + "\"; /api/v1/teams lists them.");
}

}  // namespace

Response no_plan_yet() {
    Response response =
        problem(503, "The calendars are being read for the first time. Trying again in a moment will work.");
    response.add_header("Retry-After", "5");
    return response;
}

Handler for_team(const NoticeBoard& board, TeamHandler handler) {
    return [&board, handler = std::move(handler)](const Request& request, const PathValues& path) {
        const auto& name = path.get<std::string>("team");
        // Held until the answer is made: what it shows is of one moment.
        const auto notice = board.find(name);
        if (notice != nullptr) return handler(*notice, request, path);
        // Connections are taken before the teams are known: then it may well be there.
        return board.all().empty() ? no_plan_yet() : no_such_team(name);
    };
}

Handler for_planned_team(const NoticeBoard& board, TeamHandler handler) {
    return for_team(board, [handler = std::move(handler)](const TeamNotice& notice, const Request& request,
                                                          const PathValues& path) {
        return notice.ready() ? handler(notice, request, path) : no_plan_yet();
    });
}

}  // namespace watchbill::http
