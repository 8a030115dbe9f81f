#include "store/soci_store.h"

#include <algorithm>
#include <cassert>

#include "store/changes.h"
#include "store/incidents.h"
#include "store/outbox.h"
#include "store/publish.h"
#include "store/retention.h"
#include "store/rows.h"
#include "store/soci_errors.h"
#include "store/swaps.h"
#include "store/tokens.h"
#include "store/write_check.h"
#include "watchbill/call_deadline.h"

namespace watchbill::store {

using soci::into;
using soci::use;

SociStore::SociStore(Sessions sessions, std::string place, std::chrono::milliseconds longest_wait,
                     std::function<Result<Sessions>()> open)
    : writer_(std::move(sessions.writer)),
      readers_(std::move(sessions.readers)),
      files_(std::move(sessions.files)),
      alone_(sessions.alone),
      place_(std::move(place)),
      longest_wait_(longest_wait),
      open_(std::move(open)) {
    assert(!writer_.empty());
}

template <typename Work>
auto SociStore::on_session(SessionPool& pool, std::chrono::milliseconds longest_wait, Work&& work)
    -> decltype(work(std::declval<soci::session&>())) {
    using std::chrono::milliseconds;
    auto until = std::chrono::steady_clock::now() + longest_wait;
    if (const auto deadline = CallDeadline::current()) until = std::min(until, *deadline);
    SessionPool::Lease lease = pool.borrow(until);
    if (!lease) {
        return fail(ErrorCode::unavailable,
                    "others that use the database have not come to an end in time: try again later", place_);
    }
    return guarded(place_, [&]() -> decltype(work(std::declval<soci::session&>())) {
        // Only the writer is ever closed, by share().
        if (lease.is_closed()) {
            if (auto opened = open_again(lease); !opened)
                return tl::unexpected<Error>(std::move(opened.error()));
        }
        // What is left of the time, so that waiting for this process and for another one are not added up.
        set_busy_timeout(lease.session(),
                         std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now()));
        return work(lease.session());
    });
}

Result<void> SociStore::open_again(SessionPool::Lease& writer) {
    Result<Sessions> opened = open_();
    if (!opened) return tl::unexpected<Error>(std::move(opened.error()));
    writer.put(std::move(opened->writer.front()));
    alone_ = opened->alone;
    if (readers_.empty()) readers_.add(std::move(opened->readers));
    const std::lock_guard lock(files_mutex_);
    files_ = std::move(opened->files);
    return {};
}

Result<void> SociStore::share() {
    SessionPool::Lease writer = writer_.borrow(std::chrono::steady_clock::now() + longest_wait_);
    if (!writer) return {};  // the next time, then
    return guarded(place_, [&] {
        writer.close();  // first: it keeps everybody out, this process too
        return open_again(writer);
    });
}

template <typename Work>
auto SociStore::read(Work&& work) -> decltype(work(std::declval<soci::session&>())) {
    return on_session(readers_.empty() ? writer_ : readers_, longest_wait_, std::forward<Work>(work));
}

template <typename Work>
auto SociStore::write(Work&& work) -> decltype(work(std::declval<soci::session&>())) {
    return write_within(longest_wait_, std::forward<Work>(work));
}

template <typename Work>
auto SociStore::write_within(std::chrono::milliseconds longest_wait, Work&& work)
    -> decltype(work(std::declval<soci::session&>())) {
    if (auto placed = check_place(); !placed) return tl::unexpected<Error>(std::move(placed.error()));
    auto outcome = on_session(writer_, longest_wait, std::forward<Work>(work));
    if (!outcome) return outcome;
    // Whoever was told that something is done finds it again: after the commit, as files may move meanwhile.
    if (auto placed = check_place(); !placed) return tl::unexpected<Error>(std::move(placed.error()));
    return outcome;
}

Result<void> SociStore::check_place() {
    const std::lock_guard lock(files_mutex_);
    return files_ ? files_->check() : Result<void>();
}

Result<void> SociStore::wait_for_turn() {
    return write([](soci::session& sql) -> Result<void> {
        sql << "BEGIN IMMEDIATE";
        sql << "ROLLBACK";
        return {};
    });
}

Result<std::optional<SourceCopy>> SociStore::source_copy(const std::string& key) {
    return read([&](soci::session& sql) -> Result<std::optional<SourceCopy>> {
        CopyRow row;
        row.key = key;
        sql << "SELECT bytes_base64, etag, last_modified, digest, fetched_at, team, owner, place"
               " FROM source_copies WHERE source_key = :key",
            use(key), into(row.bytes_base64), into(row.etag), into(row.last_modified), into(row.digest),
            into(row.fetched_at), into(row.team), into(row.owner), into(row.place);
        if (!sql.got_data()) return std::nullopt;
        Result<SourceCopy> copy = from_row(row);
        if (!copy) return at_place(std::move(copy.error()), place_);
        return std::optional<SourceCopy>(std::move(*copy));
    });
}

