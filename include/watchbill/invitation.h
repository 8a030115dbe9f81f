// Invitations (iTIP, RFC 5546) and the answers to them, before they are bytes and after. Plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/occurrence.h"
#include "watchbill/time.h"

namespace watchbill {

enum class AttendeeRole { chair, required, optional };  // RFC 5545 3.2.16: CHAIR, REQ-, OPT-PARTICIPANT

struct Invitee {
    MemberId member;
    std::string name;  // CN; "" for none
    AttendeeRole role = AttendeeRole::required;
    ParticipationStatus status = ParticipationStatus::needs_action;
    bool operator==(const Invitee&) const = default;
};

enum class InvitationMethod { request, cancel };  // METHOD:REQUEST, METHOD:CANCEL (RFC 5546 3.2)

// One event as its attendees are told of it. Same values, same bytes.
struct InvitationEvent {
    InvitationMethod method = InvitationMethod::request;
    std::string uid;
    int sequence = 0;  // raised with each change that attendees must see
    Instant dtstamp;   // of that change
    Instant created;
    Interval when;
    ZoneName zone;       // in which `when` is written
    MemberId organizer;  // the service's own mailbox
    std::string organizer_name;
    std::vector<Invitee> invitees;
    std::string summary;
    std::string description;  // lines separated by '\n'
    std::string location;     // "" for none
    std::string conference;   // URL, "" for none (RFC 7986 5.11)
    std::string url;          // "" for none
    bool operator==(const InvitationEvent&) const = default;
};

// What an attendee answered (METHOD:REPLY, RFC 5546 3.2.3), as it came in. Nothing in it is believed yet.
struct InvitationReply {
    std::string uid;
    std::string recurrence_id;  // as Occurrence has it; "" for the whole event
    MemberId attendee;
    ParticipationStatus status = ParticipationStatus::needs_action;
    int sequence = 0;
    Instant dtstamp;
    std::optional<MemberId> organizer;  // Outlook.com leaves it out
    MemberId sender;                    // the mail's From: must be the attendee
    bool counter = false;               // METHOD:COUNTER: a proposal of another time; recorded, not applied
    bool operator==(const InvitationReply&) const = default;
};

}  // namespace watchbill
