// What is remembered across restarts, as an abstract class. Implemented in src/store.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "watchbill/audit.h"
#include "watchbill/feed.h"
#include "watchbill/incident_store.h"
#include "watchbill/outbox.h"
#include "watchbill/plan.h"
#include "watchbill/result.h"
#include "watchbill/swap_store.h"
#include "watchbill/time.h"

namespace watchbill {

// What a source told us about its last copy, to ask again cheaply (RFC 9110 13.1).
struct Validators {
    std::string etag;           // as sent, "" for none
    std::string last_modified;  // as sent, "" for none; for files: size and mtime
    bool operator==(const Validators&) const = default;
};

// A source's last good copy and how it fares.
struct SourceCopy {
    std::string key;    // which calendar: a hash of its location, so that no secret is a key
    std::string bytes;  // empty: the source was asked, and has never answered
    Validators validators;
    Instant fetched_at;  // last time the source answered, also "not modified"
    // Whose it is: the team and in it the member's address, or "holidays/" and the site. Both are "" in a
    // copy that a version before owners were kept wrote; it goes over to its owner when that calendar is
    // loaded.
    std::string team = {};
    std::string owner = {};
    int place = 0;  // of the calendar among the owner's, when it was read
};

// A source's copy without what is in it.
struct SourceCopyName {
    std::string key;
    std::string owner;
    int place = 0;
    bool ever_read = true;  // false: its source was asked in vain so far, and the copy is empty
    bool operator==(const SourceCopyName&) const = default;
};

// Whose copies may stay.
struct SourceCopyOwners {
    std::set<std::pair<std::string, std::string>> owners;  // team, and SourceCopy::owner in it
    std::set<std::string> keys;                            // of copies that have no owner yet
};

// Rows of what subscribers saw. Rows whose shift has started are history and never change.
struct PublishedAssignment {
    Assignment assignment;
    Instant published_at;
};

struct Publication {
    std::string team;
    Instant at;
    std::vector<Assignment> changed;              // to be inserted or replaced
    std::vector<ShiftKey> withdrawn;              // shifts that no longer exist (the config changed)
    EventVersions versions;                       // to be inserted or replaced
    std::vector<std::string> forgotten_versions;  // UIDs long out of every feed's window
};

// Left for whoever takes over at the end of a shift.
struct HandoverNote {
    ShiftKey shift;  // the one that ends with the handover
    std::string text;
    std::string author;  // as AuditEntry::who, or a member's address
    Instant at;
    bool operator==(const HandoverNote&) const = default;
};

// A bearer token of the API. The token itself is shown once and never stored.
struct ApiToken {
    std::string id;                   // short, to name it in lists and to revoke it
    std::string name;                 // what it is for
    std::string digest;               // SHA-256 of the token, hex
    std::vector<std::string> scopes;  // "read", "incident", "mail", "admin"
    Instant created_at;
    std::optional<Instant> expires_at;
    std::optional<Instant> last_used_at;
    std::optional<Instant> revoked_at;
    bool operator==(const ApiToken&) const = default;
};

// What of a team is old enough to go.
struct RetentionLimit {
    std::string team;
    Instant before;             // what ended before that
    Day day{};                  // what belongs to shifts before that date
    bool team_is_gone = false;  // nobody serves it any more
};

// Thread-safe. Errors: damaged, newer_version, unavailable, conflict.
//
// Reads wait for no writer. A write waits for others so long as the store was told to and, in a thread that
// has a CallDeadline, no longer than that; then it is `unavailable`.
class Store : public OutboxStore, public SwapStore, public IncidentStore {
public:
    // Whether what is written now would be found again: `unavailable` when the database's file was moved,
    // replaced or removed meanwhile, and then every write is. Cheap; waits for nobody.
    virtual Result<void> check_place() = 0;
    // Waits as a write does, and writes nothing: whether those who write come to an end in time.
    virtual Result<void> wait_for_turn() = 0;

