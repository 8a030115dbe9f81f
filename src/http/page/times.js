// Instants on wall clocks, by the browser's own zone rules.
import { currentLanguage } from "./words.js";

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map();

function formatIn(zone, options) {
    const key = zone + JSON.stringify(options) + currentLanguage();
    if (!formats.has(key))
        formats.set(key, new Intl.DateTimeFormat(currentLanguage() === "fr" ? "fr-FR" : "en-GB", { timeZone: zone, ...options }));
    return formats.get(key);
}

function parts(instant, zone) {
    const format = formatIn(zone, {
        hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    return Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
}

// "2026-12-03T09:00:00", as the clocks of that zone show it.
export function wallClock(instant, zone) {
    const p = parts(instant, zone);
    return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}`;
}

export const dayIn = (instant, zone) => wallClock(instant, zone).slice(0, 10);

// "2026-12-03" and a number of days -> "2026-12-05"
export function addDays(day, count) {
    return new Date(Date.parse(`${day}T12:00:00Z`) + count * 86400000).toISOString().slice(0, 10);
}

export const time = (instant, zone) => formatIn(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(instant));

// "Thu 3 Dec, 18:00"
export const moment = (instant, zone) =>
    formatIn(zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(instant));

// A date, of no zone: "Thursday 3 December"
export const longDay = (day) => formatIn("UTC", { weekday: "long", day: "numeric", month: "long" }).format(new Date(`${day}T12:00:00Z`));
export const shortDay = (day) => formatIn("UTC", { weekday: "short", day: "numeric", month: "short" }).format(new Date(`${day}T12:00:00Z`));

export const cityOf = (zone) => zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
