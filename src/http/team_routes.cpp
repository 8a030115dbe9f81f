#include <array>

#include "http/json_message.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/repeatable.h"
#include "http/routes.h"
#include "http/team_handler.h"
#include "json/warning_json.h"
#include "time/format.h"

namespace watchbill::http {

namespace {

// As long as clients and proxies commonly wait. The slowest calendar is given up after about as long.
constexpr std::chrono::seconds refresh_patience{30};

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string wall_clock(std::chrono::minutes since_midnight) {
    return format_time_of_day(LocalTime(since_midnight));
}

Json emails(const std::vector<MemberId>& members) {
    Json list = Json::array();
    for (const MemberId& member : members) list.push_back(member.email());
    return list;
}

Json to_json(const Rotation& rotation) {
    // By std::chrono::weekday::c_encoding().
    constexpr std::array names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    Json days = Json::array();
    for (const size_t day : {1U, 2U, 3U, 4U, 5U, 6U, 0U})
        if (rotation.days[day]) days.push_back(names[day]);
    return Json{
        {"name", rotation.name},
        {"title", rotation.title},
        {"time_zone", rotation.zone},
        {"start", wall_clock(rotation.start)},
        {"end", rotation.end ? Json(wall_clock(*rotation.end)) : Json(nullptr)},
        {"days", std::move(days)},
        {"members", emails(rotation.members)},
        {"hands_over_to", text_or_null(rotation.hands_over_to)},
    };
}

Json to_json(const Member& member) {
    constexpr double thousandths = 1000.0;
    return Json{
        {"email", member.id.email()},
        {"name", member.name},
        {"time_zone", member.zone},
        {"site", text_or_null(member.site)},
        {"weight", member.weight / thousandths},
        {"skills", member.skills},
    };
}

Json to_json(const SourceState& source) {
    Json json{
        {"label", source.label},
        {"state", source_health_name(source.health)},
        {"last_success", instant_or_null(source.last_success)},
        {"last_attempt", instant_or_null(source.last_attempt)},
        {"next_attempt", format_instant(source.next_attempt)},
        {"error", nullptr},
        {"warnings", watchbill::to_json(source.warnings)},
    };
    if (const auto& error = source.last_error)
        json["error"] = {{"code", code_name(error->code)}, {"message", error->message}};
    return json;
}

template <typename T>
Json list_of(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) list.push_back(to_json(value));
    return list;
}

Json summary_of(const TeamNotice& notice) {
    const Team& team = *notice.team;
    return Json{
        {"name", team.name}, {"title", team.title}, {"time_zone", team.zone}, {"ready", notice.ready()}};
}

Response list_teams(const NoticeBoard& board, const Request& request) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    Json teams = Json::array();
    for (const auto& notice : board.all()) teams.push_back(summary_of(*notice));
    return json_response(200, {{"teams", std::move(teams)}});
}

Response show_team(const TeamNotice& notice, const Request& request, const PathValues&) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    const Team& team = *notice.team;
    Json body = summary_of(notice);
    body["horizon_days"] = team.horizon_days;
    body["notice_days"] = team.notice_days;
    body["rotations"] = list_of(team.rotations);
    body["members"] = list_of(team.members);
    body["backup"] = emails(team.backup);
    return json_response(200, body);
}

Response show_sources(const TeamNotice& notice, const Request& request, const PathValues&) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    return json_response(200, {{"team", notice.team->name}, {"sources", list_of(notice.sources)}});
}

Response refresh(Service& service, const TeamNotice& notice, const Request& request) {
    const Query query(request, {});
    if (query.refused()) return *query.refused();
    if (const auto body = read_json_object(request, {}); !body) return body.error();
    const auto report = service.refresh_now(notice.team->name, refresh_patience);
    if (!report) return problem(report.error());
    return json_response(200, {{"team", notice.team->name},
                               {"changed_shifts", report->changed_shifts},
                               {"withdrawn_shifts", report->withdrawn_shifts},
                               {"sources", list_of(report->sources)}});
}

}  // namespace

void add_team_routes(Router& router, const Backend& backend) {
    const NoticeBoard& board = *backend.board;
    Service& service = *backend.service;
    router.add("GET", "/api/v1/teams", ApiScope::read,
               [&board](const Request& request, const PathValues&) { return list_teams(board, request); });
    const std::string team = "/api/v1/teams/{team:name}";
    router.add("GET", team, ApiScope::read, for_team(board, show_team));
    router.add("GET", team + "/sources", ApiScope::read, for_team(board, show_sources));
    router.add("POST", team + "/refresh", ApiScope::admin,
               for_team(board, repeatable(backend, [&service](const TeamNotice& notice,
                                                              const Request& request, const PathValues&) {
                            return refresh(service, notice, request);
                        })));
}

}  // namespace watchbill::http
