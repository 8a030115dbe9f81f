#include "store/publish.h"

#include <algorithm>
#include <map>

#include "store/changes.h"
#include "store/rows.h"
#include "store/soci_errors.h"
#include "time/format.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

using StoredAssignments = std::map<ShiftKey, PublishedAssignment>;

// The smallest span of days that holds every shift the publication names.
std::optional<DaySpan> span_of(const Publication& publication) {
    std::optional<DaySpan> span;
    const auto include = [&span](Day day) {
        if (!span) span = DaySpan{day, day + std::chrono::days(1)};
        span->first = std::min(span->first, day);
        span->end = std::max(span->end, day + std::chrono::days(1));
    };
    for (const Assignment& assignment : publication.changed) include(assignment.shift.key.date);
    for (const ShiftKey& key : publication.withdrawn) include(key.date);
    return span;
}

std::vector<Override> stored_overrides(soci::session& sql, const Publication& publication,
                                       const std::string& place) {
    const std::optional<DaySpan> span = span_of(publication);
    if (!span) return {};
    Result<std::vector<Override>> overrides = select_overrides(sql, publication.team, *span, place);
    if (!overrides) throw Failure{std::move(overrides.error())};
    return std::move(*overrides);
}

StoredAssignments stored_assignments(soci::session& sql, const Publication& publication,
                                     const std::string& place) {
    StoredAssignments stored;
    const std::optional<DaySpan> span = span_of(publication);
    if (!span) return stored;
    Result<std::vector<PublishedAssignment>> rows = select_assignments(sql, publication.team, *span, place);
    if (!rows) throw Failure{std::move(rows.error())};
    for (PublishedAssignment& row : *rows) {
        const ShiftKey key = row.assignment.shift.key;
        stored.emplace(key, std::move(row));
    }
    return stored;
}

bool has_started(const PublishedAssignment& stored, Instant at) {
    return stored.assignment.shift.when.start <= at;
}

Failure history_conflict(const ShiftKey& key) {
    return Failure{Error{ErrorCode::conflict,
                         "the shift has started and is history, which never changes: read what is published "
                         "and plan again",
                         key.rotation + " " + format_day(key.date)}};
}

// People gave the shift to this holder while it ran: the one way in which history changes.
bool has_changed_hands(const Assignment& assignment, const std::vector<Override>& overrides) {
    return std::any_of(overrides.begin(), overrides.end(), [&assignment](const Override& fixed) {
        return fixed.shift == assignment.shift.key && fixed.member == assignment.member &&
               assignment.shift.when.contains(fixed.at);
    });
}

// What of `changed` is to be written: all but started shifts that stand as they are.
std::vector<const Assignment*> rows_to_write(const Publication& publication, const StoredAssignments& stored,
                                             const std::vector<Override>& overrides) {
    std::vector<const Assignment*> rows;
    for (const Assignment& assignment : publication.changed) {
        const auto found = stored.find(assignment.shift.key);
        const bool is_history = found != stored.end() && has_started(found->second, publication.at);
        if (is_history && found->second.assignment == assignment) continue;
        if (is_history && !has_changed_hands(assignment, overrides))
            throw history_conflict(assignment.shift.key);
        rows.push_back(&assignment);
    }
    return rows;
}

void refuse_withdrawn_history(const Publication& publication, const StoredAssignments& stored) {
    for (const ShiftKey& key : publication.withdrawn) {
        const auto found = stored.find(key);
        if (found != stored.end() && has_started(found->second, publication.at)) throw history_conflict(key);
    }
}

// The transaction's first statement is a write, so that it waits its turn before it reads anything: SQLite
// would otherwise refuse to turn a reader into a writer once somebody else has written.
void take_turn(soci::session& sql, const Publication& publication) {
    const long long at = publication.at.time_since_epoch().count();
    sql << "INSERT INTO publications (team, published_at) VALUES (:team, :at)"
           " ON CONFLICT (team) DO UPDATE SET published_at = excluded.published_at",
        use(publication.team), use(at);
}

void delete_withdrawn(soci::session& sql, const Publication& publication) {
    std::string date;
    std::string rotation;
    soci::statement remove =
        (sql.prepare
             << "DELETE FROM assignments WHERE team = :team AND shift_date = :date AND rotation = :rotation",
         use(publication.team), use(date), use(rotation));
    for (const ShiftKey& key : publication.withdrawn) {
        date = format_day(key.date);
        rotation = key.rotation;
        remove.execute(true);
    }
}

