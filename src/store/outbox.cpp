#include "store/outbox.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "store/rows.h"
#include "store/seconds.h"
#include "store/soci_errors.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

struct Row {
    OutboxMessage message;
    std::string recipient;
    long long created_at = 0;
    std::string digest;
    std::string state;
    int attempts = 0;
    long long next_attempt = 0;
    long long claimed_until = 0;
    std::string claimed_by;
    std::string last_error;
    long long settled_at = 0;
    std::string transport;
    long long held_until = 0;
    int priority = 1;
};

constexpr const char* message_columns =
    "id, team, kind, about, recipient, recipient_name, subject, body_text, body_html, calendar,"
    " calendar_method, created_at, digest";
constexpr const char* state_columns =
    ", state, attempts, next_attempt, claimed_until, claimed_by, last_error, settled_at, transport, "
    "held_until, priority";

// Mails are told from other messages by what is behind it: they were there first.
std::string digest_of(const OutboxMessage& message) {
    std::string created = std::to_string(to_seconds(message.created_at));
    if (message.transport != Transport::mail) created += transport_name(message.transport);
    return row_digest({message.id, message.team, message.kind, message.about, message.recipient.email(),
                       message.recipient_name, message.subject, message.text, message.html, message.calendar,
                       message.calendar_method, created});
}

