#include <algorithm>

#include "http/json_message.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/availability_json.h"
#include "json/duty_json.h"
#include "json/plan_json.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill::http {

namespace {

// In 2243: beyond what any board shows.
constexpr Day end_of_all{std::chrono::days(100'000)};

Response not_in_team(const Team& team, std::string_view what, const std::string& name) {
    return problem(404, "Team " + team.name + " has no " + std::string(what) + " \"" + name + "\".");
}

// A filter that names nobody would be answered with nothing, as if they were never on duty.
std::optional<Response> judge_names(const Team& team, const std::optional<std::string>& rotation,
                                    const std::optional<MemberId>& member) {
    if (rotation && team.find_rotation(*rotation) == nullptr) return not_in_team(team, "rotation", *rotation);
    if (member && team.find_member(*member) == nullptr) return not_in_team(team, "member", member->email());
    return std::nullopt;
}

struct PlanFilter {
    DaySpan days;
    std::optional<std::string> rotation;
    std::optional<MemberId> member;

    bool takes(const Assignment& assignment) const {
        const ShiftKey& key = assignment.shift.key;
        return days.first <= key.date && key.date < days.end && (!rotation || key.rotation == *rotation) &&
               (!member || assignment.member == *member);
    }
};

// By date, as `watchbill plan` prints them.
std::vector<const Assignment*> select(const Plan& plan, const PlanFilter& filter) {
    std::vector<const Assignment*> selected;
    for (const Assignment& assignment : plan.assignments)
        if (filter.takes(assignment)) selected.push_back(&assignment);
    std::stable_sort(selected.begin(), selected.end(), [](const Assignment* a, const Assignment* b) {
        return a->shift.key.date < b->shift.key.date;
    });
    return selected;
}

Response show_plan(const TeamCall& call, Query& query) {
    const Team& team = call.team();
    PlanFilter filter;
    filter.days = query.days("from", "to", {Zone::get(team.zone).day_of(call.now()), end_of_all});
    filter.rotation = query.name("rotation");
    filter.member = query.member("member");
    if (query.refused()) return *query.refused();
    if (auto refused = judge_names(team, filter.rotation, filter.member)) return *refused;
    // Assignments have the identity, whichever of their addresses was asked for.
    if (filter.member) filter.member = team.find_member(*filter.member)->id;

    Json assignments = Json::array();
    for (const Assignment* assignment : select(*call.notice.plan, filter))
        assignments.push_back(to_json(*assignment));
    return json_response(200, {{"team", team.name}, {"assignments", std::move(assignments)}});
}

Response explain(const TeamCall& call, Query& query) {
    const Team& team = call.team();
    query.require("date");
    const auto date = query.day("date");
    const auto rotation = query.name("rotation");
    if (query.refused()) return *query.refused();
    if (auto refused = judge_names(team, rotation, std::nullopt)) return *refused;

    const DaySpan that_day{*date, *date + std::chrono::days(1)};
    Json assignments = Json::array();
    for (const Assignment* assignment : select(*call.notice.plan, {that_day, rotation, std::nullopt}))
        assignments.push_back(explained_json(team, *assignment));
    if (assignments.empty())
        return problem(404, "No shift is planned or known on " + format_date_of_week(*date) + ".");
    return json_response(200, {{"team", team.name}, {"assignments", std::move(assignments)}});
}

// Beyond what is planned nobody is known to be on duty, and the chain's later rules would be a wrong answer.
std::optional<Response> judge_instant(const Plan& plan, Instant at, Instant now) {
    if (at == now || plan.assignments.empty()) return std::nullopt;
    Instant end = now;
    for (const Assignment& assignment : plan.assignments) end = std::max(end, assignment.shift.when.end);
    const Instant start = std::min(now, plan.assignments.front().shift.when.start);
    if (start <= at && at < end) return std::nullopt;
    return problem(404, "The plan is known from " + format_instant(start) + " to " + format_instant(end) +
                            "; who is on duty at another time is not.");
}

Response show_on_duty(const TeamCall& call, Query& query) {
    const TeamNotice& notice = call.notice;
    const Instant now = call.now();
    const Instant at = query.instant("at").value_or(now);
    if (query.refused()) return *query.refused();
    if (auto refused = judge_instant(*notice.plan, at, now)) return *refused;
    return json_response(200,
                         on_duty_json({notice.team.get(), notice.plan.get(), notice.availability.get()}, at));
}

Response show_availability(const TeamCall& call, Query& query) {
    const Team& team = call.team();
    const Zone zone = Zone::get(team.zone);
    const DaySpan days = query.days("from", "to", {zone.day_of(call.now()), end_of_all});
    const auto wanted = query.member("member");
    if (query.refused()) return *query.refused();
    if (auto refused = judge_names(team, std::nullopt, wanted)) return *refused;

    const Member* only = wanted ? team.find_member(*wanted) : nullptr;
    Json members = Json::array();
    for (const Member& member : team.members) {
        if (only != nullptr && only != &member) continue;
        const auto theirs = call.notice.availability->find(member.id);
        const bool known = theirs != call.notice.availability->end();
        members.push_back(
            availability_json(member.id, known ? theirs->second : Availability(), zone.interval_of(days)));
    }
    return json_response(200, {{"team", team.name}, {"members", std::move(members)}});
}

}  // namespace

void add_plan_routes(Router& router, const Backend& backend) {
    TeamRoutes routes(router, backend);
    routes.get("/plan", {"from", "to", "rotation", "member"}, Needs::plan, show_plan);
    routes.get("/on-duty", {"at"}, Needs::plan, show_on_duty);
    routes.get("/availability", {"from", "to", "member"}, Needs::plan, show_availability);
    routes.get("/explain", {"date", "rotation"}, Needs::plan, explain);
}

}  // namespace watchbill::http
