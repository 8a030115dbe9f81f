#include "http/team_handler.h"

#include "http/problem.h"
#include "http/repeatable.h"

namespace watchbill::http {

namespace {

constexpr const char* one_team = "/api/v1/teams/{team:name}";

}  // namespace

Response no_plan_yet() {
    return problem_for(
        std::chrono::seconds(5), 503,
        "The calendars are being read for the first time. Trying again in a moment will work.");
}

Handler for_team(const Backend& backend, TeamHandler handler, Needs needs) {
    return [backend, handler = std::move(handler), needs](const Request& request, const PathValues& path) {
        const auto& name = path.get<std::string>("team");
        const auto notice = backend.board->find(name);
        // Connections are taken before the teams are known: then it may well be there.
        if (notice == nullptr && !backend.board->all().empty())
            return problem(404, "There is no team \"" + name + "\"; /api/v1/teams lists them.");
        if (notice == nullptr || (needs == Needs::plan && !notice->ready())) return no_plan_yet();
        return handler({backend, *notice, request, path});
    };
}

void TeamRoutes::get(const std::string& path, std::vector<std::string_view> parameters, Needs needs,
                     TeamReader reader, ApiScope scope) {
    const auto read = [parameters = std::move(parameters), reader = std::move(reader)](const TeamCall& call) {
        Query query(call.request, parameters);
        return query.refused() ? *query.refused() : reader(call, query);
    };
    add("GET", path, scope, read, needs);
}

void TeamRoutes::add(const std::string& method, const std::string& path, Requirement requirement,
                     TeamHandler handler, Needs needs) {
    router_.add(method, one_team + path, requirement, for_team(backend_, std::move(handler), needs));
}

void TeamRoutes::add_once(const std::string& method, const std::string& path, Requirement requirement,
                          TeamHandler handler, Needs needs) {
    router_.add(method, one_team + path, requirement,
                repeatable(backend_, for_team(backend_, std::move(handler), needs)));
}

}  // namespace watchbill::http
