// The Store over sessions of one database: one that writes, which one call at a time uses since SQLite has
// one writer anyway, and some that only read, which never wait for it. Thread-safe.
//
// A call waits for its session and for other processes' locks together so long as it may in all, and no
// longer than its thread's CallDeadline; then it is `unavailable`.
#pragma once

#include <soci/soci.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/session_pool.h"
#include "store/sqlite.h"
#include "watchbill/ports.h"

namespace watchbill::store {

class SociStore : public Store {
public:
    struct Sessions {
        std::vector<std::unique_ptr<soci::session>> writer;   // one
        std::vector<std::unique_ptr<soci::session>> readers;  // none: the writer reads too
        std::optional<DatabaseFiles> files;                   // unset: there is no file
        bool alone = false;  // no other process can use the database meanwhile: there was no room for more
    };
    // The sessions are open and the database is migrated. `place` names it in errors; it holds no secret.
    // `open` opens the database again, once there may be room, or throws as SOCI does.
    SociStore(Sessions sessions, std::string place, std::chrono::milliseconds longest_wait,
              std::function<Result<Sessions>()> open);

    Result<void> check_place() override;
    Result<void> wait_for_turn() override;

    Result<std::optional<SourceCopy>> source_copy(const std::string& key) override;
    Result<void> save_source_copy(const SourceCopy& copy) override;
    // A copy that is not there is no error: nothing is stamped.
    Result<void> touch_source_copy(const std::string& key, Instant fetched_at) override;
    Result<std::vector<SourceCopyName>> source_copy_names(const std::string& team) override;
    Result<void> forget_source_copies(const std::vector<std::string>& keys) override;

    Result<long long> forget_source_copies_except(const SourceCopyOwners& owners) override;

    Result<std::vector<PublishedAssignment>> assignments(const std::string& team, DaySpan days) override;
    Result<EventVersions> event_versions(const std::string& team) override;

    // A started shift may be published for the first time (the service's first start comes in the middle of
    // one); once a row stands and its shift has started at `publication.at`, it can neither be changed nor
    // withdrawn. Publishing it again as it is changes nothing.
    Result<void> publish(const Publication& publication) override;

    Result<int> feed_generation(const std::string& team, const std::string& scope) override;
    Result<void> raise_feed_generation(const std::string& team, const std::string& scope,
                                       const AuditEntry& entry) override;

    Result<std::vector<Override>> overrides(const std::string& team, DaySpan days) override;
    Result<void> set_override(const std::string& team, const Override& fixed,
                              const AuditEntry& entry) override;
    Result<void> remove_override(const std::string& team, const ShiftKey& shift,
                                 const AuditEntry& entry) override;

    Result<std::vector<HandoverNote>> handover_notes(const std::string& team, DaySpan days) override;
    Result<void> add_handover_note(const std::string& team, const HandoverNote& note,
                                   const AuditEntry& entry) override;
    Result<std::vector<AuditEntry>> audit_log(const std::string& team, int limit) override;
    Result<long long> change_counter(const std::string& team) override;

    Result<std::vector<ApiToken>> api_tokens() override;
    Result<std::optional<ApiToken>> find_api_token(const std::string& digest) override;
    Result<void> add_api_token(const ApiToken& token, const AuditEntry& entry) override;
    Result<void> revoke_api_token(const std::string& id, const AuditEntry& entry) override;
    Result<void> touch_api_token(const std::string& id, Instant used_at) override;

    Result<void> end_page_session(const std::string& digest, Instant forget_at) override;
    Result<bool> page_session_has_ended(const std::string& digest) override;
    Result<long long> forget_records(const RetentionLimit& limit) override;
    Result<long long> forget_server_records(Instant before, Instant now) override;
    Result<std::vector<std::string>> published_teams() override;

