// What a judgement of swaps (rotation/swaps/swap_rules.h) becomes in the store, and answers by mail to swaps.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rotation/swaps/swap_rules.h"
#include "service/planning_window.h"
#include "watchbill/replies.h"
#include "watchbill/store.h"
#include "watchbill/swap_store.h"

namespace watchbill {

// Swaps whose shifts are dated from then on matter: those that may change, and those just over, whose events
// are still there.
Day swaps_from(const PlanningWindow& window);

// To be written in one transaction: new states with their histories, overrides, the audit log's entries and
// a mail to each whom it concerns.
SwapDecision decision_of(const Team& team, const SwapJudgement& judgement, Instant now);

// A colleague's yes or no by mail to the invitation to a swap. It is kept for the swap as it stands when it
// comes in; the next plan (within a minute) follows it. Thread-safe as far as the store is.
class SwapReplies final : public ReplyTaker {
public:
    // The teams as they are configured now. Thread-safe.
    using Teams = std::function<std::vector<Team>()>;
    // The store must outlive it.
    SwapReplies(Store& store, Teams teams) : store_(store), teams_(std::move(teams)) {}

    Result<std::optional<ReplyVerdict>> take(const InvitationReply& reply, Instant now) override;

private:
    Store& store_;
    const Teams teams_;
};

}  // namespace watchbill
