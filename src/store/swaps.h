// Swaps, their histories and the answers to them by mail. Called inside `guarded`, with the session to
// themselves.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "watchbill/result.h"
#include "watchbill/swap_store.h"

namespace watchbill::store {

// `place` names the database in errors: damaged.
Result<std::vector<Swap>> select_swaps(soci::session& sql, const std::string& team, Day first,
                                       const std::string& place);
Result<std::vector<SwapStep>> select_swap_history(soci::session& sql, const std::string& team,
                                                  const std::string& id, const std::string& place);
// Error: conflict.
Result<void> decide_swaps(soci::session& sql, const SwapDecision& decision, const std::string& place);

Result<std::vector<SwapAsk>> select_swap_asks(soci::session& sql, const std::string& team,
                                              const std::string& place);
Result<std::vector<SwapReply>> select_swap_replies(soci::session& sql, const std::string& team,
                                                   const std::string& place);
Result<bool> keep_swap_reply(soci::session& sql, const std::string& team, const SwapReply& reply,
                             const AuditEntry& entry);

}  // namespace watchbill::store
