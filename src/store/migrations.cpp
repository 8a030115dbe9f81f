#include "store/migrations.h"

#include <algorithm>

#include "store/soci_errors.h"

namespace watchbill::store {

namespace {

// The last good copies of calendars, and what subscribers saw.
Migration copies_and_publications() {
    return {
        // The last good copy of each calendar. Bytes are base64: TEXT is the one type that takes 10 MB
        // in both engines through SOCI (PostgreSQL's large objects need their own life cycle).
        R"(CREATE TABLE source_copies (
                source_key TEXT PRIMARY KEY,
                bytes_base64 TEXT NOT NULL,
                etag TEXT NOT NULL,
                last_modified TEXT NOT NULL,
                digest TEXT NOT NULL,
                fetched_at BIGINT NOT NULL))",
        // What subscribers saw. member is '' where nobody was there; reasons are JSON.
        R"(CREATE TABLE assignments (
                team TEXT NOT NULL,
                shift_date TEXT NOT NULL,
                rotation TEXT NOT NULL,
                shift_start BIGINT NOT NULL,
                shift_end BIGINT NOT NULL,
                member TEXT NOT NULL,
                rest_broken INTEGER NOT NULL,
                overridden INTEGER NOT NULL,
                reasons TEXT NOT NULL,
                published_at BIGINT NOT NULL,
                digest TEXT NOT NULL,
                PRIMARY KEY (team, shift_date, rotation)))",
        R"(CREATE TABLE event_versions (
                team TEXT NOT NULL,
                uid TEXT NOT NULL,
                sequence INTEGER NOT NULL,
                last_modified BIGINT NOT NULL,
                content_hash TEXT NOT NULL,
                digest TEXT NOT NULL,
                PRIMARY KEY (team, uid)))",
        R"(CREATE TABLE feed_generations (
                team TEXT NOT NULL,
                scope TEXT NOT NULL,
                generation INTEGER NOT NULL,
                PRIMARY KEY (team, scope)))",
        // Its row is written first in each publication, so that replicas publish a team one by one.
        R"(CREATE TABLE publications (
                team TEXT PRIMARY KEY,
                published_at BIGINT NOT NULL))",
    };
}

// What people change, and the tokens they do it with.
Migration changes_and_tokens() {
    return {
        // Who could have served, as JSON: what shares were earned follows from it. '' in rows from
        // before.
        "ALTER TABLE assignments ADD COLUMN candidates TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE assignments ADD COLUMN on_holiday INTEGER NOT NULL DEFAULT 0",
        R"(CREATE TABLE overrides (
                team TEXT NOT NULL,
                shift_date TEXT NOT NULL,
                rotation TEXT NOT NULL,
                member TEXT NOT NULL,
                reason TEXT NOT NULL,
                fixed_by TEXT NOT NULL,
                fixed_at BIGINT NOT NULL,
                digest TEXT NOT NULL,
                PRIMARY KEY (team, shift_date, rotation)))",
        // seq orders what was left or done in the same second.
        R"(CREATE TABLE handover_notes (
                team TEXT NOT NULL,
                shift_date TEXT NOT NULL,
                rotation TEXT NOT NULL,
                seq BIGINT NOT NULL,
                body TEXT NOT NULL,
                author TEXT NOT NULL,
                left_at BIGINT NOT NULL,
                PRIMARY KEY (team, shift_date, rotation, seq)))",
        R"(CREATE TABLE audit_log (
                seq BIGINT PRIMARY KEY,
                at BIGINT NOT NULL,
                who TEXT NOT NULL,
                peer TEXT NOT NULL,
                team TEXT NOT NULL,
                action TEXT NOT NULL,
                what TEXT NOT NULL))",
        "CREATE INDEX audit_log_of_team ON audit_log (team, seq)",
        // Scopes are separated by blanks. Instants that are not known are 0.
        R"(CREATE TABLE api_tokens (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                digest TEXT NOT NULL UNIQUE,
                scopes TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                last_used_at BIGINT NOT NULL,
                revoked_at BIGINT NOT NULL))",
    };
}

