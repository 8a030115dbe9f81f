// What waits to be told to people. A message is written in the transaction of the change that it tells of,
// and sent by a worker: nothing is lost by a crash, and what was acknowledged is not sent again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/result.h"
#include "watchbill/time.h"

namespace watchbill {

// How it reaches people. The names scripts see: "mail", "caldav".
enum class Transport { mail, caldav };
std::string_view transport_name(Transport transport);
std::optional<Transport> transport_from_name(std::string_view name);

// Whose turn it is when several wait. Numbers stand in databases.
enum class MessagePriority {
    urgent = 0,  // to an incident's commander, or about one of sev1
    normal = 1,
};

// No pause before an attempt is longer (retry_delay in service/outbox_worker.h), and no mail is held for
// longer (IncidentWrite::mails_held_until). What is to wait for longer than that was written while the wall
// clock was ahead: it is due now.
inline constexpr Duration longest_retry_pause = std::chrono::minutes(36);
inline constexpr Duration longest_mail_hold = std::chrono::minutes(5);
// The same for claims, where the length of the others' is not known.
inline constexpr Duration longest_claim = std::chrono::minutes(2);

// One mail to one person; or with `caldav` the order to bring an incident's event in its calendar up to date:
// then it has no text, and whoever carries it out looks at the incident as it is by then. Immutable once it
// is written.
struct OutboxMessage {
    // The same for the same message, whoever writes it and however often: of (UID, SEQUENCE, recipient,
    // method) for an invitation. It becomes the Message-ID's left part ([A-Za-z0-9._-], 100 bytes at most);
    // writing a message whose id is there already changes nothing.
    std::string id;
    std::string team;
    std::string kind;    // a name scripts see: "invitation", "cancellation", "swap", "event"
    std::string about;   // the incident's or the swap's id
    MemberId recipient;  // with `caldav` the event's organizer
    std::string recipient_name;
    std::string subject;          // one line
    std::string text;             // text/plain, lines separated by '\n'
    std::string html;             // text/html, "" for none
    std::string calendar;         // the iTIP message's bytes, "" for a plain mail
    std::string calendar_method;  // "REQUEST" or "CANCEL" with `calendar`, else ""
    Instant created_at;
    Transport transport = Transport::mail;
    MessagePriority priority = MessagePriority::normal;
    bool operator==(const OutboxMessage&) const = default;
};

enum class DeliveryState {
    queued,   // waits for its next attempt; a claim on it may be running
    sent,     // acknowledged by the mail server, or in the calendar
    failed,   // refused for good, or given up after the last attempt
    dropped,  // never sent: a newer message about the same thing has overtaken it, or the calendar's server
              // told them
};

// The name scripts see ("queued").
std::string_view delivery_state_name(DeliveryState state);
std::optional<DeliveryState> delivery_state_from_name(std::string_view name);

struct OutboxEntry {
    OutboxMessage message;
    DeliveryState state = DeliveryState::queued;
    int attempts = 0;                      // so far, the failed ones
    Instant next_attempt;                  // with `queued`
    std::optional<Instant> claimed_until;  // a worker is at it; later than that anybody may take it
    std::string claimed_by;
    std::string last_error;  // a sentence without content of the mail; "" for none
    std::optional<Instant> settled_at;
    // Of a mail: it is the calendar's server that tells them, and the mail goes out only where that has not
    // happened by then. Unset: mail it is.
    std::optional<Instant> held_until;
    bool operator==(const OutboxEntry&) const = default;
};

// How one message fares, without what it says.
struct MessageDelivery {
    std::string id;
    MemberId recipient;
    Transport transport = Transport::mail;
    std::string calendar_method;
    Instant created_at;
    DeliveryState state = DeliveryState::queued;
    int attempts = 0;  // this and what follows as OutboxEntry has it
    Instant next_attempt;
    std::string last_error;
    std::optional<Instant> settled_at;
    std::optional<Instant> held_until;
    bool operator==(const MessageDelivery&) const = default;
};

struct OutboxClaim {
    std::string worker;  // unique to the process and its start
    Instant now;
    Instant until;  // when the claim expires
    int limit = 50;
    Transport transport = Transport::mail;
    int most_retries = 1'000'000;  // of them, so many at most that were tried before
    // What was never tried before what was, whatever its priority: to see whether a server works again,
    // without the message that it may have failed at.
    bool untried_first = false;
};

// Who is told of one incident by which way, as its mails say.
struct HeldMails {
    std::vector<MemberId> by_mail;  // one mail to them was never held, or its time was up: mail from now on
    std::vector<MemberId> told;     // everybody to whom there ever was one
    long long latest = 0;           // the number of the newest mail; what comes later is not spoken of
    bool operator==(const HeldMails&) const = default;
};

// What a calendar's server was seen to do.
struct ServerInvitations {
    long long latest = 0;               // as HeldMails had it
    std::vector<MemberId> by_server;    // it has invited them, whatever mail did
    std::vector<MemberId> unreachable;  // it could not: mail must
};

// What an attempt came to.
struct DeliveryOutcome {
    DeliveryState state = DeliveryState::sent;  // queued: try again at `next_attempt`
    Instant at;
    Instant next_attempt;  // with `queued`
    std::string error;     // "" when it was sent
    // False with `queued`: given back untouched, the server was never asked. It does not count as an attempt.
    bool attempted = true;
};

struct OutboxSummary {
    long long queued = 0;
    long long failed = 0;
    std::optional<Instant> oldest_queued;  // created_at
    std::optional<Instant> next_due;       // when the next queued one may be claimed
    bool operator==(const OutboxSummary&) const = default;
};

// Thread-safe, also between processes. Errors: those of the store.
class OutboxStore {
public:
    virtual ~OutboxStore() = default;