void write_assignments(soci::session& sql, const Publication& publication,
                       const std::vector<const Assignment*>& assignments) {
    AssignmentRow row;
    soci::statement upsert =
        (sql.prepare
             << "INSERT INTO assignments (team, shift_date, rotation, shift_start, shift_end, member,"
                " rest_broken, overridden, on_holiday, reasons, candidates, published_at, digest)"
                " VALUES (:team, :date, :rotation, :start, :end, :member, :broken, :overridden, :holiday,"
                " :reasons, :candidates, :published, :digest)"
                " ON CONFLICT (team, shift_date, rotation) DO UPDATE SET"
                " shift_start = excluded.shift_start, shift_end = excluded.shift_end,"
                " member = excluded.member, rest_broken = excluded.rest_broken,"
                " overridden = excluded.overridden, reasons = excluded.reasons,"
                " candidates = excluded.candidates,"
                " published_at = excluded.published_at, digest = excluded.digest",
         use(row.team), use(row.shift_date), use(row.rotation), use(row.shift_start), use(row.shift_end),
         use(row.member), use(row.rest_broken), use(row.overridden), use(row.on_holiday), use(row.reasons),
         use(row.candidates), use(row.published_at), use(row.digest));
    for (const Assignment* assignment : assignments) {
        Result<AssignmentRow> made = to_row(publication.team, {*assignment, publication.at});
        if (!made) throw Failure{std::move(made.error())};
        row = std::move(*made);
        upsert.execute(true);
    }
}

void delete_forgotten(soci::session& sql, const Publication& publication) {
    std::string uid;
    soci::statement remove = (sql.prepare << "DELETE FROM event_versions WHERE team = :team AND uid = :uid",
                              use(publication.team), use(uid));
    for (const std::string& forgotten : publication.forgotten_versions) {
        uid = forgotten;
        remove.execute(true);
    }
}

void write_versions(soci::session& sql, const Publication& publication) {
    VersionRow row;
    soci::statement upsert =
        (sql.prepare
             << "INSERT INTO event_versions (team, uid, sequence, last_modified, content_hash, digest)"
                " VALUES (:team, :uid, :sequence, :modified, :hash, :digest)"
                " ON CONFLICT (team, uid) DO UPDATE SET sequence = excluded.sequence,"
                " last_modified = excluded.last_modified, content_hash = excluded.content_hash,"
                " digest = excluded.digest",
         use(row.team), use(row.uid), use(row.sequence), use(row.last_modified), use(row.content_hash),
         use(row.digest));
    for (const auto& [uid, version] : publication.versions) {
        row = to_row(publication.team, uid, version);
        upsert.execute(true);
    }
}

bool is_empty(const Publication& publication) {
    return publication.changed.empty() && publication.withdrawn.empty() && publication.versions.empty() &&
           publication.forgotten_versions.empty();
}

}  // namespace

Result<std::vector<PublishedAssignment>> select_assignments(soci::session& sql, const std::string& team,
                                                            DaySpan days, const std::string& place) {
    const std::string first = format_day(days.first);
    const std::string end = format_day(days.end);
    AssignmentRow row;
    row.team = team;
    soci::statement select =
        (sql.prepare
             << "SELECT shift_date, rotation, shift_start, shift_end, member, rest_broken, overridden,"
                " on_holiday, reasons, candidates, published_at, digest FROM assignments"
                " WHERE team = :team AND shift_date >= :first AND shift_date < :end"
                " ORDER BY shift_date, rotation",
         use(team), use(first), use(end), into(row.shift_date), into(row.rotation), into(row.shift_start),
         into(row.shift_end), into(row.member), into(row.rest_broken), into(row.overridden),
         into(row.on_holiday), into(row.reasons), into(row.candidates), into(row.published_at),
         into(row.digest));
    select.execute();
    std::vector<PublishedAssignment> found;
    while (select.fetch()) {
        Result<PublishedAssignment> published = from_row(row);
        if (!published) return at_place(std::move(published.error()), place);
        found.push_back(std::move(*published));
    }
    return found;
}

Result<void> publish(soci::session& sql, const Publication& publication, const std::string& place) {
    if (is_empty(publication)) return {};
    soci::transaction transaction(sql);
    take_turn(sql, publication);
    const StoredAssignments stored = stored_assignments(sql, publication, place);
    refuse_withdrawn_history(publication, stored);
    const std::vector<const Assignment*> rows =
        rows_to_write(publication, stored, stored_overrides(sql, publication, place));
    delete_withdrawn(sql, publication);
    write_assignments(sql, publication, rows);
    delete_forgotten(sql, publication);
    write_versions(sql, publication);
    transaction.commit();
    return {};
}

}  // namespace watchbill::store
