// Mails that come in -> answers to invitations, to whoever sent those. Nothing in a mail is believed but what
// its sender may say: From must be the attendee whose answer it is.
#pragma once

#include <spdlog/logger.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/ports.h"
#include "watchbill/replies.h"
#include "watchbill/team.h"

namespace watchbill {

enum class MailFate {
    taken,    // somebody's invitation; whether it changed anything, the verdict says
    ignored,  // automatic mail (bounces, out of office): nobody wants to hear more of it
    refused,  // its sender is to be told why
};

struct MailOutcome {
    MailFate fate = MailFate::refused;
    // With `refused` and `ignored` the code is that of MailRefusal, "not_an_answer", "method_mismatch",
    // "not_the_attendee" or "unknown_event".
    ReplyVerdict verdict;
};

// True when the two addresses are one person's. Exact equality is asked before.
using SamePerson = std::function<bool(const MemberId& a, const MemberId& b)>;

// By the members' aliases in the teams.
bool is_same_member(const std::vector<Team>& teams, const MemberId& a, const MemberId& b);

// Thread-safe as far as the takers are.
class ReplyDesk {
public:
    // All must outlive it.
    ReplyDesk(const MailReader& reader, std::vector<ReplyTaker*> takers, SamePerson same_person,
              const Clock& clock, spdlog::logger& log);

    // Errors are those of the store: the mail is to be offered again.
    Result<MailOutcome> receive(std::string_view bytes) const;

private:
    Result<MailOutcome> decide(const ReceivedMail& mail) const;

    const MailReader& reader_;
    const std::vector<ReplyTaker*> takers_;
    const SamePerson same_person_;
    const Clock& clock_;
    spdlog::logger& log_;
};

}  // namespace watchbill
