#include "store/soci_store.h"

#include <cassert>

#include "store/changes.h"
#include "store/incidents.h"
#include "store/outbox.h"
#include "store/publish.h"
#include "store/rows.h"
#include "store/soci_errors.h"
#include "store/swaps.h"
#include "store/tokens.h"
#include "time/format.h"

namespace watchbill::store {

using soci::into;
using soci::use;

SociStore::SociStore(std::unique_ptr<soci::session> sql, std::string place)
    : sql_(std::move(sql)), place_(std::move(place)) {
    assert(sql_ != nullptr);
}

Result<std::optional<SourceCopy>> SociStore::source_copy(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&]() -> Result<std::optional<SourceCopy>> {
        CopyRow row;
        row.key = key;
        *sql_ << "SELECT bytes_base64, etag, last_modified, digest, fetched_at, team, owner, place"
                 " FROM source_copies WHERE source_key = :key",
            use(key), into(row.bytes_base64), into(row.etag), into(row.last_modified), into(row.digest),
            into(row.fetched_at), into(row.team), into(row.owner), into(row.place);
        if (!sql_->got_data()) return std::nullopt;
        Result<SourceCopy> copy = from_row(row);
        if (!copy) return at_place(std::move(copy.error()), place_);
        return std::optional<SourceCopy>(std::move(*copy));
    });
}

Result<void> SociStore::save_source_copy(const SourceCopy& copy) {
    const CopyRow row = to_row(copy);  // outside the lock: encoding 10 MB takes a while
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&]() -> Result<void> {
        *sql_ << "INSERT INTO source_copies"
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
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&]() -> Result<void> {
        *sql_ << "UPDATE source_copies SET fetched_at = :fetched WHERE source_key = :key", use(seconds),
            use(key);
        return {};
    });
}

Result<std::vector<SourceCopyName>> SociStore::source_copy_names(const std::string& team) {
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&]() -> Result<std::vector<SourceCopyName>> {
        std::vector<SourceCopyName> names;
        SourceCopyName name;
        int ever_read = 0;
        soci::statement select =
            (sql_->prepare << "SELECT source_key, owner, place, CASE WHEN bytes_base64 = '' THEN 0 ELSE 1 END"
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
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&]() -> Result<void> {
        soci::transaction transaction(*sql_);
        for (const std::string& key : keys)
            *sql_ << "DELETE FROM source_copies WHERE source_key = :key", use(key);
        transaction.commit();
        return {};
    });
}

Result<std::vector<PublishedAssignment>> SociStore::assignments(const std::string& team, DaySpan days) {
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&] { return select_assignments(*sql_, team, days, place_); });
}

Result<EventVersions> SociStore::event_versions(const std::string& team) {
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&]() -> Result<EventVersions> {
        EventVersions versions;
        VersionRow row;
        row.team = team;
        soci::statement select = (sql_->prepare << "SELECT uid, sequence, last_modified, content_hash, digest"
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
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&] { return store::publish(*sql_, publication, place_); });
}

Result<int> SociStore::feed_generation(const std::string& team, const std::string& scope) {
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&]() -> Result<int> {
        int generation = 0;
        *sql_ << "SELECT generation FROM feed_generations WHERE team = :team AND scope = :scope", use(team),
            use(scope), into(generation);
        return sql_->got_data() ? generation : 0;
    });
}

template <typename Work>
auto SociStore::work(Work&& work) -> decltype(work(std::declval<soci::session&>())) {
    const std::lock_guard lock(mutex_);
    return guarded(place_, [&] { return work(*sql_); });
}

Result<void> SociStore::raise_feed_generation(const std::string& team, const std::string& scope,
                                              const AuditEntry& entry) {
    return work([&](soci::session& sql) { return store::raise_feed_generation(sql, team, scope, entry); });
}

Result<std::vector<Override>> SociStore::overrides(const std::string& team, DaySpan days) {
    return work([&](soci::session& sql) { return select_overrides(sql, team, days, place_); });
}

Result<void> SociStore::set_override(const std::string& team, const Override& fixed,
                                     const AuditEntry& entry) {
    return work([&](soci::session& sql) { return store::set_override(sql, team, fixed, entry); });
}

Result<void> SociStore::remove_override(const std::string& team, const ShiftKey& shift,
                                        const AuditEntry& entry) {
    return work([&](soci::session& sql) { return store::remove_override(sql, team, shift, entry); });
}

Result<std::vector<HandoverNote>> SociStore::handover_notes(const std::string& team, DaySpan days) {
    return work([&](soci::session& sql) { return select_handover_notes(sql, team, days, place_); });
}

Result<void> SociStore::add_handover_note(const std::string& team, const HandoverNote& note,
                                          const AuditEntry& entry) {
    return work([&](soci::session& sql) { return store::add_handover_note(sql, team, note, entry); });
}

Result<std::vector<AuditEntry>> SociStore::audit_log(const std::string& team, int limit) {
    return work([&](soci::session& sql) { return select_audit_log(sql, team, limit); });
}

Result<long long> SociStore::change_counter(const std::string& team) {
    return work([&](soci::session& sql) { return select_change_counter(sql, team); });
}

Result<std::vector<ApiToken>> SociStore::api_tokens() {
    return work([&](soci::session& sql) { return select_api_tokens(sql); });
}

Result<std::optional<ApiToken>> SociStore::find_api_token(const std::string& digest) {
    return work([&](soci::session& sql) { return select_api_token(sql, digest); });
}

