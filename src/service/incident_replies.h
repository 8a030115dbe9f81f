// What people answered by mail, for incidents: the desk applies it, the timeline keeps what does not count.
#pragma once

#include <functional>

#include "service/incident_desk.h"
#include "watchbill/replies.h"

namespace watchbill {

// Thread-safe. All must outlive it.
class IncidentReplies final : public ReplyTaker {
public:
    // What is known of a team now; null while that is nothing. A service asks its board, a command looks
    // itself.
    using TeamLookup = std::function<std::shared_ptr<const TeamNotice>(const std::string& team)>;

    IncidentReplies(Store& store, IncidentDesk& desk, TeamLookup look)
        : store_(store), desk_(desk), look_(std::move(look)) {}

    // Codes: that of the answer ("accepted"), "recorded" for what does not count; the timeline says why.
    // Error unavailable: the team has no plan yet, so nobody else could be asked; offer it again.
    Result<std::optional<ReplyVerdict>> take(const InvitationReply& reply, Instant now) override;

private:
    Store& store_;
    IncidentDesk& desk_;
    const TeamLookup look_;
};

}  // namespace watchbill
