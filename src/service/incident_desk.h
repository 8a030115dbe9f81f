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

#include "incident/delivery.h"
#include "incident/outlook.h"
#include "incident/read_back.h"
#include "service/answer_timers.h"
#include "service/incident_links.h"
#include "service/incident_orders.h"
#include "service/mail_monitor.h"
#include "service/notice_board.h"
#include "service/team_actions.h"
#include "watchbill/event_calendar.h"
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
    // Of a team that has an incident calendar, as far as that is known; asks nobody. Empty: it is unknown.
    std::function<Inviter(const Team&)> inviter = {};
    // Of who sends mails. Null: nobody does, and people are taken to know when they are invited.
    const MailMonitor* mail = nullptr;
};

// So long mails wait where the calendar's server may tell their recipients instead: two attempts fit into it,
// and nobody is called half a minute later than they could be.
inline constexpr Duration mails_wait = std::chrono::seconds(30);

// For an opening that may be sent twice. Without a key it is opened twice then.
struct OnceOnly {
    std::string key;   // Idempotency-Key, or ""
    std::string body;  // all that was sent with it
    // The answer to it, to be kept with the incident; `by` is the way in which people are told first, `ahead`
    // what happens if nobody answers.
    std::function<std::string(const Incident&, Transport by, const EscalationOutlook& ahead)> answer;
};

struct OpenedIncident {
    std::string id;
    std::string answer;     // as OnceOnly made it, now or the first time
    bool repeated = false;  // it was opened by an earlier call
};

// For a change that may be sent twice: what is kept of it, in its own transaction, so that it is made once.
// Without a key it is made twice then.
struct KeyedChange {
    std::string key;          // under which it is kept; ""
    std::string body_digest;  // of what was asked for
    // The answer to it; its key and digest are these.
    std::function<KeptAnswer(const IncidentWrite&)> answer = {};
};

struct ChangedIncident {
    Incident incident;
    bool changed = false;  // false: it stood so already, and nothing was written
    // With a key: the answer that is kept, now or since an earlier call.
    std::optional<KeptAnswer> kept = std::nullopt;
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

    // Who is asked in what order, if nobody answers, of one that preview() made.
    ActionResult<std::vector<LadderStep>> ladder(const KnownTeam& known, const Incident& incident) const;
    // Whom escalation asks next. `messages` are how its messages fare.
    EscalationOutlook outlook(const KnownTeam& known, const Incident& incident,
                              const std::vector<MessageDelivery>& messages) const;

    // Codes of all that follow: "no_such_incident", and those of incident/changes.h.
    //
    // `versions`: nothing is changed unless the incident still has one of them ("precondition_failed"); none:
    // as it is.
    ActionResult<ChangedIncident> patch(const KnownTeam& known, const std::string& id,
                                        const IncidentPatchOrder& order, const Actor& actor,
                                        const std::optional<std::vector<int>>& versions = std::nullopt,
                                        const KeyedChange& keyed = {});
    ActionResult<ChangedIncident> add_note(const KnownTeam& known, const std::string& id,
                                           const std::string& text, const Actor& actor,
                                           const KeyedChange& keyed = {});
    ActionResult<ChangedIncident> resolve(const KnownTeam& known, const std::string& id,
                                          const std::string& note, const Actor& actor,
                                          const KeyedChange& keyed = {});
    ActionResult<ChangedIncident> cancel(const KnownTeam& known, const std::string& id,
                                         const std::string& note, const Actor& actor,
                                         const KeyedChange& keyed = {});
    // By the link in somebody's mail. Codes: "bad_token", "link_used" (also for who answered since),
    // "incident_closed".
    ActionResult<ChangedIncident> acknowledge(const KnownTeam& known, const std::string& id,
                                              const std::string& token, const Actor& actor,
                                              const KeyedChange& keyed = {});
    // A member of the team takes a part though nobody asked them, or says yes to what they are asked for
    // (incident/changes.h). Codes: "unknown_person", "incident_closed".
    ActionResult<ChangedIncident> join(const KnownTeam& known, const std::string& id,
                                       const std::string& member, const Actor& actor,
                                       const KeyedChange& keyed = {});
    // By mail. What does not count is recorded (incident/changes.h).
    ActionResult<ChangedIncident> answer(const KnownTeam& known, const std::string& id,
                                         const IncidentAnswer& answer, const Actor& actor);
    // By the calendar: what is news in the event's copy there (incident/read_back.h).
    ActionResult<ChangedIncident> read_back(const KnownTeam& known, const std::string& id,
                                            const CalendarAnswers& copy);

    // The event was in its calendar and is not there any more (incident/missing_event.h).
    ActionResult<ChangedIncident> restore_event(const KnownTeam& known, const std::string& id);

    // Asks the next ones wherever that is due, in all teams that have a plan, and says who cannot be told.
    // Returns when something will be due next.
    std::optional<Instant> escalate_due(const NoticeBoard& board, Instant now);

    MailService mail_service() const {
        return options_.mail != nullptr ? options_.mail->service() : MailService{};
    }

    const IncidentLinks& links() const { return links_; }

private:
    // What follows from an incident as it stands.
    using Step = std::function<IncidentResult<IncidentChange>(const Staff&, const Incident&)>;
    struct Errand {
        std::string action;  // for the audit log: "incident.resolved"
        Actor actor;
        Instant now;
        KeyedChange keyed = {};
        // Nothing is changed but what follows by itself.
        bool only_follow_up = false;
    };

    ActionResult<ChangedIncident> change(const KnownTeam& known, const std::string& id, const Errand& errand,
                                         const Step& step);
    ActionResult<std::optional<KeptAnswer>> kept_answer_to(const Team& team, const KeyedChange& keyed);
    // Without those whom somebody removed before: asked for again after an answer was lost, that is no
    // change.
    Result<IncidentPatch> without_removed(IncidentPatch patch, const Team& team, const Incident& incident);
    IncidentWrite write_of(const Team& team, const IncidentChange& change, const Errand& errand) const;
    Inviter inviter_of(const Team& team) const;
    void note_escalation(const IncidentChange& change) const;
    std::optional<Instant> escalate_team(const KnownTeam& known, Instant now);
    // How long until there may be something to do for it; nothing: never.
    Result<std::optional<Duration>> escalate_one(const KnownTeam& known, const Incident& incident,
                                                 Instant now);
    EscalationOutlook outlook_of(const Staff& staff, const KnownTeam& known, const Incident& incident,
                                 const std::vector<MessageDelivery>& messages, Instant now) const;
    Result<DeliveryFacts> facts_of(const Incident& incident, const KnownTeam& known, Instant now) const;
    // Says who cannot be told, and asks the next ones.
    Result<void> follow_up(const KnownTeam& known, const Staff& staff, IncidentChange& change, Instant now);
    std::optional<Duration> until_due(const Incident& incident, const DeliveryFacts& facts, const Team& team);

    Store& store_;
    const Clock& clock_;
    const IncidentLinks& links_;
    const IncidentDeskOptions options_;
    AnswerTimers timers_;
};

}  // namespace watchbill