[[maybe_unused]] bool is_id(const std::string& id) {
    return !id.empty() && id.size() <= 100 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

std::optional<OutboxEntry> from_row(const Row& row) {
    OutboxEntry entry;
    entry.message = row.message;
    entry.message.created_at = to_instant(row.created_at);
    const auto recipient = MemberId::parse(row.recipient);
    const auto state = delivery_state_from_name(row.state);
    const auto transport = transport_from_name(row.transport);
    if (!recipient || !state || !transport) return std::nullopt;
    entry.message.recipient = *recipient;
    entry.message.transport = *transport;
    entry.message.priority = row.priority <= 0 ? MessagePriority::urgent : MessagePriority::normal;
    if (digest_of(entry.message) != row.digest) return std::nullopt;
    entry.state = *state;
    entry.attempts = row.attempts;
    entry.next_attempt = to_instant(row.next_attempt);
    entry.claimed_until = to_optional_instant(row.claimed_until);
    entry.claimed_by = row.claimed_by;
    entry.last_error = row.last_error;
    entry.settled_at = to_optional_instant(row.settled_at);
    entry.held_until = to_optional_instant(row.held_until);
    return entry;
}

// Binds all columns of a SELECT of message_columns and state_columns.
template <typename Prepared>
auto into_row(Prepared&& prepared, Row& row) {
    return std::forward<Prepared>(prepared), into(row.message.id), into(row.message.team),
           into(row.message.kind), into(row.message.about), into(row.recipient),
           into(row.message.recipient_name), into(row.message.subject), into(row.message.text),
           into(row.message.html), into(row.message.calendar), into(row.message.calendar_method),
           into(row.created_at), into(row.digest), into(row.state), into(row.attempts),
           into(row.next_attempt), into(row.claimed_until), into(row.claimed_by), into(row.last_error),
           into(row.settled_at), into(row.transport), into(row.held_until), into(row.priority);
}

// A calendar message that waits, and which a newer one about the same thing to the same person follows. One
// that a worker may be at right now is left to it.
constexpr const char* drop_overtaken =
    "UPDATE outbox SET state = 'dropped', settled_at = :now, claimed_until = 0"
    " WHERE state = 'queued' AND (calendar_method <> '' OR transport = 'caldav') AND about <> ''"
    " AND (claimed_until <= :free OR claimed_until > :far)"
    " AND EXISTS (SELECT 1 FROM outbox newer WHERE newer.team = outbox.team AND newer.about = outbox.about"
    " AND newer.recipient = outbox.recipient AND newer.transport = outbox.transport"
    " AND (newer.calendar_method <> '' OR newer.transport = 'caldav') AND newer.seq > outbox.seq)";

// What may be claimed. An older calendar message of the same kind that nobody is at is dropped with the
// claim; one that a worker is at is waited for: a cancellation that overtook its request would leave the
// event standing. Plain mails stay in order too, except behind one that was refused so often that it would
// hold them for long.
constexpr const char* claimable =
    "state = 'queued' AND transport = :transport AND (next_attempt <= :due OR next_attempt > :far_due +"
    " CASE WHEN attempts = 0 THEN 10 WHEN attempts <= 4 THEN 90 WHEN attempts <= 7 THEN 390 ELSE 2160 END)"
    " AND (held_until <= :held OR held_until > :far_hold) AND (claimed_until <= :free OR claimed_until > "
    ":far)"
    " AND (about = '' OR NOT EXISTS"
    " (SELECT 1 FROM outbox older WHERE older.team = outbox.team AND older.about = outbox.about"
    " AND older.recipient = outbox.recipient AND older.transport = outbox.transport"
    " AND (older.calendar_method <> '') = (outbox.calendar_method <> '') AND older.seq < outbox.seq"
    " AND older.state = 'queued' AND ((older.claimed_until > :free2 AND older.claimed_until <= :far2)"
    " OR (older.calendar_method = '' AND older.transport = 'mail' AND older.attempts <= 3))))";

struct ClaimTimes {
    explicit ClaimTimes(const OutboxClaim& claim)
        : transport(transport_name(claim.transport)),
          now(to_seconds(claim.now)),
          far_hold(to_seconds(claim.now + longest_mail_hold)),
          far_claim(to_seconds(claim.until + (claim.until - claim.now))) {}

    std::string transport;
    long long now;
    long long far_hold;
    long long far_claim;
};

// Binds what `claimable` asks for.
template <typename Prepared>
auto with_times(Prepared&& prepared, const ClaimTimes& times) {
    return std::forward<Prepared>(prepared), use(times.transport), use(times.now), use(times.now),
           use(times.now), use(times.far_hold), use(times.now), use(times.far_claim), use(times.now),
           use(times.far_claim);
}

// A person who was provably never sent what is cancelled need not hear of it: each earlier message was
// written, and none was ever given to a worker. Nothing written at all proves nothing: the invitation may
// have gone another way.
void drop_needless_cancellation(soci::session& sql, const OutboxMessage& message) {
    int earlier = 0;
    int tried = 0;
    sql << "SELECT COUNT(*), COALESCE(SUM(CASE WHEN attempts > 0 OR claimed_by <> ''"
           " OR state IN ('sent', 'failed') THEN 1 ELSE 0 END), 0) FROM outbox"
           " WHERE team = :team AND about = :about AND recipient = :recipient AND calendar_method <> ''"
           " AND id <> :id",
        use(message.team), use(message.about), use(message.recipient.email()), use(message.id), into(earlier),
        into(tried);
    if (earlier == 0 || tried > 0) return;
    const long long now = to_seconds(message.created_at);
    sql << "UPDATE outbox SET state = 'dropped', settled_at = :now WHERE id = :id", use(now), use(message.id);
}

struct Due {
    std::string id;
    bool tried = false;
};

std::vector<Due> select_due(soci::session& sql, const OutboxClaim& claim, const ClaimTimes& times,
                            bool untried_only) {
    std::string id;
    int attempts = 0;
    const std::string tried = "CASE WHEN attempts > 0 THEN 1 ELSE 0 END";
    const std::string order = claim.untried_first ? tried + ", priority" : "priority, " + tried;
    soci::statement select = (with_times((sql.prepare << "SELECT id, attempts FROM outbox WHERE " << claimable
                                                      << (untried_only ? " AND attempts = 0" : "")
                                                      << " ORDER BY " << order << ", seq, id LIMIT :limit"),
                                         times),
                              use(claim.limit), into(id), into(attempts));
    select.execute();
    std::vector<Due> due;
    while (select.fetch()) due.push_back({id, attempts > 0});
    return due;
}

// What is due in its order, with no more retries than are allowed.
std::vector<Due> choose_due(soci::session& sql, const OutboxClaim& claim, const ClaimTimes& times) {
    std::vector<Due> due = select_due(sql, claim, times, false);
    int retries = 0;
    const size_t dropped =
        std::erase_if(due, [&](const Due& one) { return one.tried && ++retries > claim.most_retries; });
    if (dropped == 0) return due;
    for (Due& one : select_due(sql, claim, times, true)) {
        if (due.size() >= static_cast<size_t>(claim.limit)) break;
        const bool known =
            std::any_of(due.begin(), due.end(), [&](const Due& other) { return other.id == one.id; });
        if (!known) due.push_back(std::move(one));
    }
    return due;
}

Result<std::optional<OutboxEntry>> claim_one(soci::session& sql, const std::string& id,
                                             const OutboxClaim& claim, const ClaimTimes& times) {
    const long long now = times.now;
    const long long until = to_seconds(claim.until);
    // Once it is a mail server's it does not wait for the calendar's any more. A claim that stands was never
    // settled: the mail may have been sent, and what takes it back is to be sent as well.
    soci::statement update = with_times(
        (sql.prepare << "UPDATE outbox SET claimed_by = :worker, held_until = 0,"
                        " attempts = attempts + CASE WHEN claimed_until > 0 THEN 1 ELSE 0 END,"
                        " last_error = CASE WHEN claimed_until > 0 THEN 'whoever was sending it ended before"
                        " it was known whether it was taken' ELSE last_error END,"
                        " claimed_until = :until WHERE id = :id AND "
                     << claimable,
         use(claim.worker), use(until), use(id)),
        times);
    update.execute(true);
    if (update.get_affected_rows() != 1) return std::nullopt;  // another process was faster

    Row row;
    soci::statement select = into_row(
        (sql.prepare << "SELECT " << message_columns << state_columns << " FROM outbox WHERE id = :id",
         use(id)),
        row);
    select.execute(true);
    std::optional<OutboxEntry> entry = from_row(row);
    if (!entry) {
        // It must not hold up the others, and nobody is told what no longer stands there.
        sql << "UPDATE outbox SET state = 'failed', settled_at = :now, claimed_until = 0,"
               " last_error = 'the message is damaged in the database' WHERE id = :id",
            use(now), use(id);
    }
    return entry;
}

}  // namespace

