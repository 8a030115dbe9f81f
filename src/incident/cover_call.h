// The rest of a shift whose holder is away, or has left the team: who is asked to take it, in turn, until one
// says yes, which makes it theirs (DESIGN.md 7, "Away while on duty"). Meanwhile the on-duty chain answers
// (rotation/duty/duty_chain.h), so nobody is woken for it: only those who are there are asked. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "incident/presence.h"
#include "incident/texts.h"
#include "watchbill/outbox.h"

namespace watchbill {

struct CoverCall {
    Shift shift;
    MemberId holder;
    // Why: "sick since 10:00", "has left the team".
    std::string why;
    bool operator==(const CoverCall&) const = default;
};

// One for each running shift whose holder is away for all that is left of it, or for the team's threshold of
// it, or has left the team. Not where it is over within the time that anybody has to answer.
std::vector<CoverCall> cover_calls(const Staff& staff, Instant now);

// Of those who may take the shift and are there, the next who was not asked: the rotation's own first, and
// before those who hold another running shift. Nothing when all were asked.
std::optional<MemberId> next_to_cover(const Staff& staff, const CoverCall& call,
                                      const std::vector<MemberId>& asked, Instant now);

// What belongs to one call in the outbox: OutboxMessage::about.
std::string cover_call_name(const CoverCall& call);

MailTexts cover_request_mail(const Team& team, const CoverCall& call, const MemberId& to,
                             const std::string& url);
// To everybody concerned; `taken_by` may be the reader.
MailTexts cover_taken_mail(const Team& team, const CoverCall& call, const MemberId& taken_by,
                           const MemberId& to);

}  // namespace watchbill
