#include <algorithm>
#include <utility>

#include "vocabulary/name_table.h"
#include "watchbill/incident.h"
#include "watchbill/member_id.h"
#include "watchbill/outbox.h"
#include "watchbill/plan.h"
#include "watchbill/result.h"
#include "watchbill/team.h"

namespace watchbill {

namespace {

constexpr Names<ErrorCode, 10> error_names{{
    {ErrorCode::invalid_input, "invalid_input"},
    {ErrorCode::not_found, "not_found"},
    {ErrorCode::not_a_calendar, "not_a_calendar"},
    {ErrorCode::too_large, "too_large"},
    {ErrorCode::timeout, "timeout"},
    {ErrorCode::unavailable, "unavailable"},
    {ErrorCode::refused, "refused"},
    {ErrorCode::conflict, "conflict"},
    {ErrorCode::damaged, "damaged"},
    {ErrorCode::newer_version, "newer_version"},
}};

constexpr Names<ReasonCode, 12> reason_names{{
    {ReasonCode::next_turn, "next_turn"},
    {ReasonCode::only_candidate, "only_candidate"},
    {ReasonCode::kept_published, "kept_published"},
    {ReasonCode::override_set, "override"},
    {ReasonCode::in_the_past, "in_the_past"},
    {ReasonCode::rest_broken, "rest_broken"},
    {ReasonCode::uncovered, "uncovered"},
    {ReasonCode::replaced, "replaced"},
    {ReasonCode::absent, "absent"},
    {ReasonCode::resting, "resting"},
    {ReasonCode::not_their_turn, "not_their_turn"},
    {ReasonCode::override_ended, "override_ended"},
}};

constexpr Names<ShiftClass, 4> shift_class_names{{
    {ShiftClass::weekend, "weekend"},
    {ShiftClass::holiday, "holiday"},
    {ShiftClass::night, "night"},
    {ShiftClass::weekday, "weekday"},
}};

constexpr Names<AbsenceKind, 6> absence_names{{
    {AbsenceKind::vacation, "vacation"},
    {AbsenceKind::sick, "sick"},
    {AbsenceKind::out_of_office, "out_of_office"},
    {AbsenceKind::holiday, "holiday"},
    {AbsenceKind::unavailable, "unavailable"},
    {AbsenceKind::other, "other"},
}};

constexpr Names<Severity, 4> severity_names{{
    {Severity::sev1, "sev1"},
    {Severity::sev2, "sev2"},
    {Severity::sev3, "sev3"},
    {Severity::sev4, "sev4"},
}};

constexpr Names<IncidentState, 3> incident_state_names{{
    {IncidentState::open, "open"},
    {IncidentState::resolved, "resolved"},
    {IncidentState::cancelled, "cancelled"},
}};

constexpr Names<IncidentRole, 4> incident_role_names{{
    {IncidentRole::commander, "commander"},
    {IncidentRole::stand_in, "stand_in"},
    {IncidentRole::expert, "expert"},
    {IncidentRole::reporter, "reporter"},
}};

constexpr Names<ParticipationStatus, 6> participation_names{{
    {ParticipationStatus::needs_action, "needs_action"},
    {ParticipationStatus::accepted, "accepted"},
    {ParticipationStatus::declined, "declined"},
    {ParticipationStatus::tentative, "tentative"},
    {ParticipationStatus::delegated, "delegated"},
    {ParticipationStatus::other, "other"},
}};

constexpr Names<DeliveryProblem, 4> problem_names{{
    {DeliveryProblem::none, "none"},
    {DeliveryProblem::waiting, "waiting"},
    {DeliveryProblem::refused, "refused"},
    {DeliveryProblem::failed, "failed"},
}};

constexpr Names<DeliveryState, 4> delivery_names{{
    {DeliveryState::queued, "queued"},
    {DeliveryState::sent, "sent"},
    {DeliveryState::failed, "failed"},
    {DeliveryState::dropped, "dropped"},
}};

constexpr Names<Transport, 2> transport_names{{
    {Transport::mail, "mail"},
    {Transport::caldav, "caldav"},
}};

}  // namespace

std::string_view code_name(ErrorCode code) { return name_of(error_names, code); }
std::string_view reason_name(ReasonCode code) { return name_of(reason_names, code); }
std::string_view severity_name(Severity severity) { return name_of(severity_names, severity); }
std::string_view incident_state_name(IncidentState state) { return name_of(incident_state_names, state); }
std::string_view incident_role_name(IncidentRole role) { return name_of(incident_role_names, role); }
std::string_view participation_name(ParticipationStatus status) {
    return name_of(participation_names, status);
}
std::optional<Severity> severity_from_name(std::string_view name) { return value_of(severity_names, name); }
std::optional<IncidentState> incident_state_from_name(std::string_view name) {
    return value_of(incident_state_names, name);
}
std::optional<IncidentRole> incident_role_from_name(std::string_view name) {
    return value_of(incident_role_names, name);
}
std::optional<ParticipationStatus> participation_from_name(std::string_view name) {
    return value_of(participation_names, name);
}
std::string_view delivery_problem_name(DeliveryProblem problem) { return name_of(problem_names, problem); }
std::optional<DeliveryProblem> delivery_problem_from_name(std::string_view name) {
    return value_of(problem_names, name);
}

std::string_view shift_class_name(ShiftClass shifts) { return name_of(shift_class_names, shifts); }
std::optional<ShiftClass> shift_class_from_name(std::string_view name) {
    return value_of(shift_class_names, name);
}
std::string_view absence_kind_name(AbsenceKind kind) { return name_of(absence_names, kind); }
std::string_view delivery_state_name(DeliveryState state) { return name_of(delivery_names, state); }
std::optional<DeliveryState> delivery_state_from_name(std::string_view name) {
    return value_of(delivery_names, name);
}
std::string_view transport_name(Transport transport) { return name_of(transport_names, transport); }
std::optional<Transport> transport_from_name(std::string_view name) {
    return value_of(transport_names, name);
}
std::optional<ReasonCode> reason_from_name(std::string_view name) { return value_of(reason_names, name); }
std::optional<AbsenceKind> absence_kind_from_name(std::string_view name) {
    return value_of(absence_names, name);
}

std::optional<MemberId> MemberId::parse(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);

