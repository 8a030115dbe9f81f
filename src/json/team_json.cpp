#include "json/team_json.h"

#include <array>
#include <nlohmann/json.hpp>

#include "json/nullable_json.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Json = nlohmann::ordered_json;

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

template <typename T>
Json list_of(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) list.push_back(to_json(value));
    return list;
}

}  // namespace

Json team_json(const Team& team) {
    return Json{{"horizon_days", team.horizon_days},
                {"notice_days", team.notice_days},
                {"rotations", list_of(team.rotations)},
                {"members", list_of(team.members)},
                {"backup", emails(team.backup)}};
}

}  // namespace watchbill