    virtual Result<std::optional<SourceCopy>> source_copy(const std::string& key) = 0;
    virtual Result<void> save_source_copy(const SourceCopy& copy) = 0;
    virtual Result<void> touch_source_copy(const std::string& key, Instant fetched_at) = 0;
    // Those that belong to the team, by owner, place and key.
    virtual Result<std::vector<SourceCopyName>> source_copy_names(const std::string& team) = 0;
    // All or none; a copy that is not there is no error.
    virtual Result<void> forget_source_copies(const std::vector<std::string>& keys) = 0;
    // Removes all copies that belong to nobody of them, and says how many.
    virtual Result<long long> forget_source_copies_except(const SourceCopyOwners& owners) = 0;

    // Shifts whose date is in [days.first, days.end), every rotation, by date then rotation.
    virtual Result<std::vector<PublishedAssignment>> assignments(const std::string& team, DaySpan days) = 0;
    virtual Result<EventVersions> event_versions(const std::string& team) = 0;

    // All or nothing, durable when it returns. A row whose shift started before `at` is never touched,
    // unless an override gave it to its new holder while it ran: asking for it is `conflict`.
    virtual Result<void> publish(const Publication& publication) = 0;

    // Feed tokens are derived from it; raising it revokes them. Scope is a feed's name; starts at 0.
    virtual Result<int> feed_generation(const std::string& team, const std::string& scope) = 0;
    virtual Result<void> raise_feed_generation(const std::string& team, const std::string& scope,
                                               const AuditEntry& entry) = 0;

    // Overrides of shifts dated in [days.first, days.end), by date then rotation. Setting one replaces the
    // one there was; removing one that is not there is not_found.
    virtual Result<std::vector<Override>> overrides(const std::string& team, DaySpan days) = 0;
    virtual Result<void> set_override(const std::string& team, const Override& fixed,
                                      const AuditEntry& entry) = 0;
    virtual Result<void> remove_override(const std::string& team, const ShiftKey& shift,
                                         const AuditEntry& entry) = 0;

    // Of handovers of shifts dated in [days.first, days.end), in the order they were left.
    virtual Result<std::vector<HandoverNote>> handover_notes(const std::string& team, DaySpan days) = 0;
    virtual Result<void> add_handover_note(const std::string& team, const HandoverNote& note,
                                           const AuditEntry& entry) = 0;

    // The newest first, at most `limit`.
    virtual Result<std::vector<AuditEntry>> audit_log(const std::string& team, int limit) = 0;
    // Rises with every entry of the team's audit log, whichever process writes it: cheap to ask whether
    // people changed something since.
    virtual Result<long long> change_counter(const std::string& team) = 0;

    virtual Result<std::vector<ApiToken>> api_tokens() = 0;  // by creation
    virtual Result<std::optional<ApiToken>> find_api_token(const std::string& digest) = 0;
    virtual Result<void> add_api_token(const ApiToken& token, const AuditEntry& entry) = 0;
    // not_found when no token has that id.
    virtual Result<void> revoke_api_token(const std::string& id, const AuditEntry& entry) = 0;
    // For information only: `unavailable` at once where others are writing.
    virtual Result<void> touch_api_token(const std::string& id, Instant used_at) = 0;

    // Sessions of the web page, by digest, that people ended: known until their cookies end by themselves.
    virtual Result<void> end_page_session(const std::string& digest, Instant forget_at) = 0;
    virtual Result<bool> page_session_has_ended(const std::string& digest) = 0;

    // Retention, a little at a time so that nobody waits long for it: each call removes some of what is old
    // and returns how much; 0: nothing is left.
    //
    // Of a team: incidents that are over with their timelines, swaps with their histories and answers,
    // overrides, handover notes, messages that nobody sent, the audit log but for its newest entry. What was
    // published stays, since balances follow from it, and so do versions of events
    // (Publication::forgotten_versions), unless the team is gone; then open incidents go, too.
    virtual Result<long long> forget_records(const RetentionLimit& limit) = 0;
    // What is no team's: tokens revoked or expired before then, and the audit log; kept answers and ended
    // sessions whose time is up `now`.
    virtual Result<long long> forget_server_records(Instant before, Instant now) = 0;
    // Of which something was published, whether they are still served or not.
    virtual Result<std::vector<std::string>> published_teams() = 0;
};

}  // namespace watchbill
