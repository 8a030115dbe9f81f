// An event for somebody's own calendar: as an .ics file (RFC 5545), and as links that open a filled-in form in
// Google Calendar and Outlook.

// \, ; , and line ends have a meaning in TEXT (RFC 5545 3.3.11); other control characters none that we want.
const escapeText = (text) => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ").replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n");
// Parameter values are quoted, and can hold no quote (3.2).
const quoted = (text) => `"${text.replace(/["\u0000-\u001f\u007f]/g, " ")}"`;
const compact = (instant) => new Date(instant).toISOString().replace(/[-:]|\.\d+/g, "");

// At most 75 octets a line, and no character cut in two (3.1).
function fold(line) {
    const encoder = new TextEncoder();
    let folded = "";
    let length = 0;
    for (const character of line) {
        const octets = encoder.encode(character).length;
        if (length + octets > 75) {
            folded += "\r\n ";
            length = 1;
        }
        folded += character;
        length += octets;
    }
    return folded;
}

// event: {uid, title, details, start, end, organizer: {email, name}, invitee: {email, name} or null}
export function icsOf(event, now = Date.now()) {
    const lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Watchbill//Page//EN", "CALSCALE:GREGORIAN", "BEGIN:VEVENT",
        `UID:${event.uid}`, `DTSTAMP:${compact(now)}`, `DTSTART:${compact(event.start)}`, `DTEND:${compact(event.end)}`,
        `SUMMARY:${escapeText(event.title)}`, `DESCRIPTION:${escapeText(event.details)}`, "TRANSP:TRANSPARENT",
    ];
    if (event.invitee !== null) {
        lines.push(`ORGANIZER;CN=${quoted(event.organizer.name)}:mailto:${event.organizer.email}`,
            `ATTENDEE;CN=${quoted(event.organizer.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:${event.organizer.email}`,
            `ATTENDEE;CN=${quoted(event.invitee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${event.invitee.email}`);
    }
    lines.push("END:VEVENT", "END:VCALENDAR");
    return lines.map(fold).join("\r\n") + "\r\n";
}

export function googleLink(event) {
    const query = new URLSearchParams({ action: "TEMPLATE", text: event.title, dates: `${compact(event.start)}/${compact(event.end)}`, details: event.details });
    if (event.invitee !== null) query.set("add", event.invitee.email);
    return `https://calendar.google.com/calendar/render?${query}`;
}

export function outlookLink(event, host) {
    const query = new URLSearchParams({ path: "/calendar/action/compose", rru: "addevent", subject: event.title, body: event.details, startdt: event.start, enddt: event.end });
    if (event.invitee !== null) query.set("to", event.invitee.email);
    // These pages take a blank as %20 and not as "+".
    return `https://${host}/calendar/0/deeplink/compose?${query.toString().replaceAll("+", "%20")}`;
}