std::vector<std::string> table_names(soci::session& sql) {
    std::vector<std::string> names;
    const std::string query = sql.get_backend()->get_table_names_query();
    const soci::rowset<std::string> rows = (sql.prepare << query);
    for (const std::string& name : rows) {
        if (!name.starts_with("sqlite_")) names.push_back(name);
    }
    return names;
}

int stored_version(soci::session& sql) {
    int version = 0;
    sql << "SELECT version FROM watchbill_schema WHERE id = 1", soci::into(version);
    return version;
}

// Statement by statement, each its own transaction: whoever comes second finds them done.
void create_version_row(soci::session& sql) {
    sql << "CREATE TABLE IF NOT EXISTS watchbill_schema (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)";
    sql << "INSERT INTO watchbill_schema (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING";
}

void apply(soci::session& sql, const Migration& step, int version) {
    soci::transaction transaction(sql);
    // A write first: it takes the write lock (and PostgreSQL's row lock) before the version is read, so that
    // two processes never apply the same step.
    sql << "UPDATE watchbill_schema SET version = version WHERE id = 1";
    if (stored_version(sql) >= version) return;
    for (const std::string& statement : step) sql << statement;
    sql << "UPDATE watchbill_schema SET version = :version WHERE id = 1", soci::use(version);
    transaction.commit();
}

Error newer(int found, int known, const std::string& place) {
    return {ErrorCode::newer_version,
            "the database was written by a newer Watchbill (its schema is version " + std::to_string(found) +
                ", this one knows up to " + std::to_string(known) +
                "): run that newer version, or restore a backup from before the upgrade",
            place};
}

// The version that the database has; 0 for an empty one.
Result<int> find_version(soci::session& sql, std::span<const Migration> steps, const std::string& place) {
    const std::vector<std::string> tables = table_names(sql);
    const bool ours = std::find(tables.begin(), tables.end(), "watchbill_schema") != tables.end();
    if (!tables.empty() && !ours) {
        return fail(ErrorCode::refused,
                    "the database holds tables of another program: name a file of its own for Watchbill",
                    place);
    }
    const int known = static_cast<int>(steps.size());
    const int found = ours ? stored_version(sql) : 0;
    if (found > known) return tl::unexpected<Error>(newer(found, known, place));
    if (found < 0) return tl::unexpected<Error>(damaged_database("its version is negative", place));
    return found;
}

}  // namespace

std::span<const Migration> migrations() {
    static const std::vector<Migration> steps = {
        copies_and_publications(),  // 1
        changes_and_tokens(),       // 2
        outbox_step(),              // 3
        swaps_step(),               // 4
        incident_step(),            // 5
        transports_step(),          // 6
        swap_replies_step(),        // 7
        priority_step(),            // 8
        copy_owner_step(),          // 9
        upkeep_step(),              // 10
        forced_override_step(),     // 11
        swap_asks_step(),           // 12
    };
    return steps;
}

Result<void> check_schema(soci::session& sql, std::span<const Migration> steps, const std::string& place) {
    return guarded(place, [&]() -> Result<void> {
        const Result<int> found = find_version(sql, steps, place);
        return found ? Result<void>() : tl::unexpected<Error>(found.error());
    });
}

Result<void> migrate(soci::session& sql, std::span<const Migration> steps, const std::string& place) {
    return guarded(place, [&]() -> Result<void> {
        const Result<int> found = find_version(sql, steps, place);
        if (!found) return tl::unexpected<Error>(found.error());
        const int known = static_cast<int>(steps.size());
        if (*found == known) return {};

        create_version_row(sql);
        for (int version = *found + 1; version <= known; ++version) {
            apply(sql, steps[static_cast<size_t>(version - 1)], version);
        }
        return {};
    });
}

}  // namespace watchbill::store