void add_to_outbox(soci::session& sql, const OutboxMessage& message,
                   const std::optional<Instant>& held_until) {
    assert(is_id(message.id) && "it becomes part of a header");
    assert(!message.recipient.empty());
    assert(message.calendar.empty() == message.calendar_method.empty());
    assert(message.transport == Transport::mail || message.calendar.empty());
    const std::string& recipient = message.recipient.email();
    const long long created = to_seconds(message.created_at);
    const std::string digest = digest_of(message);
    const std::string transport(transport_name(message.transport));
    const bool may_be_held = message.transport == Transport::mail && !message.calendar_method.empty();
    const long long held = held_until && may_be_held ? to_seconds(*held_until) : 0;
    const int priority = static_cast<int>(message.priority);
    soci::statement insert =
        (sql.prepare << "INSERT INTO outbox (" << message_columns << state_columns << ", seq)"
                     << " SELECT :id, :team, :kind, :about, :recipient, :name, :subject, :text, :html,"
                        " :calendar, :method, :created, :digest, 'queued', 0, :next, 0, '', '', 0,"
                        " :transport, :held, :priority, COALESCE(MAX(seq), 0) + 1 FROM outbox WHERE true"
                        " ON CONFLICT (id) DO NOTHING",
         use(message.id), use(message.team), use(message.kind), use(message.about), use(recipient),
         use(message.recipient_name), use(message.subject), use(message.text), use(message.html),
         use(message.calendar), use(message.calendar_method), use(created), use(digest), use(created),
         use(transport), use(held), use(priority));
    insert.execute(true);
    if (insert.get_affected_rows() != 1) return;
    const bool stands_alone = message.calendar_method.empty() && message.transport == Transport::mail;
    if (stands_alone || message.about.empty()) return;
    if (held != 0) {
        // Whom mail has begun to tell is told by mail on.
        sql << "UPDATE outbox SET held_until = 0 WHERE id = :id AND EXISTS (SELECT 1 FROM outbox earlier"
               " WHERE earlier.team = :team AND earlier.about = :about AND earlier.recipient = :recipient"
               " AND earlier.transport = 'mail' AND earlier.calendar_method <> ''"
               " AND earlier.held_until = 0)",
            use(message.id), use(message.team), use(message.about), use(recipient);
    }

    // Whoever once claimed it may be at it still: claiming looks again.
    const long long never = 0;
    const long long nothing_is_far = std::numeric_limits<long long>::max();
    sql << std::string(drop_overtaken) + " AND team = :team AND about = :about AND recipient = :recipient",
        use(created), use(never), use(nothing_is_far), use(message.team), use(message.about), use(recipient);
    if (message.calendar_method == "CANCEL") drop_needless_cancellation(sql, message);
}

