// Reads a feed as a client built on ical.js does (Thunderbird, Nextcloud) and compares what comes out.
//
// Usage: node feeds_ical_js.mjs FEED.ics [EXPECTED]
// EXPECTED is JSON, or the path of a file with it: [{"uid", "start", "end", "summary"}], instants as
// "2026-12-03T08:00:00Z", all-day events as dates with the end exclusive. All of them and no others must be there.
// Exit 0: all well. 1: what is wrong, one line each. 2: usage.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const [feedPath, expectedArgument] = process.argv.slice(2);
if (feedPath === undefined) {
    console.error("usage: node feeds_ical_js.mjs FEED.ics [EXPECTED]");
    process.exit(2);
}

const problems = [];
const check = (condition, problem) => {
    if (!condition) problems.push(problem);
};

// What one wall clock shows at an instant, by this program's own zone rules (Node's ICU).
function wallClock(instant, zone) {
    const format = new Intl.DateTimeFormat("en-CA", {
        timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit",
        minute: "2-digit", second: "2-digit",
    });
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

function rfc3339(seconds) {
    return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

// An event's start or end, resolved by the file's own VTIMEZONE.
function resolve(property, zones, uid) {
    const time = property.getFirstValue();
    if (time.isDate) return time.toString();
    const tzid = property.getFirstParameter("tzid");
    if (tzid === undefined) {
        check(time.zone === ICAL.Timezone.utcTimezone, `${uid}: ${property.name} is neither in UTC nor in a zone`);
        return rfc3339(time.toUnixTime());
    }
    const zone = zones.get(tzid);
    check(zone !== undefined, `${uid}: no VTIMEZONE for ${tzid}`);
    if (zone === undefined) return null;
    const local = time.clone();
    local.zone = zone;
    const seconds = local.toUnixTime();
    const wall = wallClock(new Date(seconds * 1000), tzid);
    check(wall === time.toString(), `${uid}: ${property.name} ${time} is ${wall} by the clocks of ${tzid}`);
    return rfc3339(seconds);
}

function readEvent(event, zones) {
    const uid = event.getFirstPropertyValue("uid");
    for (const name of ["uid", "dtstamp", "dtstart", "summary", "sequence", "last-modified"])
        check(event.getFirstProperty(name) !== null, `${uid}: no ${name.toUpperCase()}`);
    for (const name of ["attendee", "organizer", "rrule", "class"])
        check(event.getFirstProperty(name) === null, `${uid}: unexpected ${name.toUpperCase()}`);
    check(event.getFirstPropertyValue("transp") === "TRANSPARENT", `${uid}: it would block people's time`);
    const startProperty = event.getFirstProperty("dtstart");
    const endProperty = event.getFirstProperty("dtend") ?? startProperty;
    const start = resolve(startProperty, zones, uid);
    const end = resolve(endProperty, zones, uid);
    check(start <= end, `${uid}: ends (${end}) before it starts (${start})`);
    return { uid, start, end, summary: event.getFirstPropertyValue("summary") };
}

function readFeed(text) {
    if (!text.startsWith("BEGIN:VCALENDAR")) throw new Error("it does not start as a calendar");
    const calendar = new ICAL.Component(ICAL.parse(text));
    if (calendar.name !== "vcalendar") throw new Error("it holds no single VCALENDAR");
    check(calendar.getFirstPropertyValue("version") === "2.0", "VERSION is not 2.0");
    check((calendar.getFirstPropertyValue("x-wr-calname") ?? "") !== "", "the calendar has no name");
    const zones = new Map();
    for (const component of calendar.getAllSubcomponents("vtimezone"))
        zones.set(component.getFirstPropertyValue("tzid"), new ICAL.Timezone(component));
    return calendar.getAllSubcomponents("vevent").map((event) => readEvent(event, zones));
}

function compare(found, expected) {
    const byUid = new Map(found.map((event) => [event.uid, event]));
    check(byUid.size === found.length, "two events share a UID");
    for (const event of expected) {
        const other = byUid.get(event.uid);
        check(other !== undefined, `${event.uid}: missing`);
        if (other === undefined) continue;
        for (const key of ["start", "end", "summary"])
            check(other[key] === event[key], `${event.uid}: ${key} is "${other[key]}", expected "${event[key]}"`);
        byUid.delete(event.uid);
    }
    for (const uid of byUid.keys()) problems.push(`${uid}: not expected`);
}

try {
    const found = readFeed(readFileSync(feedPath, "utf8"));
    if (expectedArgument !== undefined) {
        const literal = expectedArgument.trimStart().startsWith("[");
        compare(found, JSON.parse(literal ? expectedArgument : readFileSync(expectedArgument, "utf8")));
    } else {
        compare(found, found);
    }
    if (problems.length === 0) console.log(`${found.length} events are as they should be`);
} catch (error) {
    problems.push(`cannot be read: ${error.message}`);
}
for (const problem of problems) console.error(`${feedPath}: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
