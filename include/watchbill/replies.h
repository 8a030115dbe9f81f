// Who wants to know what people answered to invitations. The mail that came in is read once; whoever sent the
// invitation recognises it by its UID.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "watchbill/invitation.h"
#include "watchbill/result.h"
#include "watchbill/time.h"

namespace watchbill {

// What a taker made of a reply that concerns it.
struct ReplyVerdict {
    bool applied = false;
    std::string code;     // a name scripts see: "accepted", "declined", "stale", "counter", "uninvited", ...
    std::string message;  // a sentence for people, without the event's content
    std::string team;
    std::string about;  // the incident's or the swap's id
    bool operator==(const ReplyVerdict&) const = default;
};

// Thread-safe. Called once for each reply, in any order; that the mail's sender is the attendee has been
// checked. The rest is the taker's: who is invited, which answer is newer (SEQUENCE, then DTSTAMP, RFC 5546
// 2.1.5), that COUNTER and the uninvited are recorded and not applied.
class ReplyTaker {
public:
    virtual ~ReplyTaker() = default;
    // Nothing: the UID is not one of its own. Errors: those of the store; the mail is to be offered again.
    virtual Result<std::optional<ReplyVerdict>> take(const InvitationReply& reply, Instant now) = 0;
};

// A mail that came in: who sent it, and the calendar part in it.
struct ReceivedMail {
    MemberId from;
    std::string message_id;  // without brackets, printable, at most 200 bytes; "" for none
    std::string calendar;    // the decoded bytes of the calendar part
    std::string method;      // of its MIME type, upper case; "" for none
};

struct MailRefusal {
    std::string code;     // a name scripts see: "bounce"
    std::string message;  // a sentence for people, without content of the mail
};

// Thread-safe.
class MailReader {
public:
    virtual ~MailReader() = default;
    // `bytes` are one mail as it came (RFC 5322), of any size and content.
    virtual tl::expected<ReceivedMail, MailRefusal> read(std::string_view bytes) const = 0;
};

// Told, after the commit, that something was written to the outbox: the worker need not wait for its next
// look. Thread-safe, never blocks.
class OutboxBell {
public:
    virtual ~OutboxBell() = default;
    virtual void ring() = 0;
};

}  // namespace watchbill
