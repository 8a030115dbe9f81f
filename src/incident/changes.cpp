#include <algorithm>

#include "incident/change_steps.h"
#include "texts/phrases.h"

namespace watchbill {

namespace {

// DTEND must lie behind DTSTART (RFC 5545 3.8.2.2), also of what is resolved before it began.
constexpr Duration shortest_event = std::chrono::minutes(1);

// Why an answer is recorded and not applied; nothing when it counts.
std::optional<std::string> why_ignored(const Incident& incident, const Invitation* invitation,
                                       const IncidentAnswer& answer) {
    if (invitation == nullptr) return "was not invited, and answered";
    if (answer.counter && answer.status != ParticipationStatus::declined)
        return "proposes another time, which is not followed; the answer stands as it was";
    if (incident.state != IncidentState::open) return "answered after the end";
    if (answer.sequence < invitation->invited_sequence)
        return "answered an invitation that has changed since";
    // Of what they were asked since, each SEQUENCE says the same to them: the later answer counts, whatever
    // copy of the event it was given to.
    const bool answered = invitation->answer_sequence >= invitation->invited_sequence;
    const auto order = std::pair(answer.stamp, answer.sequence);
    if (answered && order < std::pair(invitation->answer_stamp, invitation->answer_sequence))
        return "answered otherwise since; this older answer came late";
    // The same word once more, by a program that repeats itself.
    const bool asked_again =
        invitation->first_invited_at && invitation->rsvp == ParticipationStatus::needs_action;
    if (answered && asked_again && answer.by != "link" && answer.by != "join" &&
        order == std::pair(invitation->answer_stamp, invitation->answer_sequence))
        return "was asked again since; this answer came before";
    return std::nullopt;
}

// 20 of one person and 200 of all are more than people send; whatever comes then changes nothing at all.
constexpr std::ptrdiff_t most_records_of_one = 20;
constexpr size_t most_records = 200;

// False when it is recorded already, or too much is.
bool put_on_record(Incident& incident, RecordedAnswer answer) {
    auto& list = incident.on_record.list;
    if (list.size() >= most_records || std::find(list.begin(), list.end(), answer) != list.end())
        return false;
    const auto of_them = std::count_if(list.begin(), list.end(), [&answer](const RecordedAnswer& one) {
        return one.member == answer.member;
    });
    if (of_them >= most_records_of_one) return false;
    list.push_back(std::move(answer));
    return true;
}

std::string say_status(ParticipationStatus status) {
    switch (status) {
        case ParticipationStatus::accepted: return "accepted";
        case ParticipationStatus::declined: return "declined";
        case ParticipationStatus::tentative: return "may come";
        case ParticipationStatus::delegated: return "delegated it, which is not followed";
        case ParticipationStatus::needs_action:
        case ParticipationStatus::other: break;
    }
    return "gave no clear answer";
}

// Whoever accepts first commands; all others who were asked are done.
void settle_command(IncidentChange& change, const MemberId& accepted, Instant now) {
    Incident& incident = change.incident;
    std::vector<MemberId> done;
    for (const Invitation& one : incident.invitations) {
        const bool asked = one.role == IncidentRole::commander || one.role == IncidentRole::stand_in;
        if (asked && one.member != accepted) done.push_back(one.member);
    }
    const bool takes_over = incident.commander().member != accepted;
    if (takes_over) {
        const std::string before = name_of(incident.commander());
        auto taken = take_out(incident, accepted);
        taken->role = IncidentRole::commander;
        note(change, now, "watchbill", "commander",
             name_of(*taken) + " takes over the command from " + before + '.', accepted);
        incident.invitations.insert(incident.invitations.begin(), std::move(*taken));
    }
    for (const MemberId& one : done) release(change, one);
    restart_rounds(incident);
    if (takes_over || !done.empty()) raise_sequence(change, now);
}

// Whether it is a yes of somebody who is not asked for anything, and was not.
bool volunteers(const Incident& incident, const Invitation* invitation, const IncidentAnswer& answer) {
    if (incident.state != IncidentState::open || answer.counter ||
        answer.status != ParticipationStatus::accepted)
        return false;
    if (answer.by == "join") return invitation == nullptr || invitation->role == IncidentRole::reporter;
    return invitation == nullptr &&
           std::none_of(incident.calls.begin(), incident.calls.end(),
                        [&answer](const IncidentCall& call) { return call.member == answer.member; });
}

// The skills that they have and nobody has said yes for; where there are none they have a part of their own.
std::vector<std::string> parts_for(Incident& incident, const Member& member) {
    std::vector<std::string> parts;
    for (IncidentSlot& slot : incident.slots) {
        const bool theirs =
            std::find(member.skills.begin(), member.skills.end(), slot.skill) != member.skills.end();
        if (!theirs || incident.is_accepted(slot.name)) continue;
        slot.exhausted = false;
        parts.push_back(slot.name);
    }
    if (parts.empty()) {
        parts.push_back(named_slot(member.id));
        incident.slots.push_back({parts.front(), "", false});
    }
    return parts;
}

IncidentChange take_volunteer(IncidentChange change, const Member& member, const IncidentAnswer& answer,
                              Instant now) {
    Incident& incident = change.incident;
    const bool commanded = incident.commander().rsvp == ParticipationStatus::accepted;
    take_out(incident, member.id);  // the reporter
    Invitation volunteer;
    volunteer.member = member.id;
    volunteer.name = member.name;
    volunteer.role = commanded ? IncidentRole::expert : IncidentRole::stand_in;
    volunteer.slots =
        commanded ? parts_for(incident, member) : std::vector<std::string>{std::string(commander_slot)};
    volunteer.round = commanded ? 0 : incident.slots.front().round;
    volunteer.rule = "volunteer";
    volunteer.why = "volunteered";
    volunteer.rsvp = ParticipationStatus::accepted;
    volunteer.invited_at = now;
    volunteer.invited_sequence = std::min(answer.sequence, upcoming_sequence(change));
    volunteer.answered_at = now;
    volunteer.answer_sequence = answer.sequence;
    volunteer.answer_stamp = answer.stamp;
    change.called.push_back(member.id);
    note(change, now, answer.by, "volunteered",
         name_of(volunteer) + " volunteers to " + (commanded ? "help." : "command."), member.id);
    note_call(incident, volunteer, now);
    note_answer(incident, member.id, ParticipationStatus::accepted);
    incident.invitations.push_back(std::move(volunteer));
    if (commanded) {
        raise_sequence_for(change, member.id, now);
        raise_sequence_for(change, incident.commander().member, now);
    } else {
        settle_command(change, member.id, now);
    }
    return change;
}

}  // namespace

void raise_sequence_for(IncidentChange& change, const MemberId& member, Instant now) {
    if (std::find(change.told.begin(), change.told.end(), member) == change.told.end())
        change.told.push_back(member);
    if (change.visible) return;
    ++change.incident.sequence;
    // A clock that was set back must not make the newer event look older.
    change.incident.changed_at = std::max(now, change.incident.changed_at);
    change.visible = true;
}

void raise_sequence(IncidentChange& change, Instant now) {
    raise_sequence_for(change, change.incident.commander().member, now);
    change.for_everybody = true;
}

void append_change(IncidentChange& first, IncidentChange second) {
    // Each raised SEQUENCE for itself; together they are one step.
    const bool twice = first.visible && second.visible;
    first.incident = std::move(second.incident);
    if (twice) --first.incident.sequence;
    for (Invitation& one : first.incident.invitations) {
        one.invited_sequence = std::min(one.invited_sequence, first.incident.sequence);
        one.asked_sequence = std::min(one.asked_sequence, first.incident.sequence);
    }
    first.visible = first.visible || second.visible;
    first.for_everybody = first.for_everybody || second.for_everybody;
    first.put_event = first.put_event || second.put_event;
    const auto move_to = [](auto& from, auto& to) {
        std::move(from.begin(), from.end(), std::back_inserter(to));
    };
    move_to(second.entries, first.entries);
    move_to(second.removed, first.removed);
    move_to(second.called, first.called);
    move_to(second.told, first.told);
    tidy_removed(first);
}

IncidentResult<IncidentChange> open_incident(const Staff& staff, const IncidentOpeningOrder& order,
                                             Instant now) {
    auto roles = choose_roles(staff, order.roles);
    if (!roles) return tl::unexpected(roles.error());
    IncidentChange change;
    change.visible = change.for_everybody = true;  // the first SEQUENCE, 0
    Incident& incident = change.incident;
    incident.id = order.id;
    incident.team = staff.team->name;
    incident.title = order.title;
    incident.severity = order.severity;
    incident.description = order.description;
    incident.conference = order.conference;
    if (order.roles.reporter) {
        const Member* member = staff.team->find_member(*order.roles.reporter);
        incident.reporter = member != nullptr ? member->id : *order.roles.reporter;
    }
    incident.opened_by = order.who;
    incident.opened_at = now;
    incident.uid = order.id + '.' + staff.team->name + ".incident@watchbill";
    incident.changed_at = now;
    incident.when = order.when;
    incident.organizer = order.organizer;
    incident.slots = std::move(roles->slots);
    incident.version = 1;
    note(change, now, order.who, "opened",
         "Opened as " + std::string(severity_name(order.severity)) + ": " + order.title + '.');
    for (Invitation& invitation : roles->invitations) {
        ask(change, std::move(invitation), now, order.who, "asked");
    }
    for (const std::string& skill : incident.unfilled())
        note(change, now, order.who, "unfilled", "Nobody is found for " + skill + '.');
    return change;
}

IncidentChange note_incident(const Incident& incident, const std::string& text, const std::string& who,
                             Instant now) {
    IncidentChange change;
    change.incident = incident;
    note(change, now, who, "note", text);
    return change;
}

IncidentResult<IncidentChange> resolve_incident(const Incident& incident, const std::string& text,
                                                const std::string& who, Instant now) {
    if (incident.state == IncidentState::cancelled) return refuse_closed(incident);
    IncidentChange change;
    change.incident = incident;
    if (incident.state == IncidentState::resolved) return change;
    change.incident.state = IncidentState::resolved;
    change.incident.closed_at = now;
    change.incident.when.end = std::max(now, incident.when.start + shortest_event);
    note(change, now, who, "resolved", text.empty() ? "Resolved." : "Resolved: " + text);
    raise_sequence(change, now);
    return change;
}

IncidentResult<IncidentChange> cancel_incident(const Incident& incident, const std::string& text,
                                               const std::string& who, Instant now) {
    if (incident.state == IncidentState::resolved) return refuse_closed(incident);
    IncidentChange change;
    change.incident = incident;
    if (incident.state == IncidentState::cancelled) return change;
    change.incident.state = IncidentState::cancelled;
    change.incident.closed_at = now;
    note(change, now, who, "cancelled", text.empty() ? "Cancelled." : "Cancelled: " + text);
    raise_sequence(change, now);
    return change;
}

IncidentChange answer_incident(const Staff& staff, const Incident& incident, const IncidentAnswer& answer,
                               Instant now) {
    IncidentChange change;
    change.incident = incident;
    const Member* member = staff.team->find_member(answer.member);
    const MemberId id = member != nullptr ? member->id : answer.member;
    const auto found = std::find_if(change.incident.invitations.begin(), change.incident.invitations.end(),
                                    [&id](const Invitation& one) { return one.member == id; });
    Invitation* invitation = found == change.incident.invitations.end() ? nullptr : &*found;
    const std::string name = invitation != nullptr ? name_of(*invitation) : say_member(*staff.team, id);
    if (member != nullptr && volunteers(incident, invitation, answer))
        return take_volunteer(std::move(change), *member, answer, now);
    if (const auto why = why_ignored(incident, invitation, answer)) {
        if (put_on_record(change.incident, {id, answer.sequence, answer.stamp, answer.counter}))
            note(change, now, answer.by, "answer_ignored", name + ' ' + *why + '.', id);
        return change;
    }
    if (answer.by == "link") invitation->link_used = true;
    const bool same = invitation->answered_at && invitation->rsvp == answer.status;
    if (same && answer.sequence == invitation->answer_sequence && answer.stamp == invitation->answer_stamp)
        return change;
    invitation->answer_sequence = answer.sequence;
    invitation->answer_stamp = answer.stamp;
    invitation->rsvp = answer.status;
    invitation->answered_at = now;
    note_answer(change.incident, id, answer.status);
    const std::string proposal = answer.counter ? ", and proposes another time, which is not followed" : "";
    note(change, now, answer.by, "answered", name + ' ' + say_status(answer.status) + proposal + '.', id);
    const bool for_command =
        invitation->role == IncidentRole::commander || invitation->role == IncidentRole::stand_in;
    if (for_command && answer.status == ParticipationStatus::accepted) settle_command(change, id, now);
    return change;
}

}  // namespace watchbill