Result<void> SociStore::add_api_token(const ApiToken& token, const AuditEntry& entry) {
    return work([&](soci::session& sql) { return store::add_api_token(sql, token, entry); });
}

Result<void> SociStore::revoke_api_token(const std::string& id, const AuditEntry& entry) {
    return work([&](soci::session& sql) { return store::revoke_api_token(sql, id, entry); });
}

Result<void> SociStore::touch_api_token(const std::string& id, Instant used_at) {
    return work([&](soci::session& sql) { return store::touch_api_token(sql, id, used_at); });
}

Result<std::optional<KeptAnswer>> SociStore::open_incident(const IncidentWrite& opening,
                                                           const KeptAnswer& answer) {
    return work([&](soci::session& sql) { return store::open_incident(sql, opening, answer); });
}

Result<std::optional<KeptAnswer>> SociStore::kept_answer(const std::string& team, const std::string& key) {
    return work([&](soci::session& sql) { return select_kept_answer(sql, team, key); });
}

Result<void> SociStore::change_incident(const IncidentWrite& change) {
    return work([&](soci::session& sql) { return store::change_incident(sql, change); });
}

Result<std::optional<Incident>> SociStore::find_incident(const std::string& team, const std::string& id) {
    return work([&](soci::session& sql) { return select_incident(sql, team, id, place_); });
}

Result<std::optional<Incident>> SociStore::find_incident_of_event(const std::string& uid) {
    return work([&](soci::session& sql) { return select_incident_of_event(sql, uid, place_); });
}

Result<std::vector<Incident>> SociStore::incidents(const std::string& team, const IncidentQuery& query) {
    return work([&](soci::session& sql) { return select_incidents(sql, team, query, place_); });
}

Result<std::vector<TimelineEntry>> SociStore::incident_timeline(const std::string& team,
                                                                const std::string& id) {
    return work([&](soci::session& sql) { return select_timeline(sql, team, id); });
}

Result<CallHistory> SociStore::call_history(const std::string& team) {
    return work([&](soci::session& sql) { return select_call_history(sql, team); });
}

Result<IncidentCounts> SociStore::incident_counts(const std::string& team) {
    return work([&](soci::session& sql) { return count_incidents(sql, team); });
}

Result<void> SociStore::add_to_outbox(const std::vector<OutboxMessage>& messages) {
    return work([&](soci::session& sql) -> Result<void> {
        soci::transaction transaction(sql);
        for (const OutboxMessage& message : messages) store::add_to_outbox(sql, message);
        transaction.commit();
        return {};
    });
}

Result<std::vector<OutboxEntry>> SociStore::claim_outbox(const OutboxClaim& claim) {
    return work([&](soci::session& sql) { return store::claim_outbox(sql, claim); });
}

Result<bool> SociStore::settle_outbox(const std::string& id, const std::string& worker,
                                      const DeliveryOutcome& outcome) {
    return work([&](soci::session& sql) { return store::settle_outbox(sql, id, worker, outcome); });
}

Result<std::vector<OutboxEntry>> SociStore::outbox(const std::string& team, const std::string& about,
                                                   int limit) {
    return work([&](soci::session& sql) { return select_outbox(sql, team, about, limit, place_); });
}

Result<OutboxSummary> SociStore::outbox_summary(Transport transport) {
    return work([&](soci::session& sql) { return select_outbox_summary(sql, transport); });
}

Result<void> SociStore::retry_outbox(const std::string& id, Instant now) {
    return work([&](soci::session& sql) { return store::retry_outbox(sql, id, now); });
}

Result<void> SociStore::forget_outbox(Instant settled_before) {
    return work([&](soci::session& sql) { return store::forget_outbox(sql, settled_before); });
}

Result<HeldMails> SociStore::hold_mails(const std::string& team, const std::string& about, Instant now,
                                        Instant until) {
    return work([&](soci::session& sql) { return store::hold_mails(sql, team, about, now, until); });
}

Result<void> SociStore::leave_to_server(const std::string& team, const std::string& about,
                                        const ServerInvitations& invitations, Instant now) {
    return work(
        [&](soci::session& sql) { return store::leave_to_server(sql, team, about, invitations, now); });
}

Result<void> SociStore::release_mails(const std::string& team, const std::string& about,
                                      const std::optional<MemberId>& only, Instant now) {
    return work([&](soci::session& sql) { return store::release_mails(sql, team, about, only, now); });
}

Result<std::vector<Swap>> SociStore::swaps(const std::string& team, Day first) {
    return work([&](soci::session& sql) { return select_swaps(sql, team, first, place_); });
}

Result<std::vector<SwapStep>> SociStore::swap_history(const std::string& team, const std::string& id) {
    return work([&](soci::session& sql) { return select_swap_history(sql, team, id, place_); });
}

Result<void> SociStore::decide_swaps(const SwapDecision& decision) {
    return work([&](soci::session& sql) { return store::decide_swaps(sql, decision, place_); });
}

Result<std::vector<SwapReply>> SociStore::swap_replies(const std::string& team) {
    return work([&](soci::session& sql) { return select_swap_replies(sql, team, place_); });
}

Result<bool> SociStore::keep_swap_reply(const std::string& team, const SwapReply& reply,
                                        const AuditEntry& entry) {
    return work([&](soci::session& sql) { return store::keep_swap_reply(sql, team, reply, entry); });
}

}  // namespace watchbill::store
