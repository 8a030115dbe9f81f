// What is remembered of swaps, as an abstract class. Implemented in src/store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watchbill/audit.h"
#include "watchbill/outbox.h"
#include "watchbill/result.h"
#include "watchbill/swap.h"

namespace watchbill {

// What one look at the calendars came to: written whole or not at all.
struct SwapDecision {
    struct Change {
        Swap swap;                    // as it is from now on; its revision is the one it is expected to have
        std::vector<SwapStep> steps;  // what happened to it
    };
    // One shift's override, which must be as it was when this was decided.
    struct OverrideChange {
        ShiftKey shift;
        std::optional<Override> before;
        std::optional<Override> after;  // nothing: the plan says again who serves it
    };
    std::string team;
    std::vector<Change> changes;
    std::vector<OverrideChange> overrides;
    std::vector<AuditEntry> entries;
    std::vector<OutboxMessage> notices;
    std::vector<SwapAsk> asks;  // to be remembered
    Instant at;

    bool empty() const { return changes.empty() && overrides.empty() && asks.empty(); }
};

// Thread-safe, also between processes. Errors: those of the store.
class SwapStore {
public:
    virtual ~SwapStore() = default;

    // Those one of whose shifts is dated `first` or later, by date of the organiser's shift, then id.
    virtual Result<std::vector<Swap>> swaps(const std::string& team, Day first) = 0;
    virtual Result<std::vector<SwapStep>> swap_history(const std::string& team, const std::string& id) = 0;
    // `conflict`, and nothing is written, when a swap or an override is not what it was when this was
    // decided: read again and decide again. The revision of what is written is one higher. Answers that came
    // before an event of it was read become answers to it, but for those to an older SEQUENCE, those of
    // people whom it does not ask, and where another event has the same name.
    virtual Result<void> decide_swaps(const SwapDecision& decision) = 0;

    // The newest few hundred of each member.
    virtual Result<std::vector<SwapAsk>> swap_asks(const std::string& team) = 0;

    // Answers by mail to swaps that swaps(team, first) has. Of two by one member to one event of one swap, in
    // one round, the newer (sequence, then dtstamp, RFC 5546 2.1.5) is kept; false: the one there is newer or
    // the same. Of a member's answers to events that were not read yet the newest few are.
    virtual Result<std::vector<SwapReply>> swap_replies(const std::string& team) = 0;
    virtual Result<bool> keep_swap_reply(const std::string& team, const SwapReply& reply,
                                         const AuditEntry& entry) = 0;
};

}  // namespace watchbill
