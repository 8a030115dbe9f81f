#include "store/retention.h"

#include "store/seconds.h"
#include "store/soci_errors.h"
#include "time/format.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

// Rows that one transaction removes of a kind: some milliseconds, in which nobody else writes.
constexpr int batch = 200;
// Each with its timeline.
constexpr int incident_batch = 20;

// Counts what each statement removed.
class Removal {
public:
    explicit Removal(soci::session& sql, const RetentionLimit& limit)
        : sql_(sql), team_(limit.team), before_(to_seconds(limit.before)), day_(format_day(limit.day)) {}

    long long count() const { return count_; }

    void incidents(bool open_ones_too) {
        const std::string which =
            std::string("SELECT id FROM incidents WHERE team = :team AND ") +
            (open_ones_too ? "((state <> 'open' AND closed_at < :before) OR (state = 'open' AND opened_at < "
                             ":opened)) ORDER BY id LIMIT :most"
                           : "state <> 'open' AND closed_at < :before AND opened_at < :opened"
                             " ORDER BY id LIMIT :most");
        run("DELETE FROM incident_timeline WHERE team = :of_team AND incident IN (" + which + ")", team_,
            team_, before_, before_, incident_batch);
        run("DELETE FROM incidents WHERE team = :of_team AND id IN (" + which + ")", team_, team_, before_,
            before_, incident_batch);
    }

    // Never a team's newest entry: the change counter is its number, and would fall (Store::change_counter).
    void audit_log() {
        run("DELETE FROM audit_log WHERE seq IN (SELECT seq FROM (SELECT seq, at FROM audit_log"
            " WHERE team = :team ORDER BY seq LIMIT :most) oldest WHERE at < :before)"
            " AND seq < (SELECT MAX(seq) FROM audit_log WHERE team = :of_team)",
            team_, batch, before_, team_);
    }

    // A swap that is long over, what became of it, and the answers to it; answers to what never was a swap.
    void swaps() {
        const std::string which =
            "(SELECT id FROM swaps WHERE team = :team AND last_date < :day ORDER BY id LIMIT :most)";
        run("DELETE FROM swap_history WHERE team = :of_team AND swap_id IN " + which, team_, team_, day_,
            batch);
        run("DELETE FROM swaps WHERE team = :of_team AND id IN " + which, team_, team_, day_, batch);
        run("DELETE FROM swap_asks WHERE team = :team AND seen_at < :before", team_, before_);
        run("DELETE FROM swap_event_replies WHERE team = :team AND dtstamp < :before"
            " AND swap_id NOT IN (SELECT id FROM swaps WHERE team = :of_team)",
            team_, before_, team_);
    }

    void dated(const char* table) {
        run(std::string("DELETE FROM ") + table +
                " WHERE team = :of_team AND shift_date IN (SELECT shift_date FROM " + table +
                " WHERE team = :team AND shift_date < :day ORDER BY shift_date LIMIT :most)",
            team_, team_, day_, batch);
    }

    // When somebody was last asked to help, and what nobody was there to send: without [mail] it waits for
    // ever.
    void calls_and_unsent_messages() {
        run("DELETE FROM incident_calls WHERE team = :team AND called_at < :before", team_, before_);
        run("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE team = :team AND state = 'queued'"
            " AND created_at < :before AND claimed_until = 0 ORDER BY id LIMIT :most)",
            team_, before_, batch);
    }

    void event_versions() {
        run("DELETE FROM event_versions WHERE team = :of_team AND uid IN (SELECT uid FROM event_versions"
            " WHERE team = :team AND last_modified < :before ORDER BY uid LIMIT :most)",
            team_, team_, before_, batch);
    }

private:
    template <typename... Values>
    void run(const std::string& statement, const Values&... values) {
        soci::statement removal(sql_);
        (removal.exchange(use(values)), ...);
        removal.alloc();
        removal.prepare(statement);
        removal.define_and_bind();
        removal.execute(true);
        count_ += removal.get_affected_rows();
    }

    soci::session& sql_;
    const std::string team_;
    const long long before_;
    const std::string day_;
    long long count_ = 0;
};

}  // namespace

Result<std::vector<std::string>> select_published_teams(soci::session& sql) {
    std::string team;
    soci::statement select = (sql.prepare << "SELECT team FROM publications ORDER BY team", into(team));
    select.execute();
    std::vector<std::string> teams;
    while (select.fetch()) teams.push_back(team);
    return teams;
}

Result<long long> forget_records(soci::session& sql, const RetentionLimit& limit) {
    soci::transaction transaction(sql);
    Removal removal(sql, limit);
    removal.incidents(limit.team_is_gone);
    removal.audit_log();
    removal.swaps();
    removal.dated("handover_notes");
    removal.dated("overrides");
    removal.calls_and_unsent_messages();
    if (limit.team_is_gone) {
        removal.dated("assignments");
        removal.event_versions();
    }
    transaction.commit();
    return removal.count();
}

Result<long long> forget_server_records(soci::session& sql, Instant before, Instant now) {
    const long long then = to_seconds(before);
    const long long at = to_seconds(now);
    const long long answers = at - answers_kept.count();
    soci::transaction transaction(sql);
    sql << "DELETE FROM ended_sessions WHERE forget_at < :now", use(at);
    sql << "DELETE FROM kept_answers WHERE kept_at < :then", use(answers);
    sql << "DELETE FROM api_tokens WHERE (revoked_at <> 0 AND revoked_at < :before)"
           " OR (expires_at <> 0 AND expires_at < :ended)",
        use(then), use(then);
    RetentionLimit server;  // entries that concern no team
    server.before = before;
    Removal removal(sql, server);
    removal.audit_log();
    transaction.commit();
    return removal.count();
}

Result<long long> forget_source_copies_except(soci::session& sql, const SourceCopyOwners& owners) {
    std::vector<std::string> gone;
    {
        std::string key;
        std::string team;
        std::string owner;
        soci::statement select = (sql.prepare << "SELECT source_key, team, owner FROM source_copies",
                                  into(key), into(team), into(owner));
        select.execute();
        while (select.fetch()) {
            const bool stays =
                team.empty() ? owners.keys.contains(key) : owners.owners.contains({team, owner});
            if (!stays) gone.push_back(key);
        }
    }
    for (const std::string& key : gone) sql << "DELETE FROM source_copies WHERE source_key = :key", use(key);
    return static_cast<long long>(gone.size());
}

}  // namespace watchbill::store
