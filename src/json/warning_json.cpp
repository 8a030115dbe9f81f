#include "json/warning_json.h"

#include <nlohmann/json.hpp>

namespace watchbill {

using Json = nlohmann::ordered_json;

Json to_json(const CalendarWarning& warning) {
    return Json{{"code", warning.code}, {"message", warning.message}};
}

Json to_json(const std::vector<CalendarWarning>& warnings) {
    Json list = Json::array();
    for (const CalendarWarning& warning : warnings) list.push_back(to_json(warning));
    return list;
}

}  // namespace watchbill
