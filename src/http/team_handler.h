// Handlers of what belongs to one team: the router hands them a path with {team:name}, they get what the
// notice board shows of that team.
#pragma once

#include <functional>

#include "http/application.h"
#include "http/query.h"
#include "service/team_actions.h"

namespace watchbill::http {

// 503, with when to come again: the calendars are being read for the first time.
Response no_plan_yet();

// One request. What the notice shows is of one moment.
struct TeamCall {
    const Backend& backend;
    const TeamNotice& notice;
    const Request& request;
    const PathValues& path;

    const Team& team() const { return *notice.team; }
    Instant now() const { return backend.clock->now(); }
    Actor actor() const { return {request.caller.who, request.caller.from}; }
    // Of a route with {rotation:name} and {date:date}.
    ShiftKey shift() const { return {path.get<std::string>("rotation"), path.get<Day>("date")}; }
    // Of a team that is planned.
    KnownTeam known() const { return {*notice.team, *notice.plan, *notice.availability}; }
};
using TeamHandler = std::function<Response(const TeamCall&)>;
using TeamReader = std::function<Response(const TeamCall&, Query&)>;

enum class Needs {
    team,  // 404 where it is not there, 503 while none is known yet
    plan,  // and 503 until it has its first one: `plan` and `availability` of the notice are there
};
// What the backend points to must outlive the handler.
Handler for_team(const Backend& backend, TeamHandler handler, Needs needs);

// The routes below /api/v1/teams/{team}.
class TeamRoutes {
public:
    TeamRoutes(Router& router, const Backend& backend) : router_(router), backend_(backend) {}

    // Requests whose query has a parameter that is not among these are refused.
    void get(const std::string& path, std::vector<std::string_view> parameters, Needs needs,
             TeamReader reader, ApiScope scope = ApiScope::read);
    void add(const std::string& method, const std::string& path, Requirement requirement, TeamHandler handler,
             Needs needs = Needs::plan);
    // A change that may be sent again (http/repeatable.h).
    void add_once(const std::string& method, const std::string& path, Requirement requirement,
                  TeamHandler handler, Needs needs = Needs::plan);

private:
    Router& router_;
    const Backend& backend_;
};

}  // namespace watchbill::http
