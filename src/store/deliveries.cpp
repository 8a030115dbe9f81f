// How messages about one thing fare: without their texts, and so without a limit.
#include "store/outbox.h"
#include "store/seconds.h"
#include "store/soci_errors.h"

namespace watchbill::store {

using soci::into;
using soci::use;

Result<std::vector<MessageDelivery>> select_deliveries(soci::session& sql, const std::string& team,
                                                       const std::string& about, const std::string& place) {
    MessageDelivery one;
    std::string recipient;
    std::string transport;
    std::string state;
    long long created_at = 0;
    long long next_attempt = 0;
    long long settled_at = 0;
    long long held_until = 0;
    soci::statement select =
        (sql.prepare << "SELECT id, recipient, transport, calendar_method, created_at, state, attempts,"
                        " next_attempt, last_error, settled_at, held_until FROM outbox"
                        " WHERE team = :team AND about = :about ORDER BY seq DESC, id DESC",
         use(team), use(about), into(one.id), into(recipient), into(transport), into(one.calendar_method),
         into(created_at), into(state), into(one.attempts), into(next_attempt), into(one.last_error),
         into(settled_at), into(held_until));
    select.execute();
    std::vector<MessageDelivery> all;
    while (select.fetch()) {
        const auto to = MemberId::parse(recipient);
        const auto by = transport_from_name(transport);
        const auto fares = delivery_state_from_name(state);
        if (!to || !by || !fares) return tl::unexpected(damaged_database("a message of the outbox", place));
        one.recipient = *to;
        one.transport = *by;
        one.state = *fares;
        one.created_at = to_instant(created_at);
        one.next_attempt = to_instant(next_attempt);
        one.settled_at = to_optional_instant(settled_at);
        one.held_until = to_optional_instant(held_until);
        all.push_back(one);
    }
    return all;
}

Result<std::optional<Instant>> select_next_retry(soci::session& sql, Transport transport) {
    const std::string name(transport_name(transport));
    long long next = 0;
    sql << "SELECT COALESCE(MIN(next_attempt), 0) FROM outbox"
           " WHERE state = 'queued' AND transport = :transport AND attempts > 0",
        use(name), into(next);
    return to_optional_instant(next);
}

}  // namespace watchbill::store