    std::string email(text);
    // ASCII only: the domain is case-insensitive (RFC 5321 2.4), and no real server tells "Bob@" from "bob@".
    std::transform(email.begin(), email.end(), email.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    constexpr std::string_view scheme = "mailto:";
    if (email.starts_with(scheme)) email.erase(0, scheme.size());

    const size_t at = email.rfind('@');
    const bool has_both_sides = at != std::string::npos && at > 0 && at + 1 < email.size();
    const bool has_forbidden = std::any_of(email.begin(), email.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7f || c == '<' || c == '>' || c == ',' || c == ';' || c == '"';
    });
    if (!has_both_sides || has_forbidden || email.size() > 254) return std::nullopt;
    if (email.find('@') != at) return std::nullopt;

    MemberId id;
    id.email_ = std::move(email);
    return id;
}

bool Rotation::balances(ShiftClass shifts) const {
    return std::find(balance.begin(), balance.end(), shifts) != balance.end();
}

bool Rotation::is_on_roster(const MemberId& member) const {
    return std::find(members.begin(), members.end(), member) != members.end();
}

const Member* Team::find_member(const MemberId& id) const {
    for (const Member& member : members) {
        if (member.id == id) return &member;
        if (std::find(member.aliases.begin(), member.aliases.end(), id) != member.aliases.end())
            return &member;
    }
    return nullptr;
}

const Rotation* Team::find_rotation(std::string_view rotation_name) const {
    for (const Rotation& rotation : rotations) {
        if (rotation.name == rotation_name) return &rotation;
    }
    return nullptr;
}

}  // namespace watchbill