Result<void> SociStore::save_source_copy(const SourceCopy& copy) {
    const CopyRow row = to_row(copy);  // outside the lock: encoding 10 MB takes a while
    return write([&](soci::session& sql) -> Result<void> {
        sql << "INSERT INTO source_copies"
               " (source_key, bytes_base64, etag, last_modified, digest, fetched_at, team, owner, place)"
               " VALUES (:key, :bytes, :etag, :modified, :digest, :fetched, :team, :owner, :place)"
               " ON CONFLICT (source_key) DO UPDATE SET bytes_base64 = excluded.bytes_base64,"
               " etag = excluded.etag, last_modified = excluded.last_modified,"
               " digest = excluded.digest, fetched_at = excluded.fetched_at, team = excluded.team,"
               " owner = excluded.owner, place = excluded.place",
            use(row.key), use(row.bytes_base64), use(row.etag), use(row.last_modified), use(row.digest),
            use(row.fetched_at), use(row.team), use(row.owner), use(row.place);
        return {};
    });
}

Result<void> SociStore::touch_source_copy(const std::string& key, Instant fetched_at) {
    const long long seconds = fetched_at.time_since_epoch().count();
    return write([&](soci::session& sql) -> Result<void> {
        sql << "UPDATE source_copies SET fetched_at = :fetched WHERE source_key = :key", use(seconds),
            use(key);
        return {};
    });
}

Result<std::vector<SourceCopyName>> SociStore::source_copy_names(const std::string& team) {
    return read([&](soci::session& sql) -> Result<std::vector<SourceCopyName>> {
        std::vector<SourceCopyName> names;
        SourceCopyName name;
        int ever_read = 0;
        soci::statement select =
            (sql.prepare << "SELECT source_key, owner, place, CASE WHEN bytes_base64 = '' THEN 0 ELSE 1 END"
                            " FROM source_copies WHERE team = :team ORDER BY owner, place, source_key",
             use(team), into(name.key), into(name.owner), into(name.place), into(ever_read));
        select.execute();
        while (select.fetch()) {
            name.ever_read = ever_read != 0;
            names.push_back(name);
        }
        return names;
    });
}

Result<void> SociStore::forget_source_copies(const std::vector<std::string>& keys) {
    return write([&](soci::session& sql) -> Result<void> {
        soci::transaction transaction(sql);
        for (const std::string& key : keys)
            sql << "DELETE FROM source_copies WHERE source_key = :key", use(key);
        transaction.commit();
        return {};
    });
}

Result<long long> SociStore::forget_source_copies_except(const SourceCopyOwners& owners) {
    return write([&](soci::session& sql) { return store::forget_source_copies_except(sql, owners); });
}

Result<std::vector<PublishedAssignment>> SociStore::assignments(const std::string& team, DaySpan days) {
    return read([&](soci::session& sql) { return select_assignments(sql, team, days, place_); });
}

Result<EventVersions> SociStore::event_versions(const std::string& team) {
    return read([&](soci::session& sql) -> Result<EventVersions> {
        EventVersions versions;
        VersionRow row;
        row.team = team;
        soci::statement select = (sql.prepare << "SELECT uid, sequence, last_modified, content_hash, digest"
                                                 " FROM event_versions WHERE team = :team",
                                  use(team), into(row.uid), into(row.sequence), into(row.last_modified),
                                  into(row.content_hash), into(row.digest));
        select.execute();
        while (select.fetch()) {
            Result<EventVersion> version = from_row(row);
            if (!version) return at_place(std::move(version.error()), place_);
            versions.emplace(row.uid, std::move(*version));
        }
        return versions;
    });
}

Result<void> SociStore::publish(const Publication& publication) {
    return write([&](soci::session& sql) { return store::publish(sql, publication, place_); });
}

Result<int> SociStore::feed_generation(const std::string& team, const std::string& scope) {
    return read([&](soci::session& sql) -> Result<int> {
        int generation = 0;
        sql << "SELECT generation FROM feed_generations WHERE team = :team AND scope = :scope", use(team),
            use(scope), into(generation);
        return sql.got_data() ? generation : 0;
    });
}

Result<void> SociStore::raise_feed_generation(const std::string& team, const std::string& scope,
                                              const AuditEntry& entry) {
    return write([&](soci::session& sql) { return store::raise_feed_generation(sql, team, scope, entry); });
}

Result<std::vector<Override>> SociStore::overrides(const std::string& team, DaySpan days) {
    return read([&](soci::session& sql) { return select_overrides(sql, team, days, place_); });
}

Result<void> SociStore::set_override(const std::string& team, const Override& fixed,
                                     const AuditEntry& entry) {
    return write([&](soci::session& sql) { return store::set_override(sql, team, fixed, entry); });
}

