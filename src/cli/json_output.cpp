#include "cli/json_output.h"

#include <fmt/core.h>

#include "time/format.h"

namespace watchbill::cli {

namespace {

Json status_name(EventStatus status) {
    switch (status) {
        case EventStatus::none: break;
        case EventStatus::tentative: return "tentative";
        case EventStatus::confirmed: return "confirmed";
        case EventStatus::cancelled: return "cancelled";
    }
    return nullptr;
}

}  // namespace

void print_json(const Json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

std::string json_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json to_json(const Occurrence& occurrence, OccurrenceKind kind) {
    const bool all_day = occurrence.all_day.has_value();
    const std::string& recurrence_id = occurrence.recurrence_id;
    return Json{
        {"uid", occurrence.event->uid},
        {"recurrence_id", recurrence_id.empty() ? Json() : Json(recurrence_id)},
        {"start", all_day ? format_day(occurrence.all_day->first) : format_instant(occurrence.when.start)},
        {"end", all_day ? format_day(occurrence.all_day->end) : format_instant(occurrence.when.end)},
        {"all_day", all_day},
        {"summary", occurrence.event->summary},
        {"status", status_name(occurrence.event->status)},
        {"kind", std::string(occurrence_kind_name(kind))},
    };
}

Json to_json(const Problem& problem) {
    return Json{
        {"file", problem.place.file},     {"line", problem.place.line},
        {"column", problem.place.column}, {"severity", std::string(problem_severity_name(problem.severity))},
        {"message", problem.message},
    };
}

}  // namespace watchbill::cli
