#include "service/incident_links.h"

#include "crypto/crypto.h"
#include "time/format.h"

namespace watchbill {

namespace {

// 128 bits: nobody guesses it, and the URL still fits in a line of a mail.
constexpr size_t answer_token_length = 32;

}  // namespace

std::string IncidentLinks::location(const Incident& incident) const {
    return "/api/v1/teams/" + incident.team + "/incidents/" + incident.id;
}

std::string IncidentLinks::api_url(const Incident& incident) const {
    return public_url_ + location(incident);
}

std::string IncidentLinks::ics_url(const Incident& incident) const {
    return api_url(incident) + "/event.ics";
}

std::string IncidentLinks::ack_token(const Incident& incident, const Invitation& invitation) const {
    // A link goes on working where they are asked again for the same.
    const Instant since = invitation.first_invited_at.value_or(invitation.invited_at);
    // Neither names, ids nor addresses have a "|".
    const std::string message = "watchbill-ack|" + incident.team + '|' + incident.id + '|' +
                                invitation.member.email() + '|' +
                                std::to_string(since.time_since_epoch().count());
    return crypto::hmac_sha256_hex(secret_, message).substr(0, answer_token_length);
}

std::string IncidentLinks::ack_url(const Incident& incident, const Invitation& invitation) const {
    return public_url_ + "/ack/" + incident.team + '/' + incident.id + '/' + ack_token(incident, invitation);
}

std::string IncidentLinks::cover_token(const std::string& team, const ShiftKey& shift,
                                       const MemberId& member) const {
    const std::string message = "watchbill-cover|" + team + '|' + shift.rotation + '|' +
                                format_day(shift.date) + '|' + member.email();
    return crypto::hmac_sha256_hex(secret_, message).substr(0, answer_token_length);
}

std::string IncidentLinks::cover_url(const std::string& team, const ShiftKey& shift,
                                     const MemberId& member) const {
    return public_url_ + "/cover/" + team + '/' + shift.rotation + '/' + format_day(shift.date) + '/' +
           cover_token(team, shift, member);
}

std::optional<MemberId> IncidentLinks::find_by_cover_token(const Team& team, const ShiftKey& shift,
                                                           std::string_view token) const {
    std::optional<MemberId> found;
    for (const Member& member : team.members) {
        if (crypto::equal_in_constant_time(token, cover_token(team.name, shift, member.id)))
            found = member.id;
    }
    return found;
}

const Invitation* IncidentLinks::find_by_token(const Incident& incident, std::string_view token) const {
    const Invitation* found = nullptr;
    for (const Invitation& invitation : incident.invitations) {
        if (crypto::equal_in_constant_time(token, ack_token(incident, invitation))) found = &invitation;
    }
    return found;
}

}  // namespace watchbill
