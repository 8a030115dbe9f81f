#include "ical/invitation_writer.h"

#include <cassert>
#include <cstdint>

#include "ical/content_lines.h"
#include "ical/decode.h"
#include "ical/vtimezone_writer.h"
#include "ical/written_time.h"

namespace watchbill::ical {

namespace {

constexpr char hex_digits[] = "0123456789ABCDEF";

void append_percent(std::string& out, char byte) {
    const auto value = static_cast<std::uint8_t>(byte);
    out += '%';
    out += hex_digits[value >> 4U];
    out += hex_digits[value & 15U];
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A URI is no TEXT: nothing in it is escaped with a backslash, so whatever is no visible ASCII is written in
// percents (RFC 3986 2.1), and control characters go.
std::string uri(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto value = static_cast<std::uint8_t>(c);
        if (value < 0x20 || value == 0x7f) continue;
        if (value == ' ' || value > 0x7e || c == '"' || c == '<' || c == '>' || c == '\\')
            append_percent(out, c);
        else
            out += c;
    }
    return out;
}

// RFC 6068 2: what may have another meaning in a mailto: is written in percents.
std::string mailto(const MemberId& member) {
    constexpr std::string_view plain = "@.+-_~!$'*=";
    std::string out = "mailto:";
    for (const char c : member.email()) {
        if (is_letter_or_digit(c) || plain.find(c) != std::string_view::npos)
            out += c;
        else
            append_percent(out, c);
    }
    return out;
}

// ";CN=..." in quotes, which a name in it may not hold (RFC 5545 3.2); "" for no name.
std::string common_name(const std::string& name) {
    std::string clean = people_text(name).text;
    for (char& c : clean) {
        if (c == '"') c = '\'';
    }
    return clean.empty() ? std::string() : ";CN=\"" + clean + '"';
}

std::string_view role_name(AttendeeRole role) {
    switch (role) {
        case AttendeeRole::chair: return "CHAIR";
        case AttendeeRole::required: return "REQ-PARTICIPANT";
        case AttendeeRole::optional: return "OPT-PARTICIPANT";
    }
    assert(false && "every role has a name");
    return "REQ-PARTICIPANT";
}

void add_attendee(ContentLines& lines, const Invitee& invitee, InvitationMethod method) {
    std::string name = "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=";
    name += role_name(invitee.role);
    name += ";PARTSTAT=";
    name += participation_name(invitee.status);
    // There is nothing to answer to a cancellation.
    if (method == InvitationMethod::request) name += ";RSVP=TRUE";
    name += common_name(invitee.name);
    lines.add(name, mailto(invitee.member));
}

void add_times(ContentLines& lines, const InvitationEvent& event) {
    const auto zone = zone_to_write(event.zone, event.when);
    add_time(lines, "DTSTART", zone, event.when.start);
    // DTEND must be later than DTSTART (RFC 5545 3.8.2.2); without it the event ends where it starts.
    if (!event.when.empty()) add_time(lines, "DTEND", zone, event.when.end);
}

void add_event(ContentLines& lines, const InvitationEvent& event) {
    const bool cancels = event.method == InvitationMethod::cancel;
    lines.add("BEGIN", "VEVENT");
    lines.add_text("UID", event.uid);
    lines.add("SEQUENCE", std::to_string(event.sequence));
    lines.add("DTSTAMP", utc_date_time(event.dtstamp));
    lines.add("CREATED", utc_date_time(event.created));
    lines.add("LAST-MODIFIED", utc_date_time(event.dtstamp));
    add_times(lines, event);
    lines.add("ORGANIZER" + common_name(event.organizer_name), mailto(event.organizer));
    for (const Invitee& invitee : event.invitees) add_attendee(lines, invitee, event.method);
    lines.add_text("SUMMARY", event.summary);
    if (!event.description.empty()) lines.add_text("DESCRIPTION", event.description);
    if (!event.location.empty()) lines.add_text("LOCATION", event.location);
    if (const std::string conference = uri(event.conference); !conference.empty())
        lines.add("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=\"Join\"", conference);
    if (const std::string url = uri(event.url); !url.empty()) lines.add("URL", url);
    lines.add("STATUS", cancels ? "CANCELLED" : "CONFIRMED");
    lines.add("TRANSP", cancels ? "TRANSPARENT" : "OPAQUE");
    lines.add("X-MICROSOFT-CDO-BUSYSTATUS", cancels ? "FREE" : "BUSY");
    lines.add("END", "VEVENT");
}

}  // namespace

std::string_view method_name(InvitationMethod method) {
    return method == InvitationMethod::cancel ? "CANCEL" : "REQUEST";
}

std::string_view participation_name(ParticipationStatus status) {
    switch (status) {
        case ParticipationStatus::accepted: return "ACCEPTED";
        case ParticipationStatus::declined: return "DECLINED";
        case ParticipationStatus::tentative: return "TENTATIVE";
        case ParticipationStatus::delegated: return "DELEGATED";
        case ParticipationStatus::needs_action:
        case ParticipationStatus::other: break;
    }
    return "NEEDS-ACTION";
}

std::string write_invitation(const InvitationEvent& event) {
    assert(!event.uid.empty() && !event.organizer.empty());
    ContentLines lines;
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//Watchbill//Watchbill//EN");
    lines.add("CALSCALE", "GREGORIAN");
    lines.add("METHOD", method_name(event.method));
    if (const auto zone = zone_to_write(event.zone, event.when)) {
        // An event's end is a local time too, so the offset in force at it counts.
        add_vtimezone(lines, *zone, {event.when.start, event.when.end + Duration(1)});
    }
    add_event(lines, event);
    lines.add("END", "VCALENDAR");
    return lines.bytes();
}

}  // namespace watchbill::ical
