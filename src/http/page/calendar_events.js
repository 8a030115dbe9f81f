// What the API answers, as events for FullCalendar: shifts, handovers, absences and nights, swaps, incidents.
// FullCalendar knows no zones by itself, so instants are given to it as the wall clocks of the chosen zone.
import { say } from "./words.js";
import { wallClock } from "./times.js";

const quarter_of_an_hour = 15 * 60 * 1000;

function shiftEvents(assignments, page, zone) {
    const order = page.team.rotations.map((rotation) => rotation.name);
    return assignments.map((a) => ({
        title: `${page.rotation(a.rotation)}: ${page.name(a.member)}`,
        start: wallClock(a.start, zone), end: wallClock(a.end, zone),
        classNames: ["shift", a.member === null ? "uncovered" : `rotation-${order.indexOf(a.rotation) % 4}`],
        extendedProps: { day: a.date, order: 0 },
    }));
}

// Where one shift's work passes on: to the shift of the next rotation that runs at its end, or starts next.
function handoverEvents(assignments, page, zone) {
    const events = [];
    for (const from of assignments) {
        const next = page.team.rotations.find((rotation) => rotation.name === from.rotation)?.hands_over_to ?? from.rotation;
        const to = assignments
            .filter((a) => a.rotation === next && a.end > from.end)
            .reduce((best, a) => (best === null || a.start < best.start ? a : best), null);
        if (to === null || from.member === to.member) continue;
        const end = new Date(Date.parse(from.end) + quarter_of_an_hour).toISOString();
        events.push({
            title: say("handover_to", page.name(from.member), page.name(to.member)),
            start: wallClock(from.end, zone), end: wallClock(end, zone), classNames: ["handover"],
            extendedProps: { day: from.date, order: 1 },
        });
    }
    return events;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function absenceEvents(members, page, zone) {
    // A holiday of many is one event.
    const groups = new Map();
    for (const { member, absences } of members) {
        for (const absence of absences) {
            const when = absence.all_day !== null
                ? { start: absence.all_day.start, end: absence.all_day.end, allDay: true }
                : { start: wallClock(absence.start, zone), end: wallClock(absence.end, zone) };
            const key = [absence.kind, when.start, when.end].join();
            if (!groups.has(key)) groups.set(key, { kind: absence.kind, when, names: [] });
            groups.get(key).names.push(page.name(member));
        }
    }
    return [...groups.values()].map(({ kind, when, names }) => ({
        title: capital(say("away_of", say(`kind_${kind}`), names.join(", "))), ...when, classNames: ["absence"], extendedProps: { order: 2 },
    }));
}

function nightEvents(members, page, zone) {
    return members.flatMap(({ member, night_duties }) => night_duties.map((night) => ({
        title: say("night_of", page.name(member)), start: wallClock(night.start, zone), end: wallClock(night.end, zone),
        classNames: ["night"], extendedProps: { order: 1 },
    })));
}

async function swapEvents(page, zone, assignments) {
    const { swaps } = await page.api.team("swaps");
    return swaps.filter((swap) => swap.state === "proposed").flatMap((swap) => [swap.shift, swap.counter]
        .map((shift) => shift && assignments.find((a) => a.rotation === shift.rotation && a.date === shift.date))
        .filter(Boolean)
        .map((a) => ({
            title: say("swap_pending", page.name(a.member), a.member === swap.organizer ? (swap.colleague === null ? "?" : page.name(swap.colleague)) : page.name(swap.organizer)),
            start: wallClock(a.start, zone), end: wallClock(a.end, zone), classNames: ["swap"],
            extendedProps: { day: a.date, order: 1 },
        })));
}

async function incidentEvents(page, zone) {
    const { incidents } = await page.api.team("incidents");
    return incidents.filter((incident) => incident.state !== "cancelled").map((incident) => ({
        title: `${incident.severity.toUpperCase()} ${incident.title}`,
        start: wallClock(incident.event.start, zone),
        end: wallClock(incident.event.end, zone),
        classNames: ["incident"], extendedProps: { order: -1 },
    }));
}

// Events that overlap the dates [from, to), of the kinds that are shown.
export async function calendarEvents(page, from, to, zone, kinds) {
    const span = `from=${from}&to=${to}`;
    const [{ assignments }, { members }] = await Promise.all([page.api.team(`plan?${span}`), page.api.team(`availability?${span}`)]);
    const events = shiftEvents(assignments, page, zone);
    if (kinds.handovers) events.push(...handoverEvents(assignments, page, zone));
    if (kinds.absences) events.push(...absenceEvents(members, page, zone));
    if (kinds.nights) events.push(...nightEvents(members, page, zone));
    if (kinds.swaps) events.push(...await swapEvents(page, zone, assignments));
    if (kinds.incidents) events.push(...await incidentEvents(page, zone));
    return events;
}
