#include "store/incidents.h"

#include <cassert>
#include <limits>

#include "crypto/crypto.h"
#include "store/changes.h"
#include "store/incident_json.h"
#include "store/outbox.h"
#include "store/seconds.h"
#include "store/soci_errors.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

// Open ones end never.
constexpr long long never = std::numeric_limits<long long>::max();

struct IncidentRow {
    std::string document;
    std::string digest;
};

// A flipped bit must not put another person in command (rows.h).
std::string digest_of(const std::string& document) { return crypto::sha256_hex(document).substr(0, 16); }

Result<Incident> from_row(const IncidentRow& row, const std::string& place) {
    if (row.digest != digest_of(row.document))
        return tl::unexpected(damaged_database("an incident is not what was written", place));
    auto incident = incident_from_json(row.document);
    if (!incident) return at_place(std::move(incident.error()), place);
    return incident;
}

void add_entries(soci::session& sql, const IncidentWrite& write) {
    for (const TimelineEntry& entry : write.entries) {
        const long long at = to_seconds(entry.at);
        const std::string about = entry.about ? entry.about->email() : "";
        sql << "INSERT INTO incident_timeline (team, incident, seq, at, kind, who, body, about)"
               " SELECT :team, :incident, COALESCE(MAX(seq), 0) + 1, :at, :kind, :who, :body, :about"
               " FROM incident_timeline WHERE team = :of_team AND incident = :of_incident",
            use(write.incident.team), use(write.incident.id), use(at), use(entry.kind), use(entry.who),
            use(entry.text), use(about), use(write.incident.team), use(write.incident.id);
    }
}

void add_calls(soci::session& sql, const IncidentWrite& write) {
    const long long at = to_seconds(write.audit.at);
    for (const MemberId& member : write.called) {
        sql << "INSERT INTO incident_calls (team, member, called_at) VALUES (:team, :member, :at)"
               " ON CONFLICT (team, member) DO UPDATE SET called_at = excluded.called_at",
            use(write.incident.team), use(member.email()), use(at);
    }
}

// What both kinds of write have in common.
void add_rest(soci::session& sql, const IncidentWrite& write) {
    add_entries(sql, write);
    add_calls(sql, write);
    for (const OutboxMessage& message : write.messages) add_to_outbox(sql, message, write.mails_held_until);
}

// Whether nothing was kept under the key.
bool insert_kept_answer(soci::session& sql, const std::string& team, const KeptAnswer& answer, Instant now) {
    const long long at = to_seconds(now);
    soci::statement insert =
        (sql.prepare << "INSERT INTO kept_answers (team, answer_key, body_digest, incident, answer, kept_at,"
                        " head) VALUES (:team, :key, :digest, :incident, :answer, :at, :head)"
                        " ON CONFLICT (team, answer_key) DO NOTHING",
         use(team), use(answer.key), use(answer.body_digest), use(answer.incident), use(answer.answer),
         use(at), use(answer.head));
    insert.execute(true);
    return insert.get_affected_rows() == 1;
}

// Thrown, so that the transaction rolls back.
std::string document_of(const Incident& incident) {
    auto document = incident_to_json(incident);
    if (!document) throw Failure{std::move(document.error())};
    return std::move(*document);
}

}  // namespace

Result<std::optional<KeptAnswer>> open_incident(soci::session& sql, const IncidentWrite& opening,
                                                const KeptAnswer& answer) {
    const Incident& incident = opening.incident;
    assert(incident.version == 1 && "an opening is the first version");
    const std::string document = document_of(incident);
    const std::string digest = digest_of(document);
    const std::string state(incident_state_name(incident.state));
    const long long opened_at = to_seconds(incident.opened_at);

    soci::transaction transaction(sql);
    // A write: whoever else opens with this key waits here, and then finds the answer.
    add_audit_entry(sql, opening.audit);
    if (!answer.key.empty()) {
        const long long forgotten = opened_at - answers_kept.count();
        sql << "DELETE FROM kept_answers WHERE kept_at < :forgotten", use(forgotten);
        auto kept = select_kept_answer(sql, incident.team, answer.key);
        if (!kept || *kept) return kept;
        insert_kept_answer(sql, incident.team, answer, opening.incident.opened_at);
    }
    sql << "INSERT INTO incidents (team, id, uid, version, state, opened_at, closed_at, document, digest)"
           " VALUES (:team, :id, :uid, 1, :state, :opened_at, :closed_at, :document, :digest)",
        use(incident.team), use(incident.id), use(incident.uid), use(state), use(opened_at), use(never),
        use(document), use(digest);
    add_rest(sql, opening);
    transaction.commit();
    return std::optional<KeptAnswer>();
}

Result<std::optional<KeptAnswer>> select_kept_answer(soci::session& sql, const std::string& team,
                                                     const std::string& key) {
    KeptAnswer kept;
    kept.key = key;
    sql << "SELECT body_digest, incident, answer, head FROM kept_answers"
           " WHERE team = :team AND answer_key = :key",
        use(team), use(key), into(kept.body_digest), into(kept.incident), into(kept.answer), into(kept.head);
    if (!sql.got_data()) return std::nullopt;
    return std::optional(std::move(kept));
}

