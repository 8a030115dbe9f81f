// Incidents: who commands, who helps, who was asked and what they answered. Plain values; what each change
// does to them is src/incident.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/occurrence.h"
#include "watchbill/time.h"

namespace watchbill {

enum class Severity { sev1, sev2, sev3, sev4 };
enum class IncidentState { open, resolved, cancelled };

// Everybody who is invited has exactly one.
enum class IncidentRole {
    commander,  // exactly one, always
    stand_in,   // asked to command because the commander has not answered; commands by accepting
    expert,
    reporter,  // informed
};

// Something that somebody must be found for.
struct IncidentSlot {
    std::string name;        // "commander", "skill:database", "named:bob@example.com"
    std::string skill;       // of "skill:"; else ""
    bool exhausted = false;  // nobody who could be asked is left, and that was said
    // Of the command, for which people are asked again and again: how often all were asked before, and since
    // when they are asked now. In the first round the instant is unset.
    int round = 0;
    std::optional<Instant> round_began = std::nullopt;
    bool operator==(const IncidentSlot&) const = default;
};

// What keeps an invitation from reaching somebody. Each is worse than the ones before it.
enum class DeliveryProblem {
    none,     // as far as is known
    waiting,  // nobody takes it: no mail server answers
    refused,  // for now: greylisting, a full mailbox; it is tried again
    failed,   // for good
};

struct Invitation {
    MemberId member;
    std::string name;
    IncidentRole role = IncidentRole::expert;
    std::vector<std::string> slots;  // that they were asked for; empty for the reporter
    // By which they were chosen: that of the duty chain ("rotation"), "last_resort", "team", "skill",
    // "named", "transfer", "volunteer", "reporter".
    std::string rule;
    std::string why;  // a sentence without a full stop

    ParticipationStatus rsvp = ParticipationStatus::needs_action;
    Instant invited_at;  // from here on silence counts
    // Where they were asked again, when they were first asked for the same: their first mail still counts.
    std::optional<Instant> first_invited_at = std::nullopt;
    int round = 0;             // of the command's, in which they were asked for it last
    int invited_sequence = 0;  // answers to an earlier one are out of date
    int asked_sequence = 0;    // of the message that asked them again; until it is taken they are not told
    std::optional<Instant> answered_at;
    int answer_sequence = -1;  // of the last answer that counted, to order later ones (RFC 5546 2.1.5)
    Instant answer_stamp;
    bool link_used = false;  // the acknowledgement link of their mail
    // Last seen in the calendar's copy of the event: the same again is no news.
    ParticipationStatus calendar_rsvp = ParticipationStatus::needs_action;
    // The worst that the timeline has said of its delivery, and when; none again once they were told.
    DeliveryProblem problem = DeliveryProblem::none;
    std::optional<Instant> problem_since = std::nullopt;
    bool operator==(const Invitation&) const = default;

    bool is_for(std::string_view slot) const;  // they were asked for it
};

// An answer that did not count and stands in the timeline with the reason.
struct RecordedAnswer {
    MemberId member;
    int sequence = 0;
    Instant stamp;
    bool counter = false;
    bool operator==(const RecordedAnswer&) const = default;
};

// What is recorded already, so that the same mail again records nothing. It is no part of what an incident
// is: two with different records are equal.
struct AnswersOnRecord {
    std::vector<RecordedAnswer> list;
    bool operator==(const AnswersOnRecord&) const { return true; }
};

// That somebody was asked for a part, also where they are not invited any more.
struct IncidentCall {
    MemberId member;
    std::string name;
    std::vector<std::string> slots;
    int round = 0;  // of the command's
    Instant at;
    ParticipationStatus answer = ParticipationStatus::needs_action;
    DeliveryProblem problem = DeliveryProblem::none;  // as in Invitation
    bool operator==(const IncidentCall&) const = default;
};

struct Incident {
    std::string id;  // "2026-12-03-9f86d081": [a-z0-9-], unique within the server
    std::string team;
    std::string title;  // one line
    Severity severity = Severity::sev3;
    IncidentState state = IncidentState::open;
    std::string description;  // several lines, or ""
    std::string conference;   // URL, or ""
    std::optional<MemberId> reporter;
    std::string opened_by;  // as AuditEntry::who
    Instant opened_at;
    std::optional<Instant> closed_at;  // resolved or cancelled

    // The event that attendees see.
    std::string uid;
    int sequence = 0;    // raised with each change that they must see
    Instant changed_at;  // when it was raised last: DTSTAMP
    Interval when;
    MemberId organizer;

    std::vector<IncidentSlot> slots;      // the commander's first
    std::vector<Invitation> invitations;  // the commander's first; whoever was removed is not in it any more
    std::vector<IncidentCall> calls;      // in order; of very many the latest
    AnswersOnRecord on_record;            // of answers that did not count
    int version = 0;                      // counts every write
    bool operator==(const Incident&) const = default;

    const Invitation* find(const MemberId& member) const;  // null when not invited
    const Invitation& commander() const;                   // asserts that there is one
    bool is_accepted(std::string_view slot) const;         // somebody who was asked for it said yes
    // Skills that nobody who could help was found for: nobody was asked, or all have declined.
    std::vector<std::string> unfilled() const;
};

struct TimelineEntry {
    Instant at;
    std::string kind;  // a name scripts see: "opened", "escalated"
    std::string who;   // as AuditEntry::who; "watchbill" for what happened by itself
    std::string text;  // a sentence for people
    std::optional<MemberId> about;
    bool operator==(const TimelineEntry&) const = default;
};

// When each person was last asked to help in any incident of their team.
using CallHistory = std::map<MemberId, Instant>;

inline constexpr std::string_view commander_slot = "commander";

// The names scripts see.
std::string_view severity_name(Severity severity);  // "sev1"
std::string_view incident_state_name(IncidentState state);
std::string_view incident_role_name(IncidentRole role);
std::string_view participation_name(ParticipationStatus status);  // "needs_action"
std::string_view delivery_problem_name(DeliveryProblem problem);
std::optional<Severity> severity_from_name(std::string_view name);
std::optional<IncidentState> incident_state_from_name(std::string_view name);
std::optional<IncidentRole> incident_role_from_name(std::string_view name);
std::optional<ParticipationStatus> participation_from_name(std::string_view name);
std::optional<DeliveryProblem> delivery_problem_from_name(std::string_view name);

}  // namespace watchbill
