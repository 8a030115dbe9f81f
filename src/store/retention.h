// What goes when it is old. Called inside `guarded`, with the session to themselves; each call is one short
// transaction.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "watchbill/result.h"
#include "watchbill/store.h"

namespace watchbill::store {

Result<std::vector<std::string>> select_published_teams(soci::session& sql);
Result<long long> forget_records(soci::session& sql, const RetentionLimit& limit);
Result<long long> forget_server_records(soci::session& sql, Instant before, Instant now);
Result<long long> forget_source_copies_except(soci::session& sql, const SourceCopyOwners& owners);

}  // namespace watchbill::store
