#include "json/duty_json.h"

#include <nlohmann/json.hpp>

#include "json/plan_json.h"
#include "rotation/duty/on_duty.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Json = nlohmann::ordered_json;

Json assignment_or_null(const std::optional<Assignment>& assignment) {
    return assignment ? to_json(*assignment) : Json();
}

Json to_json(const Team& team, const OnDuty& duty) {
    // On paper a shift that runs stays with whoever has left the team, but they do not serve it.
    const bool held = duty.current && duty.current->member && team.find_member(*duty.current->member);
    return Json{
        {"rotation", duty.rotation},
        {"member", held ? Json(duty.current->member->email()) : Json()},
        {"until", duty.current ? Json(format_instant(duty.current->shift.when.end)) : Json()},
        {"why", duty.current ? Json(say_why_on_duty(team, *duty.current)) : Json()},
        {"current", assignment_or_null(duty.current)},
        {"next", assignment_or_null(duty.next)},
    };
}

Json answer_of(const DutyChain& chain) {
    const auto answer = chain.answer();
    const bool by_rotation = answer && answer->rule == DutyRule::rotation;
    return Json{
        {"member", answer ? Json(answer->member.email()) : Json()},
        {"rule", answer ? Json(duty_rule_name(answer->rule)) : Json()},
        {"rotation", by_rotation ? Json(answer->rotation) : Json()},
        {"until", chain.until ? Json(format_instant(*chain.until)) : Json()},
    };
}

Json links_of(const DutyChain& chain) {
    Json links = Json::array();
    for (const DutyLink& link : chain.links) {
        links.push_back({{"member", link.member.email()},
                         {"rule", duty_rule_name(link.rule)},
                         {"rotation", link.rotation.empty() ? Json() : Json(link.rotation)},
                         {"absent", link.absent}});
    }
    return links;
}

Json away_of(const DutyChain& chain) {
    Json away = Json::array();
    for (const AwayHolder& holder : chain.away) {
        away.push_back({{"member", holder.member.email()},
                        {"rotation", holder.rotation},
                        {"kind", absence_kind_name(holder.kind)},
                        {"since", format_instant(holder.when.start)},
                        {"until", format_instant(holder.when.end)}});
    }
    return away;
}

}  // namespace

Json on_duty_json(const DutyInput& input, Instant at) {
    const DutyChain chain = duty_chain_at(input, at);
    Json rotations = Json::array();
    for (const OnDuty& duty : on_duty_at(*input.team, *input.plan, at))
        rotations.push_back(to_json(*input.team, duty));
    return Json{{"team", input.team->name},
                {"at", format_instant(at)},
                {"answer", answer_of(chain)},
                {"away", away_of(chain)},
                {"text", say_answer(*input.team, chain, at)},
                {"chain", links_of(chain)},
                {"rotations", std::move(rotations)}};
}

}  // namespace watchbill
