#include "json/plan_json.h"

#include <nlohmann/json.hpp>

#include "rotation/reasons.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Json = nlohmann::ordered_json;

Json email_or_null(const std::optional<MemberId>& member) {
    return member && !member->empty() ? Json(member->email()) : Json();
}

Json flags_of(const Assignment& assignment) {
    Json flags = Json::array();
    if (!assignment.member) flags.push_back("uncovered");
    if (assignment.rest_broken) flags.push_back("rest_broken");
    if (assignment.overridden) flags.push_back("override");
    if (is_forced(assignment)) flags.push_back("forced");
    return flags;
}

}  // namespace

Json to_json(const Reason& reason) {
    Json json{
        {"code", reason_name(reason.code)},
        {"member", email_or_null(reason.member)},
        {"start", reason.when ? Json(format_instant(reason.when->start)) : Json()},
        {"end", reason.when ? Json(format_instant(reason.when->end)) : Json()},
        {"kind", reason.absence_kind ? Json(absence_kind_name(*reason.absence_kind)) : Json()},
    };
    if (reason.balance) json["balance"] = *reason.balance;
    if (reason.class_balance) {
        json["class"] = reason.fair_class;
        json["class_balance"] = *reason.class_balance;
    }
    return json;
}

Json to_json(const Assignment& assignment) {
    Json reasons = Json::array();
    for (const Reason& reason : assignment.reasons) reasons.push_back(to_json(reason));
    return Json{
        {"date", format_day(assignment.shift.key.date)},
        {"rotation", assignment.shift.key.rotation},
        {"member", email_or_null(assignment.member)},
        {"start", format_instant(assignment.shift.when.start)},
        {"end", format_instant(assignment.shift.when.end)},
        {"reasons", std::move(reasons)},
        {"flags", flags_of(assignment)},
    };
}

Json explained_json(const Team& team, const Assignment& assignment) {
    Json json = to_json(assignment);
    json["explanation"] = explain_in_one_sentence(team, assignment);
    return json;
}

}  // namespace watchbill
