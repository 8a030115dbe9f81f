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

// One mail to one person. Immutable once it is written.
struct OutboxMessage {
    // The same for the same message, whoever writes it and however often: of (UID, SEQUENCE, recipient,
    // method) for an invitation. It becomes the Message-ID's left part ([A-Za-z0-9._-], 100 bytes at most);
    // writing a message whose id is there already changes nothing.
    std::string id;
    std::string team;
    std::string kind;   // a name scripts see: "invitation", "cancellation", "swap"
    std::string about;  // the incident's or the swap's id
    MemberId recipient;
    std::string recipient_name;
    std::string subject;          // one line
    std::string text;             // text/plain, lines separated by '\n'
    std::string html;             // text/html, "" for none
    std::string calendar;         // the iTIP message's bytes, "" for a plain mail
    std::string calendar_method;  // "REQUEST" or "CANCEL" with `calendar`, else ""
    Instant created_at;
    bool operator==(const OutboxMessage&) const = default;
};

enum class DeliveryState {
    queued,   // waits for its next attempt; a claim on it may be running
    sent,     // acknowledged by the mail server
    failed,   // refused for good, or given up after the last attempt
    dropped,  // never sent: a newer message about the same thing has overtaken it
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
    bool operator==(const OutboxEntry&) const = default;
};

struct OutboxClaim {
    std::string worker;  // unique to the process and its start
    Instant now;
    Instant until;  // when the claim expires
    int limit = 50;
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
    // Takes what is due (queued, next_attempt <= now, no running claim), oldest first.
    virtual Result<std::vector<OutboxEntry>> claim_outbox(const OutboxClaim& claim) = 0;
    // False: the claim has expired and somebody else has taken it; nothing was changed.
    virtual Result<bool> settle_outbox(const std::string& id, const std::string& worker,
                                       const DeliveryOutcome& outcome) = 0;
    // Newest first; `team` and `about` may be "" for any.
    virtual Result<std::vector<OutboxEntry>> outbox(const std::string& team, const std::string& about,
                                                    int limit) = 0;
    virtual Result<OutboxSummary> outbox_summary() = 0;
    // Queues a failed message again, its attempts forgotten. Errors: not_found; conflict when it did not
    // fail.
    virtual Result<void> retry_outbox(const std::string& id, Instant now) = 0;
    // Forgets messages, with their content, that were settled before an instant.
    virtual Result<void> forget_outbox(Instant settled_before) = 0;
};

}  // namespace watchbill