Result<void> SociStore::remove_override(const std::string& team, const ShiftKey& shift,
                                        const AuditEntry& entry) {
    return write([&](soci::session& sql) { return store::remove_override(sql, team, shift, entry); });
}

Result<std::vector<HandoverNote>> SociStore::handover_notes(const std::string& team, DaySpan days) {
    return read([&](soci::session& sql) { return select_handover_notes(sql, team, days, place_); });
}

Result<void> SociStore::add_handover_note(const std::string& team, const HandoverNote& note,
                                          const AuditEntry& entry) {
    return write([&](soci::session& sql) { return store::add_handover_note(sql, team, note, entry); });
}

Result<std::vector<AuditEntry>> SociStore::audit_log(const std::string& team, int limit) {
    return read([&](soci::session& sql) { return select_audit_log(sql, team, limit); });
}

Result<long long> SociStore::change_counter(const std::string& team) {
    return read([&](soci::session& sql) { return select_change_counter(sql, team); });
}

Result<std::vector<ApiToken>> SociStore::api_tokens() {
    return read([&](soci::session& sql) { return select_api_tokens(sql); });
}

Result<std::optional<ApiToken>> SociStore::find_api_token(const std::string& digest) {
    return read([&](soci::session& sql) { return select_api_token(sql, digest); });
}

Result<void> SociStore::add_api_token(const ApiToken& token, const AuditEntry& entry) {
    return write([&](soci::session& sql) { return store::add_api_token(sql, token, entry); });
}

Result<void> SociStore::revoke_api_token(const std::string& id, const AuditEntry& entry) {
    return write([&](soci::session& sql) { return store::revoke_api_token(sql, id, entry); });
}

Result<void> SociStore::touch_api_token(const std::string& id, Instant used_at) {
    // For information only, and in the way of a request: nobody waits long for it.
    constexpr std::chrono::milliseconds patience{50};
    return write_within(patience,
                        [&](soci::session& sql) { return store::touch_api_token(sql, id, used_at); });
}

Result<void> SociStore::end_page_session(const std::string& digest, Instant forget_at) {
    return write([&](soci::session& sql) { return store::end_page_session(sql, digest, forget_at); });
}

Result<bool> SociStore::page_session_has_ended(const std::string& digest) {
    return read([&](soci::session& sql) { return store::page_session_has_ended(sql, digest); });
}

Result<long long> SociStore::forget_records(const RetentionLimit& limit) {
    return write([&](soci::session& sql) { return store::forget_records(sql, limit); });
}

Result<long long> SociStore::forget_server_records(Instant before, Instant now) {
    return write([&](soci::session& sql) { return store::forget_server_records(sql, before, now); });
}

Result<std::vector<std::string>> SociStore::published_teams() {
    return read([&](soci::session& sql) { return select_published_teams(sql); });
}

Result<std::optional<KeptAnswer>> SociStore::open_incident(const IncidentWrite& opening,
                                                           const KeptAnswer& answer) {
    return write([&](soci::session& sql) { return store::open_incident(sql, opening, answer); });
}

Result<std::optional<KeptAnswer>> SociStore::kept_answer(const std::string& team, const std::string& key) {
    return read([&](soci::session& sql) { return select_kept_answer(sql, team, key); });
}

Result<void> SociStore::keep_answer(const std::string& team, const KeptAnswer& answer, Instant now) {
    return write([&](soci::session& sql) { return store::keep_answer(sql, team, answer, now); });
}

Result<void> SociStore::change_incident(const IncidentWrite& change) {
    return write([&](soci::session& sql) { return store::change_incident(sql, change); });
}

Result<std::optional<Incident>> SociStore::find_incident(const std::string& team, const std::string& id) {
    return read([&](soci::session& sql) { return select_incident(sql, team, id, place_); });
}

Result<std::optional<Incident>> SociStore::find_incident_of_event(const std::string& uid) {
    return read([&](soci::session& sql) { return select_incident_of_event(sql, uid, place_); });
}

Result<std::vector<Incident>> SociStore::incidents(const std::string& team, const IncidentQuery& query) {
    return read([&](soci::session& sql) { return select_incidents(sql, team, query, place_); });
}

Result<std::vector<TimelineEntry>> SociStore::incident_timeline(const std::string& team,
                                                                const std::string& id) {
    return read([&](soci::session& sql) { return select_timeline(sql, team, id); });
}

Result<CallHistory> SociStore::call_history(const std::string& team) {
    return read([&](soci::session& sql) { return select_call_history(sql, team); });
}

Result<IncidentCounts> SociStore::incident_counts(const std::string& team) {
    return read([&](soci::session& sql) { return count_incidents(sql, team); });
}

