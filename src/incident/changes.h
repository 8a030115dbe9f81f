// What happens to an incident, as functions from one to the next. Pure: the instant is an argument, nothing
// is written, nobody is told. Each returns what the timeline says of it and who must be told what.
//
// A change that attendees must see raises the event's SEQUENCE: everybody invited gets a REQUEST, whoever is
// not needed any more a CANCEL. That somebody else is asked for a part concerns nobody but them and, once
// there is one who accepted, the commander: the others, who may be asleep, see it in the event with the next
// change. What they need not see (answers, notes) raises nothing. A change that comes to nothing is no
// change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "incident/roles.h"
#include "watchbill/incident.h"

namespace watchbill {

struct IncidentChange {
    Incident incident;
    std::vector<TimelineEntry> entries;
    std::vector<Invitation> removed;  // to be told CANCEL, with the new SEQUENCE
    std::vector<MemberId> called;     // asked to help for the first time
    bool visible = false;             // SEQUENCE was raised
    bool for_everybody = false;       // with `visible`: everybody who is invited is told
    std::vector<MemberId> told;       // with `visible`, where it is not for everybody: these alone
    bool put_event = false;  // the event in the calendar is brought up to date, though nobody is told

    bool changes_anything() const { return visible || !entries.empty(); }
};

struct IncidentOpeningOrder {
    std::string id;
    std::string title;
    Severity severity = Severity::sev3;
    std::string description;
    std::string conference;
    Interval when;
    RoleRequest roles;
    MemberId organizer;
    std::string who;  // as AuditEntry::who
};
IncidentResult<IncidentChange> open_incident(const Staff& staff, const IncidentOpeningOrder& order,
                                             Instant now);

// Only what is set changes. Codes: those of choose_roles, "incident_closed", "not_invited" (of
// remove_experts), "commander_is_no_expert", "end_before_start".
struct IncidentPatch {
    std::optional<std::string> title;
    std::optional<Severity> severity;
    std::optional<std::string> description;
    std::optional<Instant> start;
    std::optional<Instant> end;
    std::optional<std::string> commander;  // an address: takes over, and whoever commanded is done
    std::vector<std::string> add_experts;
    // Whoever is removed is not replaced: name somebody else in add_experts.
    std::vector<std::string> remove_experts;
    std::optional<std::vector<std::string>> needs;  // all the skills needed from now on
};
IncidentResult<IncidentChange> patch_incident(const Staff& staff, const Incident& incident,
                                              const IncidentPatch& patch, const std::string& who,
                                              Instant now);

// Also once the incident is closed.
IncidentChange note_incident(const Incident& incident, const std::string& text, const std::string& who,
                             Instant now);
// The event ends now. Code: incident_closed, where it was cancelled; resolving again changes nothing.
IncidentResult<IncidentChange> resolve_incident(const Incident& incident, const std::string& note,
                                                const std::string& who, Instant now);
// Everybody is told CANCEL. Code: incident_closed, where it was resolved.
IncidentResult<IncidentChange> cancel_incident(const Incident& incident, const std::string& note,
                                               const std::string& who, Instant now);

// What somebody answered, by mail, by CalDAV or by the link in their mail.
struct IncidentAnswer {
    MemberId member;
    ParticipationStatus status = ParticipationStatus::accepted;
    int sequence = 0;
    Instant stamp;   // of the reply: DTSTAMP
    std::string by;  // "mail", "calendar", "link", "join"
    // Proposes another time: recorded, not applied. Declining beside it ("decline and propose" of Outlook) is
    // a no.
    bool counter = false;
};
// Answers of people who are not invited, out-of-date ones and counter-proposals are recorded in the timeline
// and change nothing else, each once; so is what comes after the end. The first to accept the command has it:
// whoever else was asked for it is told CANCEL.
//
// A member of the team who says yes although nobody has asked them is taken at their word: they command where
// nobody has accepted that yet, and help where somebody has. Whoever was asked and is done is no volunteer,
// unless they say so by "join".
//
// An answer is out of date when it was given to a SEQUENCE from before the incident was moved or its sender's
// role changed, or when its sender has answered later than that (DTSTAMP, then SEQUENCE). What else raised
// SEQUENCE did not concern them, and mail programs answer what they have.
IncidentChange answer_incident(const Staff& staff, const Incident& incident, const IncidentAnswer& answer,
                               Instant now);

// One more on top of the other, as one change.
void append_change(IncidentChange& first, IncidentChange second);

// Raises SEQUENCE, once a change. Everybody is told, or `member`.
void raise_sequence(IncidentChange& change, Instant now);
void raise_sequence_for(IncidentChange& change, const MemberId& member, Instant now);

}  // namespace watchbill
