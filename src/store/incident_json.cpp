#include "store/incident_json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "store/seconds.h"

namespace watchbill::store {

namespace {

using Json = nlohmann::json;

Instant instant_from(const Json& seconds) { return to_instant(seconds.get<long long>()); }

Json optional_instant(const std::optional<Instant>& instant) {
    return instant ? Json(to_seconds(*instant)) : Json();
}
std::optional<Instant> optional_instant(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(instant_from(json));
}

// What cannot be read throws, as nlohmann/json does; it ends in incident_from_json.
template <typename T>
T known(std::optional<T> value) {
    if (!value) throw std::invalid_argument("a word or an address that no version has written");
    return *value;
}

MemberId person(const Json& json) { return known(MemberId::parse(json.get_ref<const std::string&>())); }

Json to_json(const Invitation& one) {
    return Json{
        {"member", one.member.email()},
        {"name", one.name},
        {"role", incident_role_name(one.role)},
        {"slots", one.slots},
        {"rule", one.rule},
        {"why", one.why},
        {"rsvp", participation_name(one.rsvp)},
        {"invited_at", to_seconds(one.invited_at)},
        {"invited_sequence", one.invited_sequence},
        {"answered_at", optional_instant(one.answered_at)},
        {"answer_sequence", one.answer_sequence},
        {"answer_stamp", to_seconds(one.answer_stamp)},
        {"link_used", one.link_used},
        {"calendar_rsvp", participation_name(one.calendar_rsvp)},
        {"problem", delivery_problem_name(one.problem)},
        {"problem_since", optional_instant(one.problem_since)},
        {"round", one.round},
        {"asked_sequence", one.asked_sequence},
        {"first_invited_at", optional_instant(one.first_invited_at)},
    };
}

Invitation to_invitation(const Json& json) {
    Invitation one;
    one.member = person(json.at("member"));
    one.name = json.at("name");
    one.role = known(incident_role_from_name(json.at("role").get_ref<const std::string&>()));
    one.slots = json.at("slots").get<std::vector<std::string>>();
    one.rule = json.at("rule");
    one.why = json.at("why");
    one.rsvp = known(participation_from_name(json.at("rsvp").get_ref<const std::string&>()));
    one.invited_at = instant_from(json.at("invited_at"));
    one.invited_sequence = json.at("invited_sequence");
    one.answered_at = optional_instant(json.at("answered_at"));
    one.answer_sequence = json.at("answer_sequence");
    one.answer_stamp = instant_from(json.at("answer_stamp"));
    one.link_used = json.at("link_used");
    // Documents from before incidents were in calendars lack it.
    if (const auto seen = json.find("calendar_rsvp"); seen != json.end())
        one.calendar_rsvp = known(participation_from_name(seen->get_ref<const std::string&>()));
    // Documents from before delivery counted lack these.
    if (const auto problem = json.find("problem"); problem != json.end()) {
        one.problem = known(delivery_problem_from_name(problem->get_ref<const std::string&>()));
        one.problem_since = optional_instant(json.at("problem_since"));
    }
    // Those from before there were rounds lack these.
    one.round = json.value("round", 0);
    one.asked_sequence = json.value("asked_sequence", 0);
    if (const auto first = json.find("first_invited_at"); first != json.end())
        one.first_invited_at = optional_instant(*first);
    return one;
}

Json to_json(const IncidentSlot& slot) {
    return Json{{"name", slot.name},
                {"skill", slot.skill},
                {"exhausted", slot.exhausted},
                {"round", slot.round},
                {"round_began", optional_instant(slot.round_began)}};
}

IncidentSlot to_slot(const Json& json) {
    IncidentSlot slot{json.at("name"), json.at("skill"), json.at("exhausted")};
    // Documents from before there were rounds lack these.
    if (const auto round = json.find("round"); round != json.end()) {
        slot.round = *round;
        slot.round_began = optional_instant(json.at("round_began"));
    }
    return slot;
}

Json to_json(const IncidentCall& call) {
    return Json{{"member", call.member.email()},
                {"name", call.name},
                {"slots", call.slots},
                {"round", call.round},
                {"at", to_seconds(call.at)},
                {"answer", participation_name(call.answer)},
                {"problem", delivery_problem_name(call.problem)}};
}

IncidentCall to_call(const Json& json) {
    return {person(json.at("member")),
            json.at("name"),
            json.at("slots").get<std::vector<std::string>>(),
            json.at("round"),
            instant_from(json.at("at")),
            known(participation_from_name(json.at("answer").get_ref<const std::string&>())),
            known(delivery_problem_from_name(json.at("problem").get_ref<const std::string&>()))};
}

Json to_json(const RecordedAnswer& one) {
    return Json{{"member", one.member.email()},
                {"sequence", one.sequence},
                {"stamp", to_seconds(one.stamp)},
                {"counter", one.counter}};
}

RecordedAnswer to_recorded_answer(const Json& json) {
    return {person(json.at("member")), json.at("sequence"), instant_from(json.at("stamp")),
            json.at("counter")};
}

tl::unexpected<Error> damaged_incident() {
    return fail(
        ErrorCode::damaged,
        "an incident in the database is damaged: restore the database from a backup, or move it away");
}

Incident read(const Json& json) {
    Incident incident;
    incident.id = json.at("id");
    incident.team = json.at("team");
    incident.title = json.at("title");
    incident.severity = known(severity_from_name(json.at("severity").get_ref<const std::string&>()));
    incident.state = known(incident_state_from_name(json.at("state").get_ref<const std::string&>()));
    incident.description = json.at("description");
    incident.conference = json.at("conference");
    if (!json.at("reporter").is_null()) incident.reporter = person(json.at("reporter"));
    incident.opened_by = json.at("opened_by");
    incident.opened_at = instant_from(json.at("opened_at"));
    incident.closed_at = optional_instant(json.at("closed_at"));
    incident.uid = json.at("uid");
    incident.sequence = json.at("sequence");
    incident.changed_at = instant_from(json.at("changed_at"));
    incident.when = {instant_from(json.at("start")), instant_from(json.at("end"))};
    incident.organizer = person(json.at("organizer"));
    for (const Json& slot : json.at("slots")) incident.slots.push_back(to_slot(slot));
    for (const Json& one : json.at("invitations")) incident.invitations.push_back(to_invitation(one));
    // Documents from before calls were kept lack them.
    if (const auto calls = json.find("calls"); calls != json.end()) {
        for (const Json& call : *calls) incident.calls.push_back(to_call(call));
    }
    // Documents from before answers were recorded once lack it.
    if (const auto recorded = json.find("on_record"); recorded != json.end()) {
        for (const Json& one : *recorded) incident.on_record.list.push_back(to_recorded_answer(one));
    }
    incident.version = json.at("version");
    return incident;
}

}  // namespace

Result<std::string> incident_to_json(const Incident& incident) {
    Json slots = Json::array();
    for (const IncidentSlot& slot : incident.slots) slots.push_back(to_json(slot));
    Json invitations = Json::array();
    for (const Invitation& one : incident.invitations) invitations.push_back(to_json(one));
    Json calls = Json::array();
    for (const IncidentCall& call : incident.calls) calls.push_back(to_json(call));
    Json on_record = Json::array();
    for (const RecordedAnswer& one : incident.on_record.list) on_record.push_back(to_json(one));
    const Json json{
        {"id", incident.id},
        {"team", incident.team},
        {"title", incident.title},
        {"severity", severity_name(incident.severity)},
        {"state", incident_state_name(incident.state)},
        {"description", incident.description},
        {"conference", incident.conference},
        {"reporter", incident.reporter ? Json(incident.reporter->email()) : Json()},
        {"opened_by", incident.opened_by},
        {"opened_at", to_seconds(incident.opened_at)},
        {"closed_at", optional_instant(incident.closed_at)},
        {"uid", incident.uid},
        {"sequence", incident.sequence},
        {"changed_at", to_seconds(incident.changed_at)},
        {"start", to_seconds(incident.when.start)},
        {"end", to_seconds(incident.when.end)},
        {"organizer", incident.organizer.email()},
        {"slots", std::move(slots)},
        {"invitations", std::move(invitations)},
        {"calls", std::move(calls)},
        {"on_record", std::move(on_record)},
        {"version", incident.version},
    };
    try {
        return json.dump();
    } catch (const Json::exception&) {
        return fail(ErrorCode::invalid_input, "a text of the incident is not UTF-8: send it in UTF-8");
    }
}

Result<Incident> incident_from_json(const std::string& text) {
    try {
        return read(Json::parse(text));
    } catch (const Json::exception&) {
        return damaged_incident();
    } catch (const std::invalid_argument&) {
        return damaged_incident();
    }
}

}  // namespace watchbill::store
