#include "json/swap_json.h"

#include <nlohmann/json.hpp>

#include "rotation/swaps/swap_phrases.h"
#include "time/format.h"

namespace watchbill {

namespace {

using Json = nlohmann::ordered_json;

Json shift_json(const ShiftKey& key, const std::optional<Interval>& when) {
    const bool known = when && !when->empty();
    return Json{{"rotation", key.rotation},
                {"date", format_day(key.date)},
                {"start", known ? Json(format_instant(when->start)) : Json()},
                {"end", known ? Json(format_instant(when->end)) : Json()}};
}

Json member_json(const std::optional<MemberId>& member) { return member ? Json(member->email()) : Json(); }

Json reason_json(SwapReason reason) {
    return reason == SwapReason::none ? Json() : Json(swap_reason_name(reason));
}

}  // namespace

Json swap_json(const Team& team, const Swap& swap, const std::vector<SwapStep>& history) {
    Json late = Json::array();
    for (const MemberId& member : swap.turned_away) late.push_back(member.email());
    Json steps = Json::array();
    for (const SwapStep& step : history) {
        steps.push_back({{"at", format_instant(step.at)},
                         {"state", swap_state_name(step.state)},
                         {"reason", reason_json(step.reason)},
                         {"what", step.what}});
    }
    const bool agreed = swap.consent != SwapConsent::none;
    return Json{
        {"id", swap.id},
        {"kind", swap_kind_name(swap.kind)},
        {"state", swap_state_name(swap.state)},
        {"reason", reason_json(swap.reason)},
        {"about", member_json(swap.about)},
        {"organizer", swap.organizer.email()},
        {"colleague", member_json(swap.colleague)},
        {"open", swap.open},
        {"shift", shift_json(swap.shift, swap.shift_when)},
        {"counter", swap.counter ? shift_json(*swap.counter, swap.counter_when) : Json()},
        {"consent", agreed ? Json(swap_consent_name(swap.consent)) : Json()},
        {"proposed_at", format_instant(swap.proposed_at)},
        {"accepted_at", swap.accepted_at ? Json(format_instant(*swap.accepted_at)) : Json()},
        {"changed_at", format_instant(swap.changed_at)},
        {"turned_away", std::move(late)},
        {"explanation", say_trade(team, swap) + ": " + say_swap_state(team, swap) + "."},
        {"next", say_next_step(team, swap)},
        {"history", std::move(steps)},
    };
}

}  // namespace watchbill
