#include "store/swaps.h"

#include <algorithm>

#include "store/changes.h"
#include "store/outbox.h"
#include "store/rows.h"
#include "store/seconds.h"
#include "store/soci_errors.h"
#include "store/swap_rows.h"
#include "time/format.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

[[noreturn]] void throw_conflict(const std::string& what) {
    throw Failure{Error{ErrorCode::conflict,
                        what + " was changed by somebody else meanwhile: read it again and decide again",
                        ""}};
}

void check_override(soci::session& sql, const std::string& team, const SwapDecision::OverrideChange& change,
                    const std::string& place) {
    const DaySpan day{change.shift.date, change.shift.date + std::chrono::days(1)};
    auto found = select_overrides(sql, team, day, place);
    if (!found) throw Failure{std::move(found.error())};
    const auto standing = std::find_if(found->begin(), found->end(), [&change](const Override& fixed) {
        return fixed.shift == change.shift;
    });
    const bool same = standing == found->end() ? !change.before : change.before == *standing;
    if (!same)
        throw_conflict("the override of " + change.shift.rotation + " on " + format_day(change.shift.date));
}

void write_override(soci::session& sql, const std::string& team, const SwapDecision::OverrideChange& change) {
    const std::string date = format_day(change.shift.date);
    sql << "DELETE FROM overrides WHERE team = :team AND shift_date = :date AND rotation = :rotation",
        use(team), use(date), use(change.shift.rotation);
    if (!change.after) return;
    const OverrideRow row = to_row(team, *change.after);
    sql << "INSERT INTO overrides"
           " (team, shift_date, rotation, member, reason, fixed_by, fixed_at, digest, forced)"
           " VALUES (:team, :date, :rotation, :member, :reason, :by, :at, :digest, :forced)",
        use(row.team), use(row.shift_date), use(row.rotation), use(row.member), use(row.reason),
        use(row.fixed_by), use(row.fixed_at), use(row.digest), use(row.forced);
}

void write_swap(soci::session& sql, const std::string& team, const Swap& swap) {
    long long stored = 0;
    sql << "SELECT revision FROM swaps WHERE team = :team AND id = :id", use(team), use(swap.id),
        into(stored);
    const bool known = sql.got_data();
    if (stored != swap.revision) throw_conflict("the swap " + swap.id);
    Swap next = swap;
    ++next.revision;
    const SwapRow row = to_row(team, next);
    if (known) {
        sql << "UPDATE swaps SET last_date = :last, revision = :revision, body = :body, digest = :digest"
               " WHERE team = :team AND id = :id",
            use(row.last_date), use(row.revision), use(row.body), use(row.digest), use(row.team), use(row.id);
        return;
    }
    sql << "INSERT INTO swaps (team, id, shift_date, last_date, revision, body, digest)"
           " VALUES (:team, :id, :date, :last, :revision, :body, :digest)",
        use(row.team), use(row.id), use(row.shift_date), use(row.last_date), use(row.revision), use(row.body),
        use(row.digest);
}

// Of one member, to events that were not read yet: the event may never come.
constexpr int most_early_replies = 20;

void forget_early_replies(soci::session& sql, const std::string& team, const std::string& member) {
    sql << "DELETE FROM swap_event_replies WHERE team = :team AND swap_id = '' AND member = :member"
           " AND event NOT IN (SELECT event FROM swap_event_replies WHERE team = :of_team AND swap_id = ''"
           " AND member = :of_member ORDER BY dtstamp DESC, event LIMIT :most)",
        use(team), use(member), use(team), use(member), use(most_early_replies);
}

bool asks_by(const Swap& swap, const std::string& event) {
    return std::any_of(swap.events.begin(), swap.events.end(), [&event](const SwapEventRecord& record) {
        return record.name == event && !record.gone;
    });
}

// Answers that came before the event was read.
void take_early_replies(soci::session& sql, const SwapDecision& decision, const Swap& swap) {
    const std::string date = swap.counter ? format_day(swap.counter->date) : "";
    const std::string rotation = swap.counter ? swap.counter->rotation : "";
    const std::string asked = swap.open || !swap.colleague ? "" : swap.colleague->email();
    for (const SwapEventRecord& record : swap.events) {
        const auto same = std::count_if(decision.changes.begin(), decision.changes.end(),
                                        [&](const auto& other) { return asks_by(other.swap, record.name); });
        if (record.gone || record.round > 0 || same > 1) continue;
        sql << "UPDATE swap_event_replies SET swap_id = :id, counter_date = :date, counter_rotation = "
               ":rotation"
               " WHERE team = :team AND swap_id = '' AND event = :event AND sequence >= :sequence"
               " AND (:anybody = '' OR member = :asked) AND NOT EXISTS (SELECT 1 FROM swap_event_replies "
               "known"
               " WHERE known.team = swap_event_replies.team AND known.swap_id = :same_id"
               " AND known.event = swap_event_replies.event AND known.round = swap_event_replies.round"
               " AND known.member = swap_event_replies.member)",
            use(swap.id), use(date), use(rotation), use(decision.team), use(record.name),
            use(record.sequence), use(asked), use(asked), use(swap.id);
    }
}

