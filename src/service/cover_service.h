// Shifts whose holder is away: the others are asked in turn to take the rest, and the first yes gives it to
// them (incident/cover_call.h). Who was asked, when, and whether they were told is what the outbox says:
// nothing else is stored, and another process goes on where one ended.
//
// Thread-safe, also between processes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "incident/cover_call.h"
#include "incident/delivery.h"
#include "service/incident_links.h"
#include "service/notice_board.h"
#include "service/team_actions.h"
#include "watchbill/ports.h"

namespace spdlog {
class logger;
}

namespace watchbill {

struct CoverServiceOptions {
    std::function<void()> on_changed = {};   // after each write
    std::function<MailService()> mail = {};  // empty: people are taken to know when they are asked
    spdlog::logger* log = nullptr;
};

// Somebody at the link of their mail.
struct CoverVisit {
    MemberId member;
    std::optional<CoverCall> call;   // nothing: nobody is asked to take the shift any more
    std::optional<MemberId> holder;  // who has it now
};

class CoverService {
public:
    // All must outlive it.
    CoverService(Store& store, const Clock& clock, const IncidentLinks& links, CoverServiceOptions options);

    // Asks the next ones wherever that is due. Returns when something will be due next.
    std::optional<Instant> ask_due(const NoticeBoard& board, Instant now);

    // Codes of both: "bad_token".
    ActionResult<CoverVisit> visit(const KnownTeam& known, const ShiftKey& shift,
                                   const std::string& token) const;
    // The shift is theirs, with an entry in the audit log, and the others are told; with a no the next one is
    // asked at once. Saying it again changes nothing. Codes: "taken" where it is somebody else's, or over;
    // those of check_override.
    ActionResult<CoverVisit> answer(const KnownTeam& known, const ShiftKey& shift, const std::string& token,
                                    bool yes, const Actor& actor);

private:
    ActionResult<std::optional<Override>> standing(const KnownTeam& known, const ShiftKey& shift) const;
    Result<std::optional<Instant>> ask_next(const KnownTeam& known, const CoverCall& call, Instant now,
                                            const std::optional<MemberId>& declined);
    // When the time to answer of the last one asked is over; nothing while they are not told.
    std::optional<Instant> time_is_up(const KnownTeam& known, const MessageDelivery& last) const;

    Store& store_;
    const Clock& clock_;
    const IncidentLinks& links_;
    const CoverServiceOptions options_;
};

}  // namespace watchbill
