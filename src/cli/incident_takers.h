// Incidents for commands that run beside the service: answers to their invitations are taken also while it is
// away, with what it last knew of the team.
#pragma once

#include <memory>

#include "cli/composition.h"
#include "service/incident_replies.h"

namespace watchbill::cli {

// ORGANIZER of incidents, and where answers to invitations go. Without [mail] nothing is sent, and the events
// still need one.
MemberId organizer_of(const ServerConfig& server);

class IncidentTaker {
public:
    // All must outlive it. Mails that an answer leads to wait in the outbox.
    IncidentTaker(const Config& config, Store& store, const Clock& clock, const std::string& secret);

    ReplyTaker& replies() { return replies_; }

private:
    std::shared_ptr<const TeamNotice> look(const std::string& team) const;

    const Config& config_;
    Store& store_;
    const Clock& clock_;
    IncidentLinks links_;
    MailMonitor mail_;  // another process sends: what it knows of the server is not known here
    IncidentDesk desk_;
    IncidentReplies replies_;
};

}  // namespace watchbill::cli