    Result<std::optional<KeptAnswer>> open_incident(const IncidentWrite& opening,
                                                    const KeptAnswer& answer) override;
    Result<std::optional<KeptAnswer>> kept_answer(const std::string& team, const std::string& key) override;
    Result<void> keep_answer(const std::string& team, const KeptAnswer& answer, Instant now) override;
    Result<void> change_incident(const IncidentWrite& change) override;
    Result<std::optional<Incident>> find_incident(const std::string& team, const std::string& id) override;
    Result<std::optional<Incident>> find_incident_of_event(const std::string& uid) override;
    Result<std::vector<Incident>> incidents(const std::string& team, const IncidentQuery& query) override;
    Result<std::vector<TimelineEntry>> incident_timeline(const std::string& team,
                                                         const std::string& id) override;
    Result<CallHistory> call_history(const std::string& team) override;
    Result<IncidentCounts> incident_counts(const std::string& team) override;

    Result<void> add_to_outbox(const std::vector<OutboxMessage>& messages) override;
    Result<std::vector<OutboxEntry>> claim_outbox(const OutboxClaim& claim) override;
    Result<bool> has_due_outbox(const OutboxClaim& claim) override;
    Result<void> renew_outbox_claims(const std::string& worker, const std::vector<std::string>& ids,
                                     Instant until) override;
    Result<std::vector<std::string>> outbox_claimants() override;
    Result<void> free_outbox_claims(const std::string& worker, Instant now) override;
    Result<bool> settle_outbox(const std::string& id, const std::string& worker,
                               const DeliveryOutcome& outcome) override;
    Result<std::vector<OutboxEntry>> outbox(const std::string& team, const std::string& about,
                                            int limit) override;
    Result<std::vector<MessageDelivery>> deliveries(const std::string& team,
                                                    const std::string& about) override;
    Result<std::optional<Instant>> next_retry(Transport transport) override;
    Result<OutboxSummary> outbox_summary(Transport transport) override;
    Result<void> retry_outbox(const std::string& id, Instant now) override;
    Result<void> forget_outbox(Instant settled_before) override;
    Result<void> check_writable() override;
    Result<HeldMails> hold_mails(const std::string& team, const std::string& about, Instant now,
                                 Instant until) override;
    Result<void> hold_behind_events(Instant until) override;
    Result<void> leave_to_server(const std::string& team, const std::string& about,
                                 const ServerInvitations& invitations, Instant now) override;
    Result<void> release_mails(const std::string& team, const std::string& about,
                               const std::optional<MemberId>& only, Instant now) override;

    Result<std::vector<Swap>> swaps(const std::string& team, Day first) override;
    Result<std::vector<SwapStep>> swap_history(const std::string& team, const std::string& id) override;
    Result<void> decide_swaps(const SwapDecision& decision) override;
    Result<std::vector<SwapAsk>> swap_asks(const std::string& team) override;
    Result<std::vector<SwapReply>> swap_replies(const std::string& team) override;
    Result<bool> keep_swap_reply(const std::string& team, const SwapReply& reply,
                                 const AuditEntry& entry) override;

private:
    // `work` gets a session, and its errors are named.
    template <typename Work>
    auto read(Work&& work) -> decltype(work(std::declval<soci::session&>()));
    // The same for what changes the database: refused where that would be lost.
    template <typename Work>
    auto write(Work&& work) -> decltype(work(std::declval<soci::session&>()));
    template <typename Work>
    auto write_within(std::chrono::milliseconds longest_wait, Work&& work)
        -> decltype(work(std::declval<soci::session&>()));
    template <typename Work>
    auto on_session(SessionPool& pool, std::chrono::milliseconds longest_wait, Work&& work)
        -> decltype(work(std::declval<soci::session&>()));

    Result<void> open_again(SessionPool::Lease& writer);
    Result<void> share();  // so that others can use it, now that there is room

    SessionPool writer_;
    SessionPool readers_;
    std::mutex files_mutex_;
    std::optional<DatabaseFiles> files_;  // guarded by files_mutex_
    std::atomic<bool> alone_;
    const std::string place_;
    const std::chrono::milliseconds longest_wait_;
    const std::function<Result<Sessions>()> open_;
};

}  // namespace watchbill::store
