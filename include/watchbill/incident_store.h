// Incidents as they are remembered, as an abstract class. Implemented in src/store as part of the Store.
//
// What an incident's change leads to is written with it in one transaction: its timeline, the messages that
// tell people, the audit log, and the answer kept under an Idempotency-Key. All of it is there, or none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watchbill/audit.h"
#include "watchbill/incident.h"
#include "watchbill/outbox.h"
#include "watchbill/result.h"

namespace watchbill {

// The answer to an opening or another change, for whoever sends the same again. Kept for so long.
inline constexpr Duration answers_kept = std::chrono::days(30);
struct KeptAnswer {
    std::string key;          // Idempotency-Key; "" where none was sent, then nothing is kept
    std::string body_digest;  // of the body that it came with
    std::string incident;     // "" where it was about none
    std::string answer;       // as it was sent
    std::string head = {};    // its status and headers, as whoever sent it wrote them; "" for an opening
    bool operator==(const KeptAnswer&) const = default;
};

// One write: an opening, or a change.
struct IncidentWrite {
    Incident incident;  // as it is from now on; its version is that of the last read and one more
    std::vector<TimelineEntry> entries;
    std::vector<OutboxMessage> messages;
    std::vector<MemberId> called;  // asked to help by this write
    AuditEntry audit;
    // Until then the mails among `messages` wait for the calendar's server to tell their recipients instead;
    // a mail to whom was told by mail before does not wait. Unset: no mail waits.
    std::optional<Instant> mails_held_until = std::nullopt;
    // Of a change that came with a key. Not of openings.
    std::optional<KeptAnswer> kept = std::nullopt;
};

struct IncidentQuery {
    std::optional<IncidentState> state = std::nullopt;
    // Open, or closed at or after it.
    std::optional<Instant> open_since = std::nullopt;
    // The newest ones; unset: all of them. Whoever acts on incidents must see each.
    std::optional<int> limit = std::nullopt;
};

struct IncidentCounts {
    long long open = 0;
    long long resolved = 0;
    long long cancelled = 0;
    bool operator==(const IncidentCounts&) const = default;
};

// Thread-safe, also between processes. Errors: damaged, unavailable, conflict.
class IncidentStore {
public:
    virtual ~IncidentStore() = default;

    // With a key that is taken nothing is written, and what is kept under it is returned.
    virtual Result<std::optional<KeptAnswer>> open_incident(const IncidentWrite& opening,
                                                            const KeptAnswer& answer) = 0;
    // Nothing when the key is free.
    virtual Result<std::optional<KeptAnswer>> kept_answer(const std::string& team,
                                                          const std::string& key) = 0;
    // Keeps it, unless another one is kept under its key.
    virtual Result<void> keep_answer(const std::string& team, const KeptAnswer& answer, Instant now) = 0;
    // Error: conflict, when the incident has another version than the one before `change`'s, or the key of
    // its answer is taken.
    virtual Result<void> change_incident(const IncidentWrite& change) = 0;

    virtual Result<std::optional<Incident>> find_incident(const std::string& team, const std::string& id) = 0;
    virtual Result<std::optional<Incident>> find_incident_of_event(const std::string& uid) = 0;
    virtual Result<std::vector<Incident>> incidents(const std::string& team,
                                                    const IncidentQuery& query) = 0;  // newest first
    virtual Result<std::vector<TimelineEntry>> incident_timeline(const std::string& team,
                                                                 const std::string& id) = 0;
    virtual Result<CallHistory> call_history(const std::string& team) = 0;
    virtual Result<IncidentCounts> incident_counts(const std::string& team) = 0;
};

}  // namespace watchbill
