#include "store/swap_rows.h"

#include <nlohmann/json.hpp>

#include "crypto/crypto.h"
#include "store/seconds.h"
#include "time/format.h"

namespace watchbill::store {

namespace {

using Json = nlohmann::json;

Instant instant_in(const Json& json) { return to_instant(json.get<long long>()); }

std::string digest_of(const SwapRow& row) {
    const std::string joined = row.team + '\n' + row.id + '\n' + row.shift_date + '\n' + row.last_date +
                               '\n' + std::to_string(row.revision) + '\n' + row.body;
    return crypto::sha256_hex(joined).substr(0, 16);
}

Json to_json(const ShiftKey& key) { return {key.rotation, format_day(key.date)}; }
Json to_json(const Interval& when) { return {to_seconds(when.start), to_seconds(when.end)}; }
Json to_json(const SwapEventRecord& event) {
    return {event.name, event.gone, event.round, event.sequence, event.first_sequence};
}
Json to_json(const Override& fixed) {
    Json json{{"shift", to_json(fixed.shift)},
              {"member", fixed.member.email()},
              {"reason", fixed.reason},
              {"by", fixed.by},
              {"at", to_seconds(fixed.at)}};
    if (fixed.forced) json["forced"] = true;
    return json;
}

// What follows throws Json::exception, or std::bad_optional_access for a text that is none of ours: caught
// by from_row.
ShiftKey key_from(const Json& json) {
    return {json.at(0).get<std::string>(), parse_day(json.at(1).get<std::string>()).value()};
}
Interval interval_from(const Json& json) { return {instant_in(json.at(0)), instant_in(json.at(1))}; }
MemberId member_from(const Json& json) { return MemberId::parse(json.get<std::string>()).value(); }
Override override_from(const Json& json) {
    return {key_from(json.at("shift")),
            member_from(json.at("member")),
            json.at("reason").get<std::string>(),
            json.at("by").get<std::string>(),
            instant_in(json.at("at")),
            json.value("forced", false)};
}

SwapEventRecord event_from(const Json& json) {
    // Swaps from before events were told apart have the UID alone.
    if (json.is_string()) return {json.get<std::string>()};
    return {json.at(0).get<std::string>(), json.at(1).get<bool>(), json.at(2).get<int>(),
            json.at(3).get<int>(), json.at(4).get<int>()};
}

template <typename Read>
auto optional_from(const Json& json, const char* name, Read read) -> std::optional<decltype(read(json))> {
    const auto found = json.find(name);
    return found == json.end() ? std::nullopt : std::optional(read(*found));
}

Swap swap_from(const Json& json) {
    Swap swap;
    swap.kind = swap_kind_from_name(json.at("kind").get<std::string>()).value();
    swap.organizer = member_from(json.at("organizer"));
    swap.shift = key_from(json.at("shift"));
    swap.shift_when = interval_from(json.at("shift_when"));
    swap.open = json.at("open").get<bool>();
    swap.colleague = optional_from(json, "colleague", member_from);
    swap.counter = optional_from(json, "counter", key_from);
    swap.counter_when = optional_from(json, "counter_when", interval_from);
    swap.state = swap_state_from_name(json.at("state").get<std::string>()).value();
    swap.reason = swap_reason_from_name(json.at("reason").get<std::string>()).value();
    swap.about = optional_from(json, "about", member_from);
    swap.consent = swap_consent_from_name(json.at("consent").get<std::string>()).value();
    swap.proposed_at = instant_in(json.at("proposed_at"));
    swap.changed_at = instant_in(json.at("changed_at"));
    swap.accepted_at = optional_from(json, "accepted_at", instant_in);
    for (const Json& late : json.at("turned_away")) swap.turned_away.push_back(member_from(late));
    for (const Json& fixed : json.at("replaced")) swap.replaced.push_back(override_from(fixed));
    for (const Json& event : json.at("event_uids")) swap.events.push_back(event_from(event));
    return swap;
}

}  // namespace

SwapRow to_row(const std::string& team, const Swap& swap) {
    Json json{{"kind", swap_kind_name(swap.kind)},
              {"organizer", swap.organizer.email()},
              {"shift", to_json(swap.shift)},
              {"shift_when", to_json(swap.shift_when)},
              {"open", swap.open},
              {"state", swap_state_name(swap.state)},
              {"reason", swap_reason_name(swap.reason)},
              {"consent", swap_consent_name(swap.consent)},
              {"proposed_at", to_seconds(swap.proposed_at)},
              {"changed_at", to_seconds(swap.changed_at)},
              {"turned_away", Json::array()},
              {"replaced", Json::array()},
              {"event_uids", Json::array()}};
    if (swap.colleague) json["colleague"] = swap.colleague->email();
    if (swap.counter) json["counter"] = to_json(*swap.counter);
    if (swap.counter_when) json["counter_when"] = to_json(*swap.counter_when);
    if (swap.about) json["about"] = swap.about->email();
    if (swap.accepted_at) json["accepted_at"] = to_seconds(*swap.accepted_at);
    for (const MemberId& late : swap.turned_away) json["turned_away"].push_back(late.email());
    for (const Override& fixed : swap.replaced) json["replaced"].push_back(to_json(fixed));
    for (const SwapEventRecord& event : swap.events) json["event_uids"].push_back(to_json(event));

    SwapRow row;
    row.team = team;
    row.id = swap.id;
    row.shift_date = format_day(swap.shift.date);
    row.last_date =
        format_day(swap.counter ? std::max(swap.counter->date, swap.shift.date) : swap.shift.date);
    row.revision = swap.revision;
    // UIDs are a stranger's text.
    row.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    row.digest = digest_of(row);
    return row;
}

Result<Swap> from_row(const SwapRow& row) {
    const auto damaged = [&row] {
        return fail(ErrorCode::damaged,
                    "the swap " + row.id +
                        " in the database is damaged: restore the database from a backup, "
                        "or move it away");
    };
    if (row.digest != digest_of(row)) return damaged();
    try {
        Swap swap = swap_from(Json::parse(row.body));
        swap.id = row.id;
        swap.revision = row.revision;
        return swap;
    } catch (const Json::exception&) {
        return damaged();
    } catch (const std::bad_optional_access&) {
        return damaged();
    }
}

}  // namespace watchbill::store
