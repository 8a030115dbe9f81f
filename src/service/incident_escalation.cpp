// What becomes of incidents by themselves: the part of IncidentDesk that time and deliveries drive.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "incident/escalation.h"
#include "service/incident_desk.h"
#include "service/metrics.h"

namespace watchbill {

namespace {

// How soon it is looked again whether those who wait for a delivery have been told. News of the mail server
// come sooner (MailMonitor).
constexpr Duration delivery_look = std::chrono::seconds(5);
constexpr Duration least_wait = std::chrono::seconds(1);

DeliveryFacts gone_people(const Incident& incident, const KnownTeam& known, Instant now) {
    DeliveryFacts facts = leavers(incident, known.team);
    facts.merge(absentees(incident, known.team, known.availability, now));
    return facts;
}

}  // namespace

Result<DeliveryFacts> IncidentDesk::facts_of(const Incident& incident, const KnownTeam& known,
                                             Instant now) const {
    const auto messages = store_.deliveries(incident.team, incident.id);
    if (!messages) return tl::unexpected(messages.error());
    DeliveryFacts facts = gone_people(incident, known, now);
    facts.merge(delivery_facts(incident, *messages, mail_service()));
    return facts;
}

EscalationOutlook IncidentDesk::outlook(const KnownTeam& known, const Incident& incident,
                                        const std::vector<MessageDelivery>& messages) const {
    const auto history = store_.call_history(known.team.name);
    if (!history) return {};  // for who is asked next; the incident itself can be shown
    return outlook_of({&known.team, &known.plan, &known.availability, &*history}, known, incident, messages,
                      clock_.now());
}

EscalationOutlook IncidentDesk::outlook_of(const Staff& staff, const KnownTeam& known,
                                           const Incident& incident,
                                           const std::vector<MessageDelivery>& messages, Instant now) const {
    DeliveryFacts facts = gone_people(incident, known, now);
    facts.merge(delivery_facts(incident, messages, mail_service()));
    return escalation_outlook(staff, incident, now, facts);
}

Result<void> IncidentDesk::follow_up(const KnownTeam& known, const Staff& staff, IncidentChange& change,
                                     Instant now) {
    if (change.incident.state != IncidentState::open) return {};
    const auto facts = facts_of(change.incident, known, now);
    if (!facts) return tl::unexpected(facts.error());
    append_change(change, note_deliveries(change.incident, *facts, now));
    const auto is_up = [&](const AnswerWait& wait) {
        return timers_.left(change.incident, wait, staff.team->ack_timeout * wait.times) == Duration(0);
    };
    if (auto next = escalate(staff, change.incident, now, *facts, is_up))
        append_change(change, std::move(*next));
    return {};
}

std::optional<Duration> IncidentDesk::until_due(const Incident& incident, const DeliveryFacts& facts,
                                                const Team& team) {
    std::optional<Duration> soonest;
    for (const SlotWait& wait : slot_waits(incident, facts, team.escalation_rounds)) {
        Duration left{0};
        for (const AnswerWait& one : wait.answers)
            left = std::max(left, timers_.left(incident, one, team.ack_timeout * one.times));
        if (wait.delivery) left = delivery_look;
        if (!soonest || left < *soonest) soonest = left;
    }
    return soonest;
}

std::optional<Instant> IncidentDesk::escalate_due(const NoticeBoard& board, Instant now) {
    std::optional<Instant> next;
    for (const auto& notice : board.all()) {
        if (!notice->ready()) continue;
        const auto due = escalate_team({*notice->team, *notice->plan, *notice->availability}, now);
        if (due && (!next || *due < *next)) next = due;
    }
    return next;
}

std::optional<Instant> IncidentDesk::escalate_team(const KnownTeam& known, Instant now) {
    const auto open = store_.incidents(known.team.name, {IncidentState::open});
    if (!open) {
        if (options_.log != nullptr)
            options_.log->error("team {}: incidents cannot be read: {}", known.team.name,
                                open.error().message);
        return std::nullopt;
    }
    std::optional<Instant> next;
    std::set<std::string> ids;
    for (const Incident& incident : *open) {
        ids.insert(incident.id);
        // Whoever is asked now has their time from now on, however long the others took.
        const auto wait = escalate_one(known, incident, clock_.now());
        if (!wait && options_.log != nullptr)
            options_.log->error("team {}: incident {} cannot be escalated: {}", known.team.name, incident.id,
                                wait.error().message);
        if (!wait || !*wait) continue;
        const Instant due = now + **wait;
        if (!next || due < *next) next = due;
    }
    timers_.keep(known.team.name, ids);
    return next;
}

Result<std::optional<Duration>> IncidentDesk::escalate_one(const KnownTeam& known, const Incident& incident,
                                                           Instant now) {
    if (slot_waits(incident, gone_people(incident, known, now), known.team.escalation_rounds).empty())
        return std::nullopt;
    auto facts = facts_of(incident, known, now);
    if (!facts) return tl::unexpected(facts.error());
    const auto left = until_due(incident, *facts, known.team);
    const bool is_due = left && *left == Duration(0);
    if (!is_due && !note_deliveries(incident, *facts, now).changes_anything()) return left;
    const auto as_it_is = [](const Staff&, const Incident& current) -> IncidentResult<IncidentChange> {
        IncidentChange nothing;
        nothing.incident = current;
        return nothing;
    };
    const auto changed =
        change(known, incident.id, {"incident.escalated", {"watchbill", ""}, now, {}, true}, as_it_is);
    if (!changed) return tl::unexpected(changed.error().error);
    facts = facts_of(changed->incident, known, now);
    if (!facts) return tl::unexpected(facts.error());
    const auto next = until_due(changed->incident, *facts, known.team);
    return next ? std::optional(std::max(*next, least_wait)) : std::nullopt;
}

void IncidentDesk::note_escalation(const IncidentChange& change) const {
    const Incident& incident = change.incident;
    for (const TimelineEntry& entry : change.entries) {
        if (entry.kind == "not_told" && options_.log != nullptr) {
            options_.log->error(
                "team {}: incident {}: somebody cannot be told; its timeline says who and why", incident.team,
                incident.id);
        }
        const bool exhausted = entry.kind == "exhausted";
        if (!exhausted && entry.kind != "escalated") continue;
        if (options_.metrics != nullptr) options_.metrics->team(incident.team).note_escalation(exhausted);
        if (options_.log == nullptr) continue;
        if (exhausted) {
            options_.log->error("team {}: incident {}: NOBODY IS LEFT TO ASK; its timeline says for what",
                                incident.team, incident.id);
        } else {
            options_.log->warn("team {}: incident {}: the next person is asked", incident.team, incident.id);
        }
    }
}

}  // namespace watchbill
