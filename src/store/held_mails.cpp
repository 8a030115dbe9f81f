// Mails that wait for what a calendar's server does: who is told by which way.
#include <algorithm>

#include "store/outbox.h"
#include "store/seconds.h"

namespace watchbill::store {

using soci::into;
using soci::use;

namespace {

// Stands where a worker's name does. To whom the calendar's server was about to write, a cancellation is not
// needless (outbox.cpp), and their mail may be queued again.
const std::string& the_calendar() {
    static const std::string name = "the calendar";
    return name;
}

constexpr const char* of_incident =
    " team = :team AND about = :about AND transport = 'mail' AND calendar_method <> ''";

struct HeldMail {
    std::string recipient;
    long long seq = 0;
    long long held_until = 0;
};

void add_once(std::vector<MemberId>& members, const MemberId& member) {
    if (std::find(members.begin(), members.end(), member) == members.end()) members.push_back(member);
}

void release_newest(soci::session& sql, const std::string& team, const std::string& about,
                    const std::string& recipient, long long now) {
    const long long nothing = 0;
    sql << std::string(
               "UPDATE outbox SET state = 'queued', next_attempt = :now, settled_at = :unsettled,"
               " claimed_by = '', held_until = 0 WHERE") +
               of_incident +
               " AND recipient = :recipient AND held_until > 0"
               " AND (state = 'queued' OR (state = 'dropped' AND claimed_by = :calendar))"
               " AND seq = (SELECT MAX(newest.seq) FROM outbox newest WHERE newest.team = outbox.team"
               " AND newest.about = outbox.about AND newest.recipient = outbox.recipient"
               " AND newest.transport = 'mail' AND newest.calendar_method <> '')",
        use(now), use(nothing), use(team), use(about), use(recipient), use(the_calendar());
}

}  // namespace

Result<HeldMails> hold_mails(soci::session& sql, const std::string& team, const std::string& about,
                             Instant now, Instant until) {
    const long long at = to_seconds(now);
    const long long end = to_seconds(until);
    soci::transaction transaction(sql);
    sql << std::string("UPDATE outbox SET held_until = :until, claimed_by = :calendar WHERE") + of_incident +
               " AND state = 'queued' AND held_until > 0 AND claimed_until <= :now",
        use(end), use(the_calendar()), use(team), use(about), use(at);
    HeldMails held;
    HeldMail row;
    soci::statement select =
        (sql.prepare << "SELECT recipient, seq, held_until FROM outbox WHERE" << of_incident
                     << " ORDER BY seq",
         use(team), use(about), into(row.recipient), into(row.seq), into(row.held_until));
    select.execute();
    while (select.fetch()) {
        held.latest = row.seq;
        const auto recipient = MemberId::parse(row.recipient);
        if (!recipient) continue;  // damaged: whoever claims the message says so
        add_once(held.told, *recipient);
        if (row.held_until == 0) add_once(held.by_mail, *recipient);
    }
    transaction.commit();
    return held;
}

Result<void> hold_behind_events(soci::session& sql, Instant until) {
    const long long end = to_seconds(until);
    sql << "UPDATE outbox SET held_until = :until WHERE transport = 'mail' AND calendar_method <> ''"
           " AND state = 'queued' AND held_until > 0 AND held_until < :end"
           " AND EXISTS (SELECT 1 FROM outbox event WHERE event.team = outbox.team"
           " AND event.about = outbox.about AND event.transport = 'caldav' AND event.state = 'queued')",
        use(end), use(end);
    return {};
}

Result<void> leave_to_server(soci::session& sql, const std::string& team, const std::string& about,
                             const ServerInvitations& invitations, Instant now) {
    const long long at = to_seconds(now);
    soci::transaction transaction(sql);
    for (const MemberId& member : invitations.unreachable)
        release_newest(sql, team, about, member.email(), at);
    for (const MemberId& member : invitations.by_server) {
        sql << std::string("UPDATE outbox SET held_until = :now WHERE") + of_incident +
                   " AND recipient = :recipient AND held_until = 0 AND claimed_until <= :free",
            use(at), use(team), use(about), use(member.email()), use(at);
    }
    sql << std::string(
               "UPDATE outbox SET state = 'dropped', settled_at = :now, claimed_by = :calendar WHERE") +
               of_incident +
               " AND state = 'queued' AND held_until > 0 AND seq <= :latest AND claimed_until <= :free",
        use(at), use(the_calendar()), use(team), use(about), use(invitations.latest), use(at);
    transaction.commit();
    return {};
}

Result<void> release_mails(soci::session& sql, const std::string& team, const std::string& about,
                           const std::optional<MemberId>& only, Instant now) {
    const long long at = to_seconds(now);
    soci::transaction transaction(sql);
    if (only) {
        release_newest(sql, team, about, only->email(), at);
    } else {
        sql << std::string("UPDATE outbox SET held_until = 0, next_attempt = :now WHERE") + of_incident +
                   " AND state = 'queued' AND held_until > 0",
            use(at), use(team), use(about);
    }
    transaction.commit();
    return {};
}

}  // namespace watchbill::store
