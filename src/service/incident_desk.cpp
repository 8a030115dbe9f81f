#include "service/incident_desk.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "incident/missing_event.h"
#include "service/incident_deliveries.h"
#include "service/incident_messages.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill {

namespace {

// Each attempt that fails means that somebody else's succeeded.
constexpr int most_attempts = 50;

Refused refuse(const IncidentRefusal& refusal) {
    return refuse(refusal.code, refusal.kind, refusal.sentence);
}

Refused refuse_key() {
    return refuse("key_reused", ErrorCode::invalid_input,
                  "This Idempotency-Key came with another body before: use a new key for another change.");
}

// "2026-12-03-9f86d0818a2c": people see the day, and 48 bits are enough for a server's incidents of it.
std::string new_id(const Team& team, Instant now) {
    constexpr size_t random_bytes = 6;
    return format_day(Zone::get(team.zone).day_of(now)) + '-' + crypto::random_hex(random_bytes);
}

}  // namespace

IncidentDesk::IncidentDesk(Store& store, const Clock& clock, const IncidentLinks& links,
                           IncidentDeskOptions options)
    : store_(store), clock_(clock), links_(links), options_(std::move(options)), timers_(clock) {}

IncidentWrite IncidentDesk::write_of(const Team& team, const IncidentChange& change,
                                     const Errand& errand) const {
    IncidentWrite write;
    write.incident = change.incident;
    write.entries = change.entries;
    write.messages = incident_messages(team, change, links_, errand.now);
    if (inviter_of(team) != Inviter::mail) write.mails_held_until = errand.now + mails_wait;
    write.called = change.called;
    std::string what = "Incident " + change.incident.id + ":";
    for (const TimelineEntry& entry : change.entries) {
        if (entry.kind != "note") what += ' ' + entry.text;
    }
    if (what.back() == ':') what += " A note was left.";
    write.audit = {errand.now, errand.actor.who, errand.actor.from,
                   team.name,  errand.action,    std::move(what)};
    return write;
}

Inviter IncidentDesk::inviter_of(const Team& team) const {
    if (!team.incident_calendar || team.incident_calendar->inviting == IncidentCalendar::Inviting::mail)
        return Inviter::mail;
    return options_.inviter ? options_.inviter(team) : Inviter::unknown;
}

ActionResult<OpenedIncident> IncidentDesk::open(const KnownTeam& known, const IncidentOrder& order,
                                                const OnceOnly& once, const Actor& actor) {
    const auto repeat = [&](const KeptAnswer& kept) -> ActionResult<OpenedIncident> {
        if (kept.body_digest == crypto::sha256_hex(once.body))
            return OpenedIncident{kept.incident, kept.answer, true};
        return refuse("key_reused", ErrorCode::invalid_input,
                      "This Idempotency-Key came with another body before, and opened incident " +
                          kept.incident + ": use a new key for another incident.");
    };
    if (!once.key.empty()) {
        if (const auto judged = accept_key(once.key); !judged) return Refused(judged.error());
        const auto kept = store_.kept_answer(known.team.name, once.key);
        if (!kept) return refuse(kept.error());
        if (*kept) return repeat(**kept);
    }

    const Instant now = clock_.now();
    auto accepted = accept_order(known.team, order, new_id(known.team, now), now);
    if (!accepted) return Refused(std::move(accepted.error()));
    accepted->organizer = options_.organizer;
    accepted->who = actor.who;
    const auto history = store_.call_history(known.team.name);
    if (!history) return refuse(history.error());
    const Staff staff{&known.team, &known.plan, &known.availability, &*history};
    const auto change = open_incident(staff, *accepted, now);
    if (!change) return refuse(change.error());

    const IncidentWrite write = write_of(known.team, *change, {"incident.opened", actor, now});
    const Transport by = write.mails_held_until ? Transport::caldav : Transport::mail;
    const EscalationOutlook ahead =
        outlook_of(staff, known, change->incident, untried_requests(change->incident, by), now);
    OpenedIncident opened{change->incident.id, once.answer(change->incident, by, ahead), false};
    const KeptAnswer answer{once.key, crypto::sha256_hex(once.body), opened.id, opened.answer};
    const auto other = store_.open_incident(write, answer);
    if (!other) return refuse(other.error());
    if (*other) return repeat(**other);
    if (options_.on_changed) options_.on_changed();
    return opened;
}