// Of one member. Twice as many as are looked at at a time (SwapCalendars::most_events), so that none of those
// is written again and again.
constexpr int most_asks = 200;

void write_ask(soci::session& sql, const SwapDecision& decision, const SwapAsk& ask) {
    const std::string& member = ask.member.email();
    const std::string colleague = ask.colleague ? ask.colleague->email() : "";
    const long long at = to_seconds(decision.at);
    sql << "INSERT INTO swap_asks (team, member, uid, colleague, seen_at)"
           " VALUES (:team, :member, :uid, :colleague, :at) ON CONFLICT (team, member, uid, colleague)"
           " DO UPDATE SET seen_at = excluded.seen_at",
        use(decision.team), use(member), use(ask.uid), use(colleague), use(at);
    sql << "DELETE FROM swap_asks WHERE team = :team AND member = :member AND uid NOT IN (SELECT uid FROM"
           " swap_asks WHERE team = :of_team AND member = :of_member ORDER BY seen_at DESC, uid LIMIT :most)",
        use(decision.team), use(member), use(decision.team), use(member), use(most_asks);
}

void write_step(soci::session& sql, const std::string& team, const std::string& id, const SwapStep& step) {
    const long long at = to_seconds(step.at);
    const std::string state(swap_state_name(step.state));
    const std::string reason(swap_reason_name(step.reason));
    sql << "INSERT INTO swap_history (team, swap_id, seq, at, state, reason, what)"
           " SELECT :team, :id, COALESCE(MAX(seq), 0) + 1, :at, :state, :reason, :what FROM swap_history"
           " WHERE team = :team2 AND swap_id = :id2",
        use(team, "team"), use(id, "id"), use(at, "at"), use(state, "state"), use(reason, "reason"),
        use(step.what, "what"), use(team, "team2"), use(id, "id2");
}

}  // namespace

Result<std::vector<Swap>> select_swaps(soci::session& sql, const std::string& team, Day first,
                                       const std::string& place) {
    const std::string day = format_day(first);
    SwapRow row;
    row.team = team;
    soci::statement select =
        (sql.prepare << "SELECT id, shift_date, last_date, revision, body, digest FROM swaps"
                        " WHERE team = :team AND last_date >= :first ORDER BY shift_date, id",
         use(team), use(day), into(row.id), into(row.shift_date), into(row.last_date), into(row.revision),
         into(row.body), into(row.digest));
    select.execute();
    std::vector<Swap> swaps;
    while (select.fetch()) {
        Result<Swap> swap = from_row(row);
        if (!swap) return at_place(std::move(swap.error()), place);
        swaps.push_back(std::move(*swap));
    }
    return swaps;
}

Result<std::vector<SwapStep>> select_swap_history(soci::session& sql, const std::string& team,
                                                  const std::string& id, const std::string& place) {
    long long at = 0;
    std::string state;
    std::string reason;
    SwapStep step;
    soci::statement select = (sql.prepare << "SELECT at, state, reason, what FROM swap_history"
                                             " WHERE team = :team AND swap_id = :id ORDER BY seq",
                              use(team), use(id), into(at), into(state), into(reason), into(step.what));
    select.execute();
    std::vector<SwapStep> steps;
    while (select.fetch()) {
        const auto known_state = swap_state_from_name(state);
        const auto known_reason = swap_reason_from_name(reason);
        if (!known_state || !known_reason)
            return tl::unexpected(damaged_database("the history of the swap " + id, place));
        step.at = to_instant(at);
        step.state = *known_state;
        step.reason = *known_reason;
        steps.push_back(step);
    }
    return steps;
}

