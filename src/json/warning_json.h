// Warnings about calendars as JSON: {"code","message"}. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "watchbill/occurrence.h"

namespace watchbill {

nlohmann::ordered_json to_json(const CalendarWarning& warning);
nlohmann::ordered_json to_json(const std::vector<CalendarWarning>& warnings);

}  // namespace watchbill