ActionResult<Incident> IncidentDesk::preview(const KnownTeam& known, const IncidentOrder& order,
                                             const Actor& actor) {
    const Instant now = clock_.now();
    auto accepted = accept_order(known.team, order, "preview", now);
    if (!accepted) return Refused(std::move(accepted.error()));
    accepted->organizer = options_.organizer;
    accepted->who = actor.who;
    const auto history = store_.call_history(known.team.name);
    if (!history) return refuse(history.error());
    auto change = open_incident({&known.team, &known.plan, &known.availability, &*history}, *accepted, now);
    if (!change) return refuse(change.error());
    return std::move(change->incident);
}

ActionResult<std::vector<LadderStep>> IncidentDesk::ladder(const KnownTeam& known,
                                                           const Incident& incident) const {
    const auto history = store_.call_history(known.team.name);
    if (!history) return refuse(history.error());
    return call_ladder({&known.team, &known.plan, &known.availability, &*history}, incident);
}

ActionResult<ChangedIncident> IncidentDesk::change(const KnownTeam& known, const std::string& id,
                                                   const Errand& errand, const Step& step) {
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        const auto incident = store_.find_incident(known.team.name, id);
        if (!incident) return refuse(incident.error());
        auto kept = kept_answer_to(known.team, errand.keyed);
        if (!kept) return Refused(std::move(kept.error()));
        if (*kept && *incident) return ChangedIncident{**incident, false, std::move(*kept)};
        if (!*incident) {
            return refuse("no_such_incident", ErrorCode::not_found,
                          "There is no incident \"" + id + "\" in this team.");
        }
        const auto history = store_.call_history(known.team.name);
        if (!history) return refuse(history.error());
        const Staff staff{&known.team, &known.plan, &known.availability, &*history};
        auto change = step(staff, **incident);
        if (!change) return refuse(change.error());
        if (errand.only_follow_up || change->changes_anything()) {
            // Whoever declined, or left a slot open, is followed by the next one in the same step.
            if (const auto followed = follow_up(known, staff, *change, errand.now); !followed)
                return refuse(followed.error());
        }
        if (!change->changes_anything()) return ChangedIncident{**incident, false};
        change->incident.version = (*incident)->version + 1;
        IncidentWrite write = write_of(known.team, *change, errand);
        if (!errand.keyed.key.empty()) write.kept = errand.keyed.answer(write);
        const auto written = store_.change_incident(write);
        if (written) {
            note_escalation(*change);
            if (options_.on_changed) options_.on_changed();
            return ChangedIncident{std::move(change->incident), true, std::move(write.kept)};
        }
        if (written.error().code != ErrorCode::conflict) return refuse(written.error());
    }
    return refuse("conflict", ErrorCode::conflict,
                  "Too many others change this incident at the same time: try again.");
}

ActionResult<std::optional<KeptAnswer>> IncidentDesk::kept_answer_to(const Team& team,
                                                                     const KeyedChange& keyed) {
    if (keyed.key.empty()) return std::nullopt;
    auto kept = store_.kept_answer(team.name, keyed.key);
    if (!kept) return refuse(kept.error());
    if (*kept && (*kept)->body_digest != keyed.body_digest) return refuse_key();
    return std::move(*kept);
}

