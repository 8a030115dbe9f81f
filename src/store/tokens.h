// API tokens in the database: digests and what they may do. Called inside `guarded`, with the session to
// themselves.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "watchbill/result.h"
#include "watchbill/store.h"

namespace watchbill::store {

Result<std::vector<ApiToken>> select_api_tokens(soci::session& sql);
Result<std::optional<ApiToken>> select_api_token(soci::session& sql, const std::string& digest);
Result<void> add_api_token(soci::session& sql, const ApiToken& token, const AuditEntry& entry);
// Error: not_found. One that is revoked already stays so.
Result<void> revoke_api_token(soci::session& sql, const std::string& id, const AuditEntry& entry);
Result<void> touch_api_token(soci::session& sql, const std::string& id, Instant used_at);

Result<void> end_page_session(soci::session& sql, const std::string& digest, Instant forget_at);
Result<bool> page_session_has_ended(soci::session& sql, const std::string& digest);

}  // namespace watchbill::store
