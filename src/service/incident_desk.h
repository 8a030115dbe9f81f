// The respond flow: an incident is opened, changed, answered and escalated here. Each step reads the
// incident, asks src/incident what follows, and writes that with its timeline and everybody's messages in one
// transaction; whoever was faster is read again. Nothing waits for a mail server: the outbox is sent by
// others.
//
// Thread-safe, also between processes.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "service/incident_links.h"
#include "service/incident_orders.h"
#include "service/notice_board.h"
#include "service/team_actions.h"
#include "watchbill/invitation.h"
#include "watchbill/ports.h"

namespace spdlog {
class logger;
}

namespace watchbill {

class Metrics;

struct IncidentDeskOptions {
    MemberId organizer;                // the service's mailbox: ORGANIZER, and the mails' From
    spdlog::logger* log = nullptr;     // null: nothing is logged
    Metrics* metrics = nullptr;        // null: nothing is counted
    std::function<void()> on_changed;  // after each write, by whoever wrote
};

// For an opening that may be sent twice. Without a key it is opened twice then.
struct OnceOnly {
    std::string key;   // Idempotency-Key, or ""
    std::string body;  // all that was sent with it
    // The answer to it, to be kept with the incident.
    std::function<std::string(const Incident&)> answer;
};

struct OpenedIncident {
    std::string id;
    std::string answer;     // as OnceOnly made it, now or the first time
    bool repeated = false;  // it was opened by an earlier call
};

struct ChangedIncident {
    Incident incident;
    bool changed = false;  // false: it stood so already, and nothing was written
};

class IncidentDesk {
public:
    // All must outlive it.
    IncidentDesk(Store& store, const Clock& clock, const IncidentLinks& links, IncidentDeskOptions options);

    // Codes: those of accept_order and choose_roles; "key_reused" for a key that came with another body.
    ActionResult<OpenedIncident> open(const KnownTeam& known, const IncidentOrder& order,
                                      const OnceOnly& once, const Actor& actor);
    // Whom it would invite, and why. Writes nothing.
    ActionResult<Incident> preview(const KnownTeam& known, const IncidentOrder& order, const Actor& actor);

    // Codes of all that follow: "no_such_incident", and those of incident/changes.h.
    ActionResult<ChangedIncident> patch(const KnownTeam& known, const std::string& id,
                                        const IncidentPatchOrder& order, const Actor& actor);
    ActionResult<ChangedIncident> add_note(const KnownTeam& known, const std::string& id,
                                           const std::string& text, const Actor& actor);
    ActionResult<ChangedIncident> resolve(const KnownTeam& known, const std::string& id,
                                          const std::string& note, const Actor& actor);
    ActionResult<ChangedIncident> cancel(const KnownTeam& known, const std::string& id,
                                         const std::string& note, const Actor& actor);
    // By the link in somebody's mail. Codes: "bad_token", "link_used" (also for who answered since),
    // "incident_closed".
    ActionResult<ChangedIncident> acknowledge(const KnownTeam& known, const std::string& id,
                                              const std::string& token, const Actor& actor);
    // By mail or CalDAV. What does not count is recorded (incident/changes.h).
    ActionResult<ChangedIncident> answer(const KnownTeam& known, const std::string& id,
                                         const IncidentAnswer& answer, const Actor& actor);

    // Asks the next ones wherever that is due, in all teams that have a plan. Returns when something will be
    // due next.
    std::optional<Instant> escalate_due(const NoticeBoard& board, Instant now);

    const IncidentLinks& links() const { return links_; }

private:
    // What follows from an incident as it stands.
    using Step = std::function<IncidentResult<IncidentChange>(const Staff&, const Incident&)>;
    struct Errand {
        std::string action;  // for the audit log: "incident.resolved"
        Actor actor;
        Instant now;
    };

    ActionResult<ChangedIncident> change(const KnownTeam& known, const std::string& id, const Errand& errand,
                                         const Step& step);
    IncidentWrite write_of(const Team& team, const IncidentChange& change, const Errand& errand) const;
    void note_escalation(const IncidentChange& change) const;
    std::optional<Instant> escalate_team(const KnownTeam& known, Instant now);

    Store& store_;
    const Clock& clock_;
    const IncidentLinks& links_;
    const IncidentDeskOptions options_;
};

}  // namespace watchbill