Result<IncidentPatch> IncidentDesk::without_removed(IncidentPatch patch, const Team& team,
                                                    const Incident& incident) {
    const auto person = [&team](const std::string& address) {
        const auto id = MemberId::parse(address);
        const Member* const member = id ? team.find_member(*id) : nullptr;
        return member != nullptr ? std::optional(member->id) : id;
    };
    const auto is_gone = [&](const std::string& address) {
        const auto id = person(address);
        const Invitation* const invited = id ? incident.find(*id) : nullptr;
        return id && (invited == nullptr || invited->role != IncidentRole::expert);
    };
    auto& removed = patch.remove_experts;
    if (std::none_of(removed.begin(), removed.end(), is_gone)) return patch;
    const auto timeline = store_.incident_timeline(incident.team, incident.id);
    if (!timeline) return tl::unexpected(timeline.error());
    std::erase_if(removed, [&](const std::string& address) {
        return is_gone(address) &&
               std::any_of(timeline->begin(), timeline->end(), [&](const TimelineEntry& entry) {
                   return entry.kind == "expert_removed" && entry.about == person(address);
               });
    });
    return patch;
}

ActionResult<ChangedIncident> IncidentDesk::patch(const KnownTeam& known, const std::string& id,
                                                  const IncidentPatchOrder& order, const Actor& actor,
                                                  const std::optional<std::vector<int>>& versions,
                                                  const KeyedChange& keyed) {
    const Instant now = clock_.now();
    const auto accepted = accept_patch(order, now);
    if (!accepted) return Refused(accepted.error());
    const auto step = [&](const Staff& staff, const Incident& incident) -> IncidentResult<IncidentChange> {
        if (versions && std::find(versions->begin(), versions->end(), incident.version) == versions->end()) {
            return refuse_incident("precondition_failed",
                                   "The incident has changed since (If-Match): look at it again.",
                                   ErrorCode::conflict);
        }
        const auto left = without_removed(*accepted, known.team, incident);
        if (!left) return refuse_incident("unavailable", left.error().message, left.error().code);
        return patch_incident(staff, incident, *left, actor.who, now);
    };
    return change(known, id, {"incident.changed", actor, now, keyed}, step);
}

ActionResult<ChangedIncident> IncidentDesk::add_note(const KnownTeam& known, const std::string& id,
                                                     const std::string& text, const Actor& actor,
                                                     const KeyedChange& keyed) {
    const Instant now = clock_.now();
    const auto accepted = accept_note(text, false);
    if (!accepted) return Refused(accepted.error());
    return change(known, id, {"incident.note", actor, now, keyed},
                  [&](const Staff&, const Incident& incident) -> IncidentResult<IncidentChange> {
                      return note_incident(incident, *accepted, actor.who, now);
                  });
}

ActionResult<ChangedIncident> IncidentDesk::resolve(const KnownTeam& known, const std::string& id,
                                                    const std::string& note, const Actor& actor,
                                                    const KeyedChange& keyed) {
    const Instant now = clock_.now();
    const auto accepted = accept_note(note, true);
    if (!accepted) return Refused(accepted.error());
    return change(known, id, {"incident.resolved", actor, now, keyed},
                  [&](const Staff&, const Incident& incident) {
                      return resolve_incident(incident, *accepted, actor.who, now);
                  });
}

ActionResult<ChangedIncident> IncidentDesk::cancel(const KnownTeam& known, const std::string& id,
                                                   const std::string& note, const Actor& actor,
                                                   const KeyedChange& keyed) {
    const Instant now = clock_.now();
    const auto accepted = accept_note(note, true);
    if (!accepted) return Refused(accepted.error());
    return change(known, id, {"incident.cancelled", actor, now, keyed},
                  [&](const Staff&, const Incident& incident) {
                      return cancel_incident(incident, *accepted, actor.who, now);
                  });
}

