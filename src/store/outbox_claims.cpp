// Claims on messages that wait: renewed by who is at one, freed when their process has ended, and asked for
// again by people.
#include <string>

#include "store/outbox.h"
#include "store/seconds.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

constexpr const char* claimed = " state = 'queued' AND claimed_until > 0";

// Why a message is not tried again now.
Error not_again(const std::string& id, const std::string& state) {
    if (state == "queued") {
        return {ErrorCode::conflict, "the message is being sent right now: look again in a minute", id};
    }
    if (state == "sent") return {ErrorCode::conflict, "the message was sent: there is nothing to retry", id};
    return {ErrorCode::conflict,
            "the message was dropped, since a newer one or the calendar's server tells the same: there is "
            "nothing to retry",
            id};
}

}  // namespace

Result<void> renew_outbox_claims(soci::session& sql, const std::string& worker,
                                 const std::vector<std::string>& ids, Instant until) {
    const long long end = to_seconds(until);
    soci::transaction transaction(sql);
    for (const std::string& id : ids) {
        sql << std::string(
                   "UPDATE outbox SET claimed_until = :until WHERE id = :id AND claimed_by = :worker") +
                   " AND" + claimed,
            use(end), use(id), use(worker);
    }
    transaction.commit();
    return {};
}

Result<std::vector<std::string>> select_outbox_claimants(soci::session& sql) {
    std::string worker;
    soci::statement select =
        (sql.prepare << "SELECT DISTINCT claimed_by FROM outbox WHERE" << claimed << " ORDER BY claimed_by",
         into(worker));
    select.execute();
    std::vector<std::string> workers;
    while (select.fetch()) workers.push_back(worker);
    return workers;
}

Result<void> free_outbox_claims(soci::session& sql, const std::string& worker, Instant now) {
    const long long at = to_seconds(now);
    sql << std::string("UPDATE outbox SET claimed_until = :now WHERE claimed_by = :worker AND") + claimed,
        use(at), use(worker);
    return {};
}

Result<void> retry_outbox(soci::session& sql, const std::string& id, Instant now) {
    soci::transaction transaction(sql);
    const long long at = to_seconds(now);
    const long long far = to_seconds(now + 2 * longest_claim);
    // Of one that waits the attempts stay: they tell that it may have arrived.
    soci::statement update =
        (sql.prepare << "UPDATE outbox SET attempts = CASE WHEN state = 'failed' THEN 0 ELSE attempts END,"
                        " state = 'queued', next_attempt = :now, settled_at = 0, held_until = 0"
                        " WHERE id = :id AND (state = 'failed' OR (state = 'queued'"
                        " AND (claimed_until <= :free OR claimed_until > :far)))",
         use(at), use(id), use(at), use(far));
    update.execute(true);
    if (update.get_affected_rows() != 1) {
        std::string state;
        sql << "SELECT state FROM outbox WHERE id = :id", use(id), into(state);
        if (!sql.got_data())
            return fail(ErrorCode::not_found, "no message has this id; `outbox` shows them", id);
        return tl::unexpected<Error>(not_again(id, state));
    }
    transaction.commit();
    return {};
}

}  // namespace watchbill::store