Result<void> SociStore::add_to_outbox(const std::vector<OutboxMessage>& messages) {
    return write([&](soci::session& sql) -> Result<void> {
        soci::transaction transaction(sql);
        for (const OutboxMessage& message : messages) store::add_to_outbox(sql, message);
        transaction.commit();
        return {};
    });
}

Result<std::vector<OutboxEntry>> SociStore::claim_outbox(const OutboxClaim& claim) {
    return write([&](soci::session& sql) { return store::claim_outbox(sql, claim); });
}

Result<bool> SociStore::has_due_outbox(const OutboxClaim& claim) {
    return read([&](soci::session& sql) { return store::has_due_outbox(sql, claim); });
}

Result<void> SociStore::renew_outbox_claims(const std::string& worker, const std::vector<std::string>& ids,
                                            Instant until) {
    return write([&](soci::session& sql) { return store::renew_outbox_claims(sql, worker, ids, until); });
}

Result<std::vector<std::string>> SociStore::outbox_claimants() {
    return read([&](soci::session& sql) { return select_outbox_claimants(sql); });
}

Result<void> SociStore::free_outbox_claims(const std::string& worker, Instant now) {
    return write([&](soci::session& sql) { return store::free_outbox_claims(sql, worker, now); });
}

Result<bool> SociStore::settle_outbox(const std::string& id, const std::string& worker,
                                      const DeliveryOutcome& outcome) {
    return write([&](soci::session& sql) { return store::settle_outbox(sql, id, worker, outcome); });
}

Result<std::vector<OutboxEntry>> SociStore::outbox(const std::string& team, const std::string& about,
                                                   int limit) {
    return read([&](soci::session& sql) { return select_outbox(sql, team, about, limit, place_); });
}

Result<std::vector<MessageDelivery>> SociStore::deliveries(const std::string& team,
                                                           const std::string& about) {
    return read([&](soci::session& sql) { return select_deliveries(sql, team, about, place_); });
}

Result<std::optional<Instant>> SociStore::next_retry(Transport transport) {
    return read([&](soci::session& sql) { return select_next_retry(sql, transport); });
}

Result<OutboxSummary> SociStore::outbox_summary(Transport transport) {
    return read([&](soci::session& sql) { return select_outbox_summary(sql, transport); });
}

Result<void> SociStore::retry_outbox(const std::string& id, Instant now) {
    return write([&](soci::session& sql) { return store::retry_outbox(sql, id, now); });
}

Result<void> SociStore::forget_outbox(Instant settled_before) {
    return write([&](soci::session& sql) { return store::forget_outbox(sql, settled_before); });
}

Result<void> SociStore::check_writable() {
    auto checked = write([](soci::session& sql) { return store::check_writable(sql); });
    if (checked && alone_) return share();
    return checked;
}

Result<HeldMails> SociStore::hold_mails(const std::string& team, const std::string& about, Instant now,
                                        Instant until) {
    return write([&](soci::session& sql) { return store::hold_mails(sql, team, about, now, until); });
}

Result<void> SociStore::hold_behind_events(Instant until) {
    return write([&](soci::session& sql) { return store::hold_behind_events(sql, until); });
}

Result<void> SociStore::leave_to_server(const std::string& team, const std::string& about,
                                        const ServerInvitations& invitations, Instant now) {
    return write(
        [&](soci::session& sql) { return store::leave_to_server(sql, team, about, invitations, now); });
}

Result<void> SociStore::release_mails(const std::string& team, const std::string& about,
                                      const std::optional<MemberId>& only, Instant now) {
    return write([&](soci::session& sql) { return store::release_mails(sql, team, about, only, now); });
}

Result<std::vector<Swap>> SociStore::swaps(const std::string& team, Day first) {
    return read([&](soci::session& sql) { return select_swaps(sql, team, first, place_); });
}

Result<std::vector<SwapStep>> SociStore::swap_history(const std::string& team, const std::string& id) {
    return read([&](soci::session& sql) { return select_swap_history(sql, team, id, place_); });
}

Result<void> SociStore::decide_swaps(const SwapDecision& decision) {
    return write([&](soci::session& sql) { return store::decide_swaps(sql, decision, place_); });
}

Result<std::vector<SwapAsk>> SociStore::swap_asks(const std::string& team) {
    return read([&](soci::session& sql) { return select_swap_asks(sql, team, place_); });
}

Result<std::vector<SwapReply>> SociStore::swap_replies(const std::string& team) {
    return read([&](soci::session& sql) { return select_swap_replies(sql, team, place_); });
}

Result<bool> SociStore::keep_swap_reply(const std::string& team, const SwapReply& reply,
                                        const AuditEntry& entry) {
    return write([&](soci::session& sql) { return store::keep_swap_reply(sql, team, reply, entry); });
}

}  // namespace watchbill::store
