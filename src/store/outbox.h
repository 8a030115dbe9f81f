// Messages that wait, their claims and what became of them. Called inside `guarded`, with the session to
// themselves.
//
// Between processes: a claim is one UPDATE that names what it expects to find, so that of two workers only
// one changes the row. Clocks may differ by less than a claim lasts, and be set meanwhile.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "watchbill/outbox.h"
#include "watchbill/result.h"

namespace watchbill::store {

// Inside a transaction of the caller's, after its first write. A message whose id is there already changes
// nothing. Otherwise what it overtakes is dropped, see OutboxStore::add_to_outbox. `held_until` as
// IncidentWrite::mails_held_until, for mails only.
void add_to_outbox(soci::session& sql, const OutboxMessage& message,
                   const std::optional<Instant>& held_until = std::nullopt);

Result<std::vector<OutboxEntry>> claim_outbox(soci::session& sql, const OutboxClaim& claim);
Result<bool> has_due_outbox(soci::session& sql, const OutboxClaim& claim);
Result<bool> settle_outbox(soci::session& sql, const std::string& id, const std::string& worker,
                           const DeliveryOutcome& outcome);

// Newest first; `team` and `about` may be "" for any. `place` names the database in errors: damaged.
Result<std::vector<OutboxEntry>> select_outbox(soci::session& sql, const std::string& team,
                                               const std::string& about, int limit, const std::string& place);
Result<OutboxSummary> select_outbox_summary(soci::session& sql, Transport transport);
Result<void> forget_outbox(soci::session& sql, Instant settled_before);

// See OutboxStore; outbox_claims.cpp.
Result<void> renew_outbox_claims(soci::session& sql, const std::string& worker,
                                 const std::vector<std::string>& ids, Instant until);
Result<std::vector<std::string>> select_outbox_claimants(soci::session& sql);
Result<void> free_outbox_claims(soci::session& sql, const std::string& worker, Instant now);
Result<void> retry_outbox(soci::session& sql, const std::string& id, Instant now);

// See OutboxStore; held_mails.cpp.
Result<std::vector<MessageDelivery>> select_deliveries(soci::session& sql, const std::string& team,
                                                       const std::string& about, const std::string& place);
Result<std::optional<Instant>> select_next_retry(soci::session& sql, Transport transport);

Result<HeldMails> hold_mails(soci::session& sql, const std::string& team, const std::string& about,
                             Instant now, Instant until);
Result<void> hold_behind_events(soci::session& sql, Instant until);
Result<void> leave_to_server(soci::session& sql, const std::string& team, const std::string& about,
                             const ServerInvitations& invitations, Instant now);
Result<void> release_mails(soci::session& sql, const std::string& team, const std::string& about,
                           const std::optional<MemberId>& only, Instant now);

}  // namespace watchbill::store
