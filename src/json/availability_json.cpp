#include "json/availability_json.h"

#include <nlohmann/json.hpp>

#include "time/format.h"

namespace watchbill {

using Json = nlohmann::ordered_json;

namespace {

Json span_json(const Interval& when) {
    return Json{{"start", format_instant(when.start)}, {"end", format_instant(when.end)}};
}

Json to_json(const Absence& absence) {
    Json json = span_json(absence.when);
    json["kind"] = absence_kind_name(absence.kind);
    const auto& days = absence.all_day;
    json["all_day"] =
        days ? Json{{"start", format_day(days->first)}, {"end", format_day(days->end)}} : Json(nullptr);
    return json;
}

}  // namespace

Json availability_json(const MemberId& member, const Availability& theirs, const Interval& window) {
    Json absences = Json::array();
    for (const Absence& absence : theirs.absences)
        if (absence.when.overlaps(window)) absences.push_back(to_json(absence));
    Json nights = Json::array();
    for (const Interval& night : theirs.night_duties)
        if (night.overlaps(window)) nights.push_back(span_json(night));
    return Json{
        {"member", member.email()}, {"absences", std::move(absences)}, {"night_duties", std::move(nights)}};
}

}  // namespace watchbill