Result<std::vector<OutboxEntry>> claim_outbox(soci::session& sql, const OutboxClaim& claim) {
    assert(!claim.worker.empty() && claim.until > claim.now && claim.limit > 0);
    const ClaimTimes times(claim);
    soci::transaction transaction(sql);
    // A write first: it waits its turn before anything is read.
    sql << drop_overtaken, use(times.now), use(times.now), use(times.far_claim);
    std::vector<OutboxEntry> claimed;
    for (const Due& one : choose_due(sql, claim, times)) {
        auto entry = claim_one(sql, one.id, claim, times);
        if (!entry) return tl::unexpected<Error>(std::move(entry.error()));
        if (*entry) claimed.push_back(std::move(**entry));
    }
    transaction.commit();
    return claimed;
}

Result<bool> has_due_outbox(soci::session& sql, const OutboxClaim& claim) {
    OutboxClaim one = claim;
    one.limit = 1;
    return !choose_due(sql, one, ClaimTimes(one)).empty();
}

Result<bool> settle_outbox(soci::session& sql, const std::string& id, const std::string& worker,
                           const DeliveryOutcome& outcome) {
    assert(outcome.attempted || outcome.state == DeliveryState::queued);
    const bool again = outcome.state == DeliveryState::queued;
    const std::string state(delivery_state_name(outcome.state));
    const long long next = to_seconds(again ? outcome.next_attempt : outcome.at);
    const long long settled = again ? 0 : to_seconds(outcome.at);
    const int failed_attempts = outcome.attempted && outcome.state != DeliveryState::sent ? 1 : 0;
    // Who sent it stays on record: dropped or sent, it was tried.
    const std::string holder = again ? "" : worker;
    soci::statement update =
        (sql.prepare
             << "UPDATE outbox SET state = :state, attempts = attempts + :failed, next_attempt = :next,"
                " claimed_until = 0, claimed_by = :holder, last_error = :error, settled_at = :settled"
                " WHERE id = :id AND claimed_by = :worker AND state = 'queued'",
         use(state), use(failed_attempts), use(next), use(holder), use(outcome.error), use(settled), use(id),
         use(worker));
    update.execute(true);
    return update.get_affected_rows() == 1;
}

Result<std::vector<OutboxEntry>> select_outbox(soci::session& sql, const std::string& team,
                                               const std::string& about, int limit,
                                               const std::string& place) {
    Row row;
    soci::statement select = into_row(
        (sql.prepare << "SELECT " << message_columns << state_columns << " FROM outbox"
                     << " WHERE (:any_team = '' OR team = :team) AND (:any_about = '' OR about = :about)"
                        " ORDER BY seq DESC, id DESC LIMIT :limit",
         use(team), use(team), use(about), use(about), use(limit)),
        row);
    select.execute();
    std::vector<OutboxEntry> entries;
    while (select.fetch()) {
        std::optional<OutboxEntry> entry = from_row(row);
        if (!entry) return tl::unexpected(damaged_database("a message of the outbox", place));
        entries.push_back(std::move(*entry));
    }
    return entries;
}

Result<OutboxSummary> select_outbox_summary(soci::session& sql, Transport transport) {
    OutboxSummary summary;
    const std::string name(transport_name(transport));
    long long oldest = 0;
    long long due = 0;
    // The latest of three instants, without GREATEST, which SQLite lacks.
    sql << "SELECT COUNT(*), COALESCE(MIN(created_at), 0), COALESCE(MIN(CASE"
           " WHEN claimed_until >= next_attempt AND claimed_until >= held_until THEN claimed_until"
           " WHEN next_attempt >= held_until THEN next_attempt ELSE held_until END), 0)"
           " FROM outbox WHERE state = 'queued' AND transport = :transport",
        use(name), into(summary.queued), into(oldest), into(due);
    sql << "SELECT COUNT(*) FROM outbox WHERE state = 'failed' AND transport = :transport", use(name),
        into(summary.failed);
    if (summary.queued > 0) {
        summary.oldest_queued = to_instant(oldest);
        summary.next_due = to_instant(due);
    }
    return summary;
}

Result<void> forget_outbox(soci::session& sql, Instant settled_before) {
    const long long before = to_seconds(settled_before);
    sql << "DELETE FROM outbox WHERE state <> 'queued' AND settled_at < :before", use(before);
    return {};
}

}  // namespace watchbill::store