ActionResult<ChangedIncident> IncidentDesk::acknowledge(const KnownTeam& known, const std::string& id,
                                                        const std::string& token, const Actor& actor,
                                                        const KeyedChange& keyed) {
    const Instant now = clock_.now();
    const auto step = [&](const Staff& staff, const Incident& incident) -> IncidentResult<IncidentChange> {
        const Invitation* invitation = links_.find_by_token(incident, token);
        if (invitation == nullptr) {
            return refuse_incident(
                "bad_token", "This link is not valid, or not any more: a newer mail may have a newer one.",
                ErrorCode::not_found);
        }
        if (incident.state != IncidentState::open)
            return refuse_incident("incident_closed", "The incident is over: there is nothing to do.",
                                   ErrorCode::conflict);
        if (invitation->link_used) {
            return refuse_incident("link_used", "This link was used already: the answer is known.",
                                   ErrorCode::conflict);
        }
        // Newer than whatever they answered before.
        const IncidentAnswer answer{invitation->member,
                                    ParticipationStatus::accepted,
                                    incident.sequence,
                                    std::max(now, invitation->answer_stamp),
                                    "link",
                                    false};
        return answer_incident(staff, incident, answer, now);
    };
    Errand errand{"incident.acknowledged", actor, now, keyed};
    if (errand.actor.who.empty()) errand.actor.who = "link";
    return change(known, id, errand, step);
}

ActionResult<ChangedIncident> IncidentDesk::join(const KnownTeam& known, const std::string& id,
                                                 const std::string& member, const Actor& actor,
                                                 const KeyedChange& keyed) {
    const Instant now = clock_.now();
    const auto step = [&](const Staff& staff, const Incident& incident) -> IncidentResult<IncidentChange> {
        const auto person = find_person(*staff.team, member);
        if (!person) return tl::unexpected(person.error());
        if (incident.state != IncidentState::open)
            return refuse_incident("incident_closed", "The incident is over: there is nothing to do.",
                                   ErrorCode::conflict);
        const Invitation* const invited = incident.find((*person)->id);
        if (invited != nullptr && !invited->slots.empty() && invited->rsvp == ParticipationStatus::accepted) {
            IncidentChange nothing;
            nothing.incident = incident;
            return nothing;
        }
        const Instant stamp = invited != nullptr ? std::max(now, invited->answer_stamp) : now;
        const IncidentAnswer answer{
            (*person)->id, ParticipationStatus::accepted, incident.sequence, stamp, "join", false};
        return answer_incident(staff, incident, answer, now);
    };
    return change(known, id, {"incident.joined", actor, now, keyed}, step);
}

ActionResult<ChangedIncident> IncidentDesk::answer(const KnownTeam& known, const std::string& id,
                                                   const IncidentAnswer& answer, const Actor& actor) {
    const Instant now = clock_.now();
    return change(known, id, {"incident.answered", actor, now},
                  [&](const Staff& staff, const Incident& incident) -> IncidentResult<IncidentChange> {
                      return answer_incident(staff, incident, answer, now);
                  });
}

ActionResult<ChangedIncident> IncidentDesk::read_back(const KnownTeam& known, const std::string& id,
                                                      const CalendarAnswers& copy) {
    const Instant now = clock_.now();
    return change(known, id, {"incident.answered", {"calendar", ""}, now},
                  [&](const Staff& staff, const Incident& incident) -> IncidentResult<IncidentChange> {
                      return watchbill::read_back(staff, incident, copy, now);
                  });
}

ActionResult<ChangedIncident> IncidentDesk::restore_event(const KnownTeam& known, const std::string& id) {
    const auto timeline = store_.incident_timeline(known.team.name, id);
    if (!timeline) return refuse(timeline.error());
    const Instant now = clock_.now();
    const bool server_invites = inviter_of(known.team) == Inviter::server;
    return change(known, id, {"incident.event_restored", {"watchbill", ""}, now},
                  [&](const Staff&, const Incident& incident) -> IncidentResult<IncidentChange> {
                      return watchbill::restore_event(incident, *timeline, server_invites, now);
                  });
}

}  // namespace watchbill
