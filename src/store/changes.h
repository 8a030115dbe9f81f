// What people change: overrides, handover notes and the tokens of feeds, each with its entry in the audit
// log, all or nothing. Called inside `guarded`, with the session to themselves.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "watchbill/result.h"
#include "watchbill/store.h"

namespace watchbill::store {

// `place` names the database in errors: damaged.
Result<std::vector<Override>> select_overrides(soci::session& sql, const std::string& team, DaySpan days,
                                               const std::string& place);
Result<void> set_override(soci::session& sql, const std::string& team, const Override& fixed,
                          const AuditEntry& entry);
// Error: not_found.
Result<void> remove_override(soci::session& sql, const std::string& team, const ShiftKey& shift,
                             const AuditEntry& entry);

Result<std::vector<HandoverNote>> select_handover_notes(soci::session& sql, const std::string& team,
                                                        DaySpan days, const std::string& place);
Result<void> add_handover_note(soci::session& sql, const std::string& team, const HandoverNote& note,
                               const AuditEntry& entry);

Result<void> raise_feed_generation(soci::session& sql, const std::string& team, const std::string& scope,
                                   const AuditEntry& entry);

Result<std::vector<AuditEntry>> select_audit_log(soci::session& sql, const std::string& team, int limit);
Result<long long> select_change_counter(soci::session& sql, const std::string& team);
// Inside a transaction of the caller's, as its first statement: being a write, it waits its turn before
// anything is read.
void add_audit_entry(soci::session& sql, const AuditEntry& entry);

}  // namespace watchbill::store