Result<void> keep_answer(soci::session& sql, const std::string& team, const KeptAnswer& answer, Instant now) {
    const long long forgotten = to_seconds(now) - answers_kept.count();
    soci::transaction transaction(sql);
    sql << "DELETE FROM kept_answers WHERE kept_at < :forgotten", use(forgotten);
    insert_kept_answer(sql, team, answer, now);
    transaction.commit();
    return {};
}

Result<void> change_incident(soci::session& sql, const IncidentWrite& change) {
    const Incident& incident = change.incident;
    const std::string document = document_of(incident);
    const std::string digest = digest_of(document);
    const std::string state(incident_state_name(incident.state));
    const long long closed_at = incident.closed_at ? to_seconds(*incident.closed_at) : never;
    const int read_version = incident.version - 1;

    soci::transaction transaction(sql);
    add_audit_entry(sql, change.audit);
    int version = 0;
    sql << "SELECT version FROM incidents WHERE team = :team AND id = :id", use(incident.team),
        use(incident.id), into(version);
    if (!sql.got_data() || version != read_version) {
        return fail(ErrorCode::conflict,
                    "somebody else changed the incident at the same time: look at it again, and try again");
    }
    sql << "UPDATE incidents SET version = :version, state = :state, closed_at = :closed_at,"
           " document = :document, digest = :digest WHERE team = :team AND id = :id",
        use(incident.version), use(state), use(closed_at), use(document), use(digest), use(incident.team),
        use(incident.id);
    if (change.kept && !insert_kept_answer(sql, incident.team, *change.kept, change.audit.at))
        return fail(ErrorCode::conflict, "the change was made already: look for the answer to it");
    add_rest(sql, change);
    transaction.commit();
    return {};
}

Result<std::optional<Incident>> select_incident(soci::session& sql, const std::string& team,
                                                const std::string& id, const std::string& place) {
    IncidentRow row;
    sql << "SELECT document, digest FROM incidents WHERE team = :team AND id = :id", use(team), use(id),
        into(row.document), into(row.digest);
    if (!sql.got_data()) return std::nullopt;
    auto incident = from_row(row, place);
    if (!incident) return tl::unexpected(std::move(incident.error()));
    return std::optional(std::move(*incident));
}

Result<std::optional<Incident>> select_incident_of_event(soci::session& sql, const std::string& uid,
                                                         const std::string& place) {
    IncidentRow row;
    sql << "SELECT document, digest FROM incidents WHERE uid = :uid", use(uid), into(row.document),
        into(row.digest);
    if (!sql.got_data()) return std::nullopt;
    auto incident = from_row(row, place);
    if (!incident) return tl::unexpected(std::move(incident.error()));
    return std::optional(std::move(*incident));
}

Result<std::vector<Incident>> select_incidents(soci::session& sql, const std::string& team,
                                               const IncidentQuery& query, const std::string& place) {
    const std::string state(query.state ? incident_state_name(*query.state) : "");
    const long long since = query.open_since ? to_seconds(*query.open_since) : 0;
    const int limit = query.limit.value_or(std::numeric_limits<int>::max());
    IncidentRow row;
    soci::statement select =
        (sql.prepare << "SELECT document, digest FROM incidents WHERE team = :team AND closed_at >= :since"
                        " AND (:any_state = '' OR state = :state)"
                        " ORDER BY opened_at DESC, id DESC LIMIT :limit",
         use(team), use(since), use(state), use(state), use(limit), into(row.document), into(row.digest));
    select.execute();
    std::vector<Incident> incidents;
    while (select.fetch()) {
        auto incident = from_row(row, place);
        if (!incident) return tl::unexpected(std::move(incident.error()));
        incidents.push_back(std::move(*incident));
    }
    return incidents;
}

Result<std::vector<TimelineEntry>> select_timeline(soci::session& sql, const std::string& team,
                                                   const std::string& id) {
    TimelineEntry entry;
    long long at = 0;
    std::string about;
    soci::statement select =
        (sql.prepare << "SELECT at, kind, who, body, about FROM incident_timeline"
                        " WHERE team = :team AND incident = :incident ORDER BY seq",
         use(team), use(id), into(at), into(entry.kind), into(entry.who), into(entry.text), into(about));
    select.execute();
    std::vector<TimelineEntry> entries;
    while (select.fetch()) {
        entry.at = to_instant(at);
        entry.about = MemberId::parse(about);
        entries.push_back(entry);
    }
    return entries;
}

Result<CallHistory> select_call_history(soci::session& sql, const std::string& team) {
    std::string member;
    long long called_at = 0;
    soci::statement select =
        (sql.prepare << "SELECT member, called_at FROM incident_calls WHERE team = :team", use(team),
         into(member), into(called_at));
    select.execute();
    CallHistory history;
    while (select.fetch()) {
        if (const auto id = MemberId::parse(member)) history[*id] = to_instant(called_at);
    }
    return history;
}

Result<IncidentCounts> count_incidents(soci::session& sql, const std::string& team) {
    std::string state;
    long long count = 0;
    soci::statement select =
        (sql.prepare << "SELECT state, COUNT(*) FROM incidents WHERE team = :team GROUP BY state", use(team),
         into(state), into(count));
    select.execute();
    IncidentCounts counts;
    while (select.fetch()) {
        if (state == incident_state_name(IncidentState::open)) counts.open = count;
        if (state == incident_state_name(IncidentState::resolved)) counts.resolved = count;
        if (state == incident_state_name(IncidentState::cancelled)) counts.cancelled = count;
    }
    return counts;
}

}  // namespace watchbill::store