Result<void> decide_swaps(soci::session& sql, const SwapDecision& decision, const std::string& place) {
    if (decision.empty()) return {};
    soci::transaction transaction(sql);
    // A write first, so that it waits its turn before anything is read; undone with the rest on a conflict.
    const long long now = 0;
    sql << "INSERT INTO swap_turns (team, taken) VALUES (:team, :now)"
           " ON CONFLICT (team) DO UPDATE SET taken = swap_turns.taken + 1",
        use(decision.team), use(now);
    for (const auto& change : decision.overrides) check_override(sql, decision.team, change, place);
    for (const auto& change : decision.changes) {
        write_swap(sql, decision.team, change.swap);
        take_early_replies(sql, decision, change.swap);
        for (const SwapStep& step : change.steps) write_step(sql, decision.team, change.swap.id, step);
    }
    for (const auto& change : decision.overrides) write_override(sql, decision.team, change);
    for (const SwapAsk& ask : decision.asks) write_ask(sql, decision, ask);
    for (const AuditEntry& entry : decision.entries) add_audit_entry(sql, entry);
    for (const OutboxMessage& notice : decision.notices) add_to_outbox(sql, notice);
    transaction.commit();
    return {};
}

Result<std::vector<SwapAsk>> select_swap_asks(soci::session& sql, const std::string& team,
                                              const std::string& place) {
    std::string member;
    std::string uid;
    std::string colleague;
    soci::statement select = (sql.prepare << "SELECT member, uid, colleague FROM swap_asks"
                                             " WHERE team = :team ORDER BY member, uid, colleague",
                              use(team), into(member), into(uid), into(colleague));
    select.execute();
    std::vector<SwapAsk> asks;
    while (select.fetch()) {
        const auto id = MemberId::parse(member);
        const auto asked = MemberId::parse(colleague);
        if (!id || asked.has_value() == colleague.empty())
            return tl::unexpected(damaged_database("who has asked for a swap", place));
        asks.push_back({*id, uid, asked});
    }
    return asks;
}

Result<std::vector<SwapReply>> select_swap_replies(soci::session& sql, const std::string& team,
                                                   const std::string& place) {
    SwapReply reply;
    std::string member;
    std::string counter_date;
    std::string counter_rotation;
    int accepted = 0;
    long long dtstamp = 0;
    soci::statement select =
        (sql.prepare << "SELECT swap_id, event, round, member, counter_date,"
                        " counter_rotation, accepted, sequence, dtstamp"
                        " FROM swap_event_replies WHERE team = :team"
                        " ORDER BY swap_id, event, round, member",
         use(team), into(reply.swap_id), into(reply.event), into(reply.round), into(member),
         into(counter_date), into(counter_rotation), into(accepted), into(reply.sequence), into(dtstamp));
    select.execute();
    std::vector<SwapReply> replies;
    while (select.fetch()) {
        const auto id = MemberId::parse(member);
        const auto day = parse_day(counter_date);
        if (!id || (!counter_date.empty() && !day))
            return tl::unexpected(damaged_database("the answer to a swap", place));
        reply.member = *id;
        reply.counter = day ? std::optional(ShiftKey{counter_rotation, *day}) : std::nullopt;
        reply.accepted = accepted != 0;
        reply.dtstamp = to_instant(dtstamp);
        replies.push_back(reply);
    }
    return replies;
}

Result<bool> keep_swap_reply(soci::session& sql, const std::string& team, const SwapReply& reply,
                             const AuditEntry& entry) {
    soci::transaction transaction(sql);
    add_audit_entry(sql, entry);
    int sequence = 0;
    long long dtstamp = 0;
    sql << "SELECT sequence, dtstamp FROM swap_event_replies WHERE team = :team AND swap_id = :id"
           " AND event = :event AND round = :round AND member = :member",
        use(team), use(reply.swap_id), use(reply.event), use(reply.round), use(reply.member.email()),
        into(sequence), into(dtstamp);
    const bool known = sql.got_data();
    const auto newer = std::pair(reply.sequence, to_seconds(reply.dtstamp));
    if (known && newer <= std::pair(sequence, dtstamp)) return false;  // rolled back
    const std::string date = reply.counter ? format_day(reply.counter->date) : "";
    const std::string rotation = reply.counter ? reply.counter->rotation : "";
    const int accepted = reply.accepted ? 1 : 0;
    sql << "DELETE FROM swap_event_replies WHERE team = :team AND swap_id = :id AND event = :event"
           " AND round = :round AND member = :member",
        use(team), use(reply.swap_id), use(reply.event), use(reply.round), use(reply.member.email());
    sql << "INSERT INTO swap_event_replies (team, swap_id, event, round, member, counter_date,"
           " counter_rotation, accepted, sequence, dtstamp) VALUES"
           " (:team, :id, :event, :round, :member, :date, :rotation, :accepted, :sequence, :dtstamp)",
        use(team), use(reply.swap_id), use(reply.event), use(reply.round), use(reply.member.email()),
        use(date), use(rotation), use(accepted), use(reply.sequence), use(newer.second);
    if (reply.swap_id.empty()) forget_early_replies(sql, team, reply.member.email());
    transaction.commit();
    return true;
}

}  // namespace watchbill::store
