// Addresses that concern incidents: for programs, and the ones in people's mails. An acknowledgement link is
// its own key: an HMAC over incident, person and the invitation it belongs to, good until it is used. Nothing
// of it is stored.
#pragma once

#include <optional>
#include <string>

#include "watchbill/incident.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

// Thread-safe once the public URL is set.
class IncidentLinks {
public:
    explicit IncidentLinks(std::string secret) : secret_(std::move(secret)) {}

    // As the server is reached, without a trailing slash. To be set before anything is asked of it.
    void set_public_url(std::string url) { public_url_ = std::move(url); }
    const std::string& public_url() const { return public_url_; }

    std::string location(const Incident& incident) const;  // "/api/v1/teams/payments/incidents/..."
    std::string api_url(const Incident& incident) const;   // with the public URL in front
    std::string ics_url(const Incident& incident) const;

    // 32 hex digits. A new one each time that people have to answer anew.
    std::string ack_token(const Incident& incident, const Invitation& invitation) const;
    std::string ack_url(const Incident& incident, const Invitation& invitation) const;
    // Whose it is; null for nobody's. Takes the same time for every wrong one.
    const Invitation* find_by_token(const Incident& incident, std::string_view token) const;

    // Whether somebody takes the rest of a shift. Theirs, for that shift.
    std::string cover_token(const std::string& team, const ShiftKey& shift, const MemberId& member) const;
    std::string cover_url(const std::string& team, const ShiftKey& shift, const MemberId& member) const;
    // The member whose it is; takes the same time for every wrong one.
    std::optional<MemberId> find_by_cover_token(const Team& team, const ShiftKey& shift,
                                                std::string_view token) const;

private:
    const std::string secret_;
    std::string public_url_;
};

}  // namespace watchbill