    // All or nothing. Of the calendar messages about one thing to one person only the newest counts: older
    // ones that wait are dropped, and so is a cancellation when nothing that it cancels was ever tried. One
    // that a worker is at is waited for, so that they arrive in order.
    virtual Result<void> add_to_outbox(const std::vector<OutboxMessage>& messages) = 0;
    // Takes what is due (queued, next_attempt <= now, not held, no running claim): by priority, then what was
    // never tried, then the oldest. What is about the same thing to the same person goes one after the other;
    // it does not wait for a plain mail that was refused several times. Taking what another worker left
    // without a word counts as an attempt.
    //
    // A claim that ends later than two of its length from now is taken for one from before the wall clock was
    // set back, and for expired.
    virtual Result<std::vector<OutboxEntry>> claim_outbox(const OutboxClaim& claim) = 0;
    // Whether claim_outbox would take anything. It only reads: it waits for nobody who writes.
    virtual Result<bool> has_due_outbox(const OutboxClaim& claim) = 0;
    // Those of the worker's claims that still stand end at `until`.
    virtual Result<void> renew_outbox_claims(const std::string& worker, const std::vector<std::string>& ids,
                                             Instant until) = 0;
    // Whose claims stand, expired or not, over messages of any transport.
    virtual Result<std::vector<std::string>> outbox_claimants() = 0;
    // All claims of a worker whose process has ended expire.
    virtual Result<void> free_outbox_claims(const std::string& worker, Instant now) = 0;
    // False: the claim has expired and somebody else has taken it; nothing was changed.
    virtual Result<bool> settle_outbox(const std::string& id, const std::string& worker,
                                       const DeliveryOutcome& outcome) = 0;
    // Newest first; `team` and `about` may be "" for any.
    virtual Result<std::vector<OutboxEntry>> outbox(const std::string& team, const std::string& about,
                                                    int limit) = 0;
    // All messages about one incident or swap, the newest first.
    virtual Result<std::vector<MessageDelivery>> deliveries(const std::string& team,
                                                            const std::string& about) = 0;
    // When the first of those that wait after a failed attempt is tried again. Nothing while none does.
    virtual Result<std::optional<Instant>> next_retry(Transport transport) = 0;
    virtual Result<OutboxSummary> outbox_summary(Transport transport) = 0;
    // Makes a message due now: a failed one, its attempts forgotten, or one that waits, for the calendar's
    // server too. Errors: not_found; conflict when it was sent or dropped, or when a worker is at it.
    virtual Result<void> retry_outbox(const std::string& id, Instant now) = 0;
    // Forgets messages, with their content, that were settled before an instant.
    virtual Result<void> forget_outbox(Instant settled_before) = 0;
    // Writes something that nobody sees, and does not wait: whether what people do now would be kept. A
    // database that somebody else is writing to can be written.
    virtual Result<void> check_writable() = 0;

    // Mails about one incident that wait for the calendar's server (IncidentWrite::mails_held_until). Whom
    // mail has begun to tell is told by mail on; whom the server tells, by the server.
    //
    // Holds them for so long, and says who is told how.
    virtual Result<HeldMails> hold_mails(const std::string& team, const std::string& about, Instant now,
                                         Instant until) = 0;
    // Holds until then all mails that were held and wait behind an event which is not known to be in its
    // calendar: whoever starts looks there before it tells people. Never shortens a time.
    virtual Result<void> hold_behind_events(Instant until) = 0;
    // The server has done it: what was held is dropped, except for the unreachable.
    virtual Result<void> leave_to_server(const std::string& team, const std::string& about,
                                         const ServerInvitations& invitations, Instant now) = 0;
    // They go out at once: all that are held, or the newest to one person, also when the server was believed
    // to have told them.
    virtual Result<void> release_mails(const std::string& team, const std::string& about,
                                       const std::optional<MemberId>& only, Instant now) = 0;
};

}  // namespace watchbill
