#include "store/changes.h"

#include "store/rows.h"
#include "store/seconds.h"
#include "store/soci_errors.h"
#include "time/format.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {}  // namespace

Result<std::vector<Override>> select_overrides(soci::session& sql, const std::string& team, DaySpan days,
                                               const std::string& place) {
    const std::string first = format_day(days.first);
    const std::string end = format_day(days.end);
    OverrideRow row;
    row.team = team;
    soci::statement select =
        (sql.prepare << "SELECT shift_date, rotation, member, reason, fixed_by, fixed_at, digest, forced"
                        " FROM overrides WHERE team = :team AND shift_date >= :first AND shift_date < :end"
                        " ORDER BY shift_date, rotation",
         use(team), use(first), use(end), into(row.shift_date), into(row.rotation), into(row.member),
         into(row.reason), into(row.fixed_by), into(row.fixed_at), into(row.digest), into(row.forced));
    select.execute();
    std::vector<Override> found;
    while (select.fetch()) {
        Result<Override> fixed = from_row(row);
        if (!fixed) return at_place(std::move(fixed.error()), place);
        found.push_back(std::move(*fixed));
    }
    return found;
}

Result<void> set_override(soci::session& sql, const std::string& team, const Override& fixed,
                          const AuditEntry& entry) {
    soci::transaction transaction(sql);
    add_audit_entry(sql, entry);
    const OverrideRow row = to_row(team, fixed);
    sql << "INSERT INTO overrides"
           " (team, shift_date, rotation, member, reason, fixed_by, fixed_at, digest, forced)"
           " VALUES (:team, :date, :rotation, :member, :reason, :by, :at, :digest, :forced)"
           " ON CONFLICT (team, shift_date, rotation) DO UPDATE SET member = excluded.member,"
           " reason = excluded.reason, fixed_by = excluded.fixed_by, fixed_at = excluded.fixed_at,"
           " digest = excluded.digest, forced = excluded.forced",
        use(row.team), use(row.shift_date), use(row.rotation), use(row.member), use(row.reason),
        use(row.fixed_by), use(row.fixed_at), use(row.digest), use(row.forced);
    transaction.commit();
    return {};
}

Result<void> remove_override(soci::session& sql, const std::string& team, const ShiftKey& shift,
                             const AuditEntry& entry) {
    soci::transaction transaction(sql);
    add_audit_entry(sql, entry);
    const std::string date = format_day(shift.date);
    int count = 0;
    sql << "SELECT COUNT(*) FROM overrides WHERE team = :team AND shift_date = :date AND rotation = "
           ":rotation",
        use(team), use(date), use(shift.rotation), into(count);
    if (count == 0) {
        return fail(ErrorCode::not_found,
                    "nobody has fixed this shift: it is held by plan, and there is nothing to remove",
                    shift.rotation + " " + date);
    }
    sql << "DELETE FROM overrides WHERE team = :team AND shift_date = :date AND rotation = :rotation",
        use(team), use(date), use(shift.rotation);
    transaction.commit();
    return {};
}

Result<std::vector<HandoverNote>> select_handover_notes(soci::session& sql, const std::string& team,
                                                        DaySpan days, const std::string& place) {
    const std::string first = format_day(days.first);
    const std::string end = format_day(days.end);
    std::string date;
    long long left_at = 0;
    HandoverNote note;
    soci::statement select =
        (sql.prepare << "SELECT shift_date, rotation, body, author, left_at FROM handover_notes"
                        " WHERE team = :team AND shift_date >= :first AND shift_date < :end"
                        " ORDER BY shift_date, rotation, seq",
         use(team), use(first), use(end), into(date), into(note.shift.rotation), into(note.text),
         into(note.author), into(left_at));
    select.execute();
    std::vector<HandoverNote> notes;
    while (select.fetch()) {
        const auto day = parse_day(date);
        if (!day) return tl::unexpected(damaged_database("the date of a handover note", place));
        note.shift.date = *day;
        note.at = to_instant(left_at);
        notes.push_back(note);
    }
    return notes;
}

Result<void> add_handover_note(soci::session& sql, const std::string& team, const HandoverNote& note,
                               const AuditEntry& entry) {
    soci::transaction transaction(sql);
    add_audit_entry(sql, entry);
    const std::string date = format_day(note.shift.date);
    const long long left_at = to_seconds(note.at);
    sql << "INSERT INTO handover_notes (team, shift_date, rotation, seq, body, author, left_at)"
           " SELECT :team, :date, :rotation, COALESCE(MAX(seq), 0) + 1, :body, :author, :at"
           " FROM handover_notes",
        use(team), use(date), use(note.shift.rotation), use(note.text), use(note.author), use(left_at);
    transaction.commit();
    return {};
}

Result<void> raise_feed_generation(soci::session& sql, const std::string& team, const std::string& scope,
                                   const AuditEntry& entry) {
    soci::transaction transaction(sql);
    add_audit_entry(sql, entry);
    sql << "INSERT INTO feed_generations (team, scope, generation) VALUES (:team, :scope, 1)"
           " ON CONFLICT (team, scope) DO UPDATE SET generation = feed_generations.generation + 1",
        use(team), use(scope);
    transaction.commit();
    return {};
}

Result<std::vector<AuditEntry>> select_audit_log(soci::session& sql, const std::string& team, int limit) {
    AuditEntry entry;
    long long at = 0;
    soci::statement select =
        (sql.prepare << "SELECT at, who, peer, team, action, what FROM audit_log WHERE team = :team"
                        " ORDER BY seq DESC LIMIT :limit",
         use(team), use(limit), into(at), into(entry.who), into(entry.from), into(entry.team),
         into(entry.action), into(entry.what));
    select.execute();
    std::vector<AuditEntry> entries;
    while (select.fetch()) {
        entry.at = to_instant(at);
        entries.push_back(entry);
    }
    return entries;
}

Result<long long> select_change_counter(soci::session& sql, const std::string& team) {
    long long newest = 0;
    sql << "SELECT COALESCE(MAX(seq), 0) FROM audit_log WHERE team = :team", use(team), into(newest);
    return newest;
}

void add_audit_entry(soci::session& sql, const AuditEntry& entry) {
    const long long at = to_seconds(entry.at);
    sql << "INSERT INTO audit_log (seq, at, who, peer, team, action, what)"
           " SELECT COALESCE(MAX(seq), 0) + 1, :at, :who, :peer, :team, :action, :what FROM audit_log",
        use(at), use(entry.who), use(entry.from), use(entry.team), use(entry.action), use(entry.what);
}

}  // namespace watchbill::store
